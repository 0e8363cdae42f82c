"""Token services: what is asked of them, what a token proves, and where a secret may go."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.parse
from collections.abc import Sequence

import pytest

from checks.model.secret import Secret
from guides.registries.control import Control
from guides.registries.verification import RegistryLogin, Verdict, Verification
from guides.registries.verify import verify
from tests.guides.registries.conftest import World
from tests.services.answering import Answering, Canned, challenge, page

OK, NO = Canned(200), Canned(401)


def login(registry: str, user: str = "alice", *, identity: bool = False) -> RegistryLogin:
    return RegistryLogin(registry, user, Secret(secrets.token_urlsafe(16)), identity)


def token(value: str = "abc", **more: object) -> Canned:
    return Canned(200, json.dumps({"token": value, **more}).encode())


def jwt(access: object) -> str:
    parts = ({"alg": "none"}, {"access": access})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".sig"


class TestTokens:
    def serve(self, world: World, *answers: Canned, registry: Sequence[Canned] = ()) -> tuple[Answering, Answering]:
        offer = challenge('Bearer realm="https://auth.example/token?x=1",service="the service"')
        return world.serve("registry.example", offer, *registry), world.serve("auth.example", *answers)

    def ask(self, world: World, control: Control | None, **more: object) -> Verification:
        given = login("registry.example", identity=bool(more.pop("identity", False)))
        return verify(given, world.network, realms=("auth.example",), control=control, **more)  # type: ignore[arg-type]

    def test_what_is_asked(self, world: World, control: Control) -> None:
        registry, auth = self.serve(world, token("t-1"), NO, registry=[OK])
        found = self.ask(world, control)
        assert found.accepted, found.reason
        assert (found.hosts, found.realm) == (("auth.example",), "auth.example")
        asked = urllib.parse.urlsplit(auth.requests[0].target)
        fields = urllib.parse.parse_qs(asked.query, keep_blank_values=True)
        assert asked.path == "/token"
        assert fields == {"x": ["1"], "service": ["the service"], "client_id": ["dockhygiene"], "account": ["alice"]}
        assert registry.requests[1].headers["authorization"] == "Bearer t-1"
        assert [request.method for request in auth.requests] == ["GET", "GET"]

    def test_an_identity_token(self, world: World, control: Control) -> None:
        _, auth = self.serve(
            world, Canned(200, b'{"access_token": "t"}'), Canned(400, b'{"error": "invalid_grant"}'), registry=[OK]
        )
        found = self.ask(world, control, identity=True)
        assert found.accepted, found.reason
        fields = urllib.parse.parse_qs(auth.requests[0].body.decode())
        assert fields["grant_type"] == ["refresh_token"] and fields["client_id"] == ["dockhygiene"]
        assert fields["service"] == ["the service"] and "push" not in str(fields["scope"])
        assert auth.requests[0].target == "/token?x=1"
        assert auth.requests[0].authorization is None

    @pytest.mark.parametrize("status", [404, 405])
    def test_an_identity_token_where_there_is_no_oauth2(self, world: World, control: Control, status: int) -> None:
        _, auth = self.serve(world, Canned(status), token(), Canned(status), NO, registry=[OK])
        assert self.ask(world, control, identity=True).accepted
        assert [request.method for request in auth.requests] == ["POST", "GET", "POST", "GET"]

    def test_no_oauth2_and_a_name_that_basic_cannot_carry(self, world: World, control: Control) -> None:
        _, auth = self.serve(world, Canned(404))
        colon = login("registry.example", "al:ice", identity=True)
        found = verify(colon, world.network, realms=("auth.example",), control=control)
        assert (found.verdict, len(auth.requests)) == (Verdict.UNKNOWN, 1)
        assert "colon" in found.reason and found.hosts == ("auth.example",)

    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [
            (NO, Verdict.REFUSED),
            (Canned(403, b'{"errors":[{"code":"DENIED"}]}'), Verdict.REFUSED),
            (Canned(401, b"the token has expired"), Verdict.EXPIRED),
            (Canned(429), Verdict.RATE_LIMITED),
            (Canned(423), Verdict.LOCKED_OUT),
            (Canned(500), Verdict.UNKNOWN),
            (Canned(200, b"{}"), Verdict.UNKNOWN),
            (Canned(200, b"[" * 60_000), Verdict.UNKNOWN),
            (Canned(200, b'{"token": 5, "access_token": ["x"]}'), Verdict.UNKNOWN),
            (token("two\r\nlines"), Verdict.UNKNOWN),
            (token("a" * 40_000), Verdict.UNKNOWN),
            (Canned(200, json.dumps({"token": "t", "x": "y" * 70_000}).encode()), Verdict.UNKNOWN),
            (page(), Verdict.UNREACHABLE),
            (Canned(302, headers=(("Location", "https://registry.example/"),)), Verdict.UNREACHABLE),
            (Canned(raw=b""), Verdict.UNREACHABLE),
        ],
    )
    def test_the_token_services_answers(self, world: World, control: Control, answer: Canned, verdict: Verdict) -> None:
        registry, auth = self.serve(world, answer)
        found = self.ask(world, control)
        assert found.verdict is verdict, found.reason
        assert found.hosts == ("auth.example",)
        assert (len(registry.requests), len(auth.requests)) == (1, 1), "one attempt, no retry"

    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [
            (NO, Verdict.LIMITED),
            (Canned(403), Verdict.LIMITED),
            (Canned(429), Verdict.RATE_LIMITED),
            (Canned(500), Verdict.UNKNOWN),
            (Canned(raw=b""), Verdict.UNREACHABLE),
        ],
    )
    def test_a_token_is_no_proof(self, world: World, control: Control, answer: Canned, verdict: Verdict) -> None:
        self.serve(world, token(), NO, registry=[answer])
        found = self.ask(world, control)
        assert found.verdict is verdict, found.reason

    def test_a_token_for_everybody_that_opens_nothing(self, world: World, control: Control) -> None:
        self.serve(world, token(), token(), registry=[NO, NO])
        found = self.ask(world, control)
        assert (found.verdict, found.control_refused) == (Verdict.UNKNOWN, False)

    def test_a_token_for_everybody_that_opens_all(self, world: World, control: Control) -> None:
        self.serve(world, token(), token(), registry=[OK, OK])
        assert self.ask(world, control).verdict is Verdict.UNKNOWN

    def test_a_token_for_everybody_and_a_registry_that_knows_better(self, world: World, control: Control) -> None:
        self.serve(world, token(), token(), registry=[OK, NO])
        assert self.ask(world, control).accepted

    def test_the_secret_as_user_name_stays_out_of_the_address(self, world: World) -> None:
        """DigitalOcean's registry takes the token for both."""
        _, auth = self.serve(world, token(), registry=[OK])
        word = secrets.token_urlsafe(16)
        both = RegistryLogin("registry.example", word, Secret(word))
        assert verify(both, world.network, realms=("auth.example",), control=None).verdict is Verdict.VALID
        assert word not in auth.requests[0].target and "account" not in auth.requests[0].target

    RIGHTS = (
        (
            jwt([{"type": "repository", "name": "team/app", "actions": ["pull", "push"]}]),
            ("pull", "push"),
            Verdict.VALID,
        ),
        (jwt([{"type": "repository", "name": "team/app", "actions": ["push"]}]), ("push",), Verdict.LIMITED),
        (jwt([{"type": "repository", "name": "team/app", "actions": ["*"]}]), ("*",), Verdict.VALID),
        (jwt([{"type": "repository", "name": "other", "actions": ["pull"]}]), (), Verdict.LIMITED),
        (jwt([]), (), Verdict.LIMITED),
        (jwt([5, {"type": "repository", "name": "team/app", "actions": "pull"}]), (), Verdict.LIMITED),
    )

    @pytest.mark.parametrize(("given", "granted", "verdict"), RIGHTS)
    def test_rights_that_a_token_names(
        self, world: World, control: Control, given: str, granted: tuple[str, ...], verdict: Verdict
    ) -> None:
        _, auth = self.serve(world, token(), NO, token(given), registry=[OK])
        found = self.ask(world, control, repository="team/app")
        assert (found.verdict, found.granted) == (verdict, granted)
        assert urllib.parse.parse_qs(auth.requests[2].target)["scope"] == ["repository:team/app:pull"]

    @pytest.mark.parametrize(
        ("answers", "tried", "granted", "verdict"),
        [
            ([token("opaque")], [OK], ("pull",), Verdict.VALID),
            ([token("a.b.c")], [Canned(404)], ("pull",), Verdict.VALID),
            ([token(jwt(None))], [NO], (), Verdict.LIMITED),
            ([token("opaque")], [Canned(500)], (), Verdict.VALID),
            ([token("opaque")], [page(404)], (), Verdict.VALID),
            ([token("opaque")], [Canned(raw=b"")], (), Verdict.VALID),
            ([NO], [], (), Verdict.LIMITED),
            ([Canned(403)], [], (), Verdict.LIMITED),
            ([Canned(429)], [], (), Verdict.VALID),
            ([Canned(raw=b"")], [], (), Verdict.VALID),
            ([Canned(200)], [], (), Verdict.VALID),
        ],
    )
    def test_rights_that_are_tried(
        self,
        world: World,
        control: Control,
        answers: list[Canned],
        tried: list[Canned],
        granted: tuple[str, ...],
        verdict: Verdict,
    ) -> None:
        registry, _ = self.serve(world, token(), NO, *answers, registry=[OK, *tried])
        found = self.ask(world, control, repository="team/app", actions=("pull", "push"))
        assert (found.verdict, found.granted) == (verdict, granted), found.reason
        assert found.accepted
        assert all(request.method == "GET" for request in registry.requests), "nothing is ever written there"

    def test_rights_are_asked_only_of_what_works(self, world: World, control: Control) -> None:
        registry, auth = self.serve(world, NO)
        assert self.ask(world, control, repository="team/app").refused
        assert (len(registry.requests), len(auth.requests)) == (1, 1)


