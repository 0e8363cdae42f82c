"""Every verdict, from servers that answer as told: faults, limits, lockouts, foreign realms, strangers' texts."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import pytest

from checks.model.secret import Secret
from guides.registries.control import Control
from guides.registries.network import Network
from guides.registries.verification import RegistryLogin, Verdict, Verification
from guides.registries.verify import verify
from tests.guides.registries.conftest import World
from tests.services.answering import BASIC, Answering, Canned, challenge, page
from tests.services.connect_proxy import ConnectProxy

OK, NO = Canned(200), Canned(401)
NAMES = ("registry.example", "auth.example")


def login(registry: str, user: str = "alice", *, identity: bool = False) -> RegistryLogin:
    return RegistryLogin(registry, user, Secret(secrets.token_urlsafe(16)), identity)


def ask(network: Network, control: Control | None, *answers: Canned, identity: bool = False) -> Verification:
    """One verification at a registry on loopback that gives these answers, and no more than it has."""
    with Answering(answers) as server:
        found = verify(login(server.host, identity=identity), network, control=control, clock=lambda: 1_800_000_000)
        assert not server.answers, "answers that nobody asked for"
        assert len(server.requests) == len(answers), "asked more often than meant"
    return found


class TestBasic:
    def test_valid(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, OK, NO)
        assert (found.verdict, found.accepted, found.challenged) == (Verdict.VALID, True, True)

    def test_valid_without_a_control(self, network: Network) -> None:
        found = ask(network, None, BASIC, OK)
        assert (found.verdict, found.control_refused, found.accepted) == (Verdict.VALID, None, False)

    def test_refused_needs_no_control(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, NO)
        assert (found.verdict, found.refused, found.control_refused) == (Verdict.REFUSED, True, None)

    def test_ghcrs_refusal(self, network: Network, control: Control) -> None:
        body = json.dumps({"errors": [{"code": "DENIED", "message": "denied: denied"}]}).encode()
        assert ask(network, control, BASIC, Canned(403, body)).refused

    def test_a_host_that_lets_strangers_in_proves_nothing(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, OK, OK)
        assert (found.verdict, found.control_refused, found.accepted) == (Verdict.UNKNOWN, False, False)
        assert "made-up" in found.reason

    def test_a_control_that_says_nothing(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, OK, Canned(503))
        assert (found.verdict, found.control_refused, found.accepted) == (Verdict.VALID, None, False)
        assert "could not be told" in found.reason

    def test_expired(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, Canned(403, b"Your authorization token has expired."))
        assert found.verdict is Verdict.EXPIRED and found.refused

    def test_limited(self, network: Network, control: Control) -> None:
        scarce = challenge('Bearer realm="https://x/t",error="insufficient_scope"')
        found = ask(network, control, BASIC, scarce, NO)
        assert found.verdict is Verdict.LIMITED and found.accepted

    def test_rate_limited(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, Canned(429, headers=(("Retry-After", "77"),)))
        assert (found.verdict, found.retry_after, found.refused) == (Verdict.RATE_LIMITED, 77, False)

    def test_locked_out(self, network: Network, control: Control) -> None:
        body = b"toomanyrequests: too many failed login attempts for username or IP address"
        found = ask(network, control, BASIC, Canned(429, body, (("X-Retry-After", "1800000060"),)))
        assert (found.verdict, found.retry_after, found.refused) == (Verdict.LOCKED_OUT, 60, False)

    @pytest.mark.parametrize("answer", [Canned(500), Canned(404), page(403), Canned(418), Canned(501)])
    def test_unknown(self, network: Network, control: Control, answer: Canned) -> None:
        found = ask(network, control, BASIC, answer)
        assert found.verdict is Verdict.UNKNOWN and not found.refused

    @pytest.mark.parametrize("answer", [Canned(raw=b""), Canned(missing=3), page(), Canned(407)])
    def test_unreachable_after_the_secret_was_sent(self, network: Network, control: Control, answer: Canned) -> None:
        found = ask(network, control, BASIC, answer)
        assert found.verdict is Verdict.UNREACHABLE and not found.refused
        assert len(found.hosts) == 1, "it may have been read"

    @pytest.mark.parametrize("fault", [Canned(silent=True), Canned(drip=True)])
    def test_slow(self, network: Network, control: Control, fault: Canned) -> None:
        found = ask(replace(network, total_seconds=2), control, BASIC, fault)
        assert found.verdict is Verdict.UNREACHABLE and len(found.hosts) == 1

    def test_no_redirect_is_followed(self, network: Network, control: Control) -> None:
        with Answering() as elsewhere:
            moved = Canned(
                307, headers=(("Location", f"{elsewhere.url}/v2/"), ("Docker-Distribution-Api-Version", "2"))
            )
            found = ask(network, control, BASIC, moved)
            assert found.verdict is Verdict.UNKNOWN
            assert not elsewhere.requests


class TestAnonymousRequest:
    def test_no_authentication(self, network: Network, control: Control) -> None:
        found = ask(network, control, Canned(200))
        assert (found.verdict, found.hosts, found.challenged) == (Verdict.NO_AUTHENTICATION, (), False)

    @pytest.mark.parametrize(
        "answer",
        [
            page(),
            Canned(302, headers=(("Location", "https://portal.example/"),)),
            Canned(511, b"<html>", (("Content-Type", "text/html"),)),
        ],
        ids=["page", "redirect", "network login"],
    )
    def test_a_captive_portal(self, network: Network, control: Control, answer: Canned) -> None:
        found = ask(network, control, answer)
        assert found.verdict in (Verdict.UNREACHABLE, Verdict.UNKNOWN) and found.hosts == ()

    @pytest.mark.parametrize("answer", [Canned(404), Canned(403), Canned(500), challenge(), Canned(400), page(404)])
    def test_no_registry(self, network: Network, control: Control, answer: Canned) -> None:
        found = ask(network, control, answer)
        assert (found.verdict, found.hosts) == (Verdict.UNKNOWN, ())

    @pytest.mark.parametrize("offer", ["Negotiate", "Digest realm=x", 'realm="x"', "\x1b[2J", ","])
    def test_no_way_that_is_known(self, network: Network, control: Control, offer: str) -> None:
        found = ask(network, control, challenge(offer))
        assert (found.verdict, found.hosts, found.challenged) == (Verdict.UNKNOWN, (), False)

    def test_rate_limited(self, network: Network, control: Control) -> None:
        found = ask(network, control, Canned(429, headers=(("Retry-After", "5"),)))
        assert (found.verdict, found.retry_after) == (Verdict.RATE_LIMITED, 5)

    def test_nothing_there(self, network: Network, control: Control) -> None:
        with Answering() as gone:
            host = gone.host
        found = verify(login(host), network, control=control)
        assert (found.verdict, found.hosts) == (Verdict.UNREACHABLE, ())
        nowhere = verify(login("registry.invalid"), network, control=control)
        assert nowhere.verdict is Verdict.UNREACHABLE

    def test_many_and_hostile_headers(self, network: Network, control: Control) -> None:
        hostile = ['Bearer realm="' + "\\" * 20_000, "," * 20_000, "a=b," * 5000, *["Negotiate"] * 30]
        found = ask(network, control, challenge(*hostile, 'Basic realm="late"'))
        assert (found.verdict, found.realm, found.hosts) == (Verdict.REFUSED_REALM, "", ())
        assert ask(network, control, challenge(*hostile[:3], 'Basic realm="in time"'), NO).refused

    def test_a_huge_body(self, network: Network, control: Control) -> None:
        huge = Canned(401, b"x" * 3_000_000, (("WWW-Authenticate", "Basic"),))
        assert ask(network, control, huge, NO).refused

    def test_it_carries_nothing(self, network: Network, control: Control) -> None:
        with Answering([BASIC, NO]) as server:
            verify(login(server.host), network, control=control)
            assert server.requests[0].authorization is None
            assert [request.target for request in server.requests] == ["/v2/", "/v2/"]


class TestWhatIsNotSent:
    @pytest.mark.parametrize("user", ["al:ice", "al\nice", "al\x00ice", "al\x7fice"])
    def test_a_name_that_basic_cannot_carry(self, network: Network, control: Control, user: str) -> None:
        for offers in ([BASIC], [challenge('Bearer realm="http://127.0.0.1:1/token"')]):
            with Answering(offers) as server:
                found = verify(login(server.host, user), network, control=control)
                assert (found.verdict, found.hosts) == (Verdict.UNKNOWN, ())
                assert "cannot carry" in found.reason and user not in found.reason
                assert len(server.requests) == 1

    def test_a_secret_with_a_line_end(self, network: Network, control: Control) -> None:
        with Answering([BASIC]) as server:
            bad = RegistryLogin(server.host, "alice", Secret(secrets.token_hex(8) + "\n"))
            assert verify(bad, network, control=control).hosts == ()

    def test_no_secret_and_no_registry(self, network: Network, control: Control) -> None:
        empty = RegistryLogin("registry.example", "alice", Secret(""))
        assert verify(empty, network, control=control).verdict is Verdict.UNKNOWN
        assert verify(login("not a host"), network, control=control).verdict is Verdict.UNKNOWN

    def test_an_identity_token_for_basic(self, network: Network, control: Control) -> None:
        found = ask(network, control, BASIC, identity=True)
        assert (found.verdict, found.hosts) == (Verdict.UNKNOWN, ())

    @pytest.mark.parametrize("repository", ["", "/a", "a/../b", "A", "a b", "a?x", "a" * 256, "a/", "a:1", "a--_b"])
    def test_a_repository_that_none_can_be(self, network: Network, repository: str) -> None:
        with pytest.raises(ValueError, match="repository"):
            verify(login("registry.example"), network, repository=repository, control=None)

    @pytest.mark.parametrize("actions", [(), ("pull,push",), ("pull scope",), ("pull", "x")])
    def test_actions_that_there_are_not(self, network: Network, actions: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="actions"):
            verify(login("registry.example"), network, repository="a", actions=actions, control=None)


class TestTls:
    def test_a_wrong_certificate_is_no_reason_for_http(self, network: Network, control: Control, world: World) -> None:
        server = world.serve("registry.example", BASIC, trusted=False)
        declared = replace(world.network, insecure=frozenset({"registry.example"}))
        found = verify(login("registry.example"), declared, control=control)
        assert (found.verdict, found.hosts, found.refused) == (Verdict.TLS_ERROR, (), False)
        assert not server.requests

    def test_the_token_services_certificate(self, world: World, control: Control) -> None:
        world.serve("registry.example", challenge('Bearer realm="https://auth.example/token"'))
        auth = world.serve("auth.example", trusted=False)
        found = verify(login("registry.example"), world.network, realms=("auth.example",), control=control)
        assert (found.verdict, found.hosts) == (Verdict.TLS_ERROR, ())
        assert not auth.requests

    def test_over_tls(self, world: World, control: Control) -> None:
        server = world.serve("registry.example", BASIC, OK, NO)
        found = verify(login("registry.example"), world.network, control=control)
        assert found.accepted and found.hosts == ("registry.example",)
        assert len(server.requests) == 3

    def test_a_refusal_over_http_proves_nothing(self, network: Network, control: Control) -> None:
        with Answering([BASIC, NO]) as server, ConnectProxy({"registry.example:5000": server.port}) as proxy:
            plain = replace(
                network,
                environment={"HTTP_PROXY": f"http://{proxy.host}", "HTTPS_PROXY": f"http://{proxy.host}"},
                insecure=frozenset({"registry.example:5000"}),
            )
            found = verify(login("registry.example:5000"), plain, control=control)
        assert (found.verdict, found.refused) == (Verdict.REFUSED, False)
        assert "plain http" in found.reason
        assert found.hosts == ("registry.example:5000", proxy.host)

    def test_without_tls_only_where_it_is_declared(self, network: Network, control: Control) -> None:
        with Answering([BASIC, NO]) as server, ConnectProxy({"registry.example:5000": server.port}) as proxy:
            through = replace(network, environment={"ALL_PROXY": f"http://{proxy.host}"})
            found = verify(login("registry.example:5000"), through, control=control)
            assert found.verdict in (Verdict.TLS_ERROR, Verdict.UNREACHABLE)
            assert not server.requests


def test_nobody_is_asked_twice(network: Network, control: Control) -> None:
    """The control of a host is remembered: a second login there costs two requests."""
    with Answering([BASIC, OK, NO, BASIC, OK]) as server:
        for _ in range(2):
            assert verify(login(server.host), network, control=control).accepted
        assert len(server.requests) == 5