class TestRealms:
    def test_a_foreign_realm_is_asked_about_first(self, world: World, control: Control) -> None:
        world.serve("registry.example", challenge('Bearer realm="https://auth.example/token"'))
        auth = world.serve("auth.example")
        found = verify(login("registry.example"), world.network, control=control)
        assert (found.verdict, found.realm, found.hosts) == (Verdict.REFUSED_REALM, "auth.example", ())
        assert not auth.requests and not found.refused

    def test_a_realm_that_nobody_may_allow(self, world: World, control: Control) -> None:
        world.serve("registry.example", challenge('Bearer realm="https://169.254.169.254/token"'))
        found = verify(login("registry.example"), world.network, realms=("169.254.169.254",), control=control)
        assert (found.verdict, found.realm, found.hosts) == (Verdict.REFUSED_REALM, "", ())

    def test_basic_where_the_realm_is_refused(self, world: World, control: Control) -> None:
        world.serve("registry.example", challenge('Bearer realm="https://auth.example/token"', "Basic"), OK, NO)
        found = verify(login("registry.example"), world.network, control=control)
        assert found.accepted and found.hosts == ("registry.example",)

    def test_docker_hub(self, world: World, control: Control) -> None:
        offer = challenge('Bearer realm="https://auth.docker.io/token",service="registry.docker.io"')
        world.serve("registry-1.docker.io", offer, OK)
        world.serve("auth.docker.io", token(), Canned(401, b'{"details":"incorrect username or password"}'))
        found = verify(login("docker.io"), world.network, control=control)
        assert found.accepted and found.registry == "docker.io"
        assert (found.hosts, found.realm) == (("auth.docker.io",), "auth.docker.io")
