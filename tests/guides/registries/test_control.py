"""The negative control: never a real name, once a day, remembered without a secret."""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import stat
from collections.abc import Iterator

import pytest

from checks.files.state import StateFolder
from checks.model.secret import Secret
from guides.registries.control import Control, made_up, tells_apart
from guides.registries.network import Network
from guides.registries.sign_in import Door
from guides.registries.verification import RegistryLogin, Verdict
from tests.services.answering import BASIC, Answering, Canned

REFUSED = Canned(401)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed(control: Control, clock: Clock) -> Control:
    return Control(control.state, clock)


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering() as server:
        yield server


def alice(server: Answering, *, identity: bool = False) -> RegistryLogin:
    return RegistryLogin(server.host, "alice", Secret(secrets.token_urlsafe(12)), identity)


def asked(control: Control, server: Answering, network: Network, *answers: Canned) -> tuple[Verdict, int]:
    """The control's verdict, and how many requests it took."""
    before = len(server.requests)
    server.answers = list(answers)
    verdict = control.verdict(Door(server.url), alice(server), network)
    return verdict, len(server.requests) - before


def test_nobodys_name_and_nobodys_secret(timed: Control, server: Answering, network: Network) -> None:
    login = alice(server)
    server.answers = [REFUSED]
    assert timed.verdict(Door(server.url), login, network) is Verdict.REFUSED
    user, _, word = base64.b64decode(server.requests[0].headers["authorization"].split()[1]).decode().partition(":")
    assert user.startswith("dockhygiene-check-") and len(word) >= 32
    assert Secret(word) != login.secret
    kept = (timed.state.path / "controls.json").read_text()
    assert word not in kept and user not in kept and "alice" not in kept
    assert stat.S_IMODE((timed.state.path / "controls.json").stat().st_mode) == 0o600


def test_it_is_another_one_each_time(server: Answering) -> None:
    login = alice(server, identity=True)
    one, other = made_up(login), made_up(login)
    assert one.identity and one.username != other.username and one.secret != other.secret


@pytest.mark.parametrize(("answer", "verdict"), [(REFUSED, Verdict.REFUSED), (Canned(200), Verdict.VALID)])
def test_once_a_day(
    timed: Control, clock: Clock, server: Answering, network: Network, answer: Canned, verdict: Verdict
) -> None:
    assert asked(timed, server, network, answer) == (verdict, 1)
    assert asked(timed, server, network) == (verdict, 0)
    clock.now += 24 * 3600 - 1
    assert asked(timed, server, network) == (verdict, 0)
    clock.now += 1
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)


def test_neither_yes_nor_no_is_remembered_for_an_hour(
    timed: Control, clock: Clock, server: Answering, network: Network
) -> None:
    assert asked(timed, server, network, Canned(429)) == (Verdict.RATE_LIMITED, 1)
    assert asked(timed, server, network) == (Verdict.RATE_LIMITED, 0)
    clock.now += 3600
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)


def test_no_answer_counts_for_nothing(timed: Control, server: Answering, network: Network) -> None:
    assert asked(timed, server, network, Canned(raw=b"")) == (Verdict.UNREACHABLE, 1)
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)


def test_a_clock_that_went_back(timed: Control, clock: Clock, server: Answering, network: Network) -> None:
    assert asked(timed, server, network, REFUSED)[1] == 1
    clock.now -= 10
    assert asked(timed, server, network, REFUSED)[1] == 1


def test_each_endpoint_and_way_has_its_own(timed: Control, server: Answering, network: Network) -> None:
    with Answering([REFUSED]) as other:
        asked(timed, server, network, REFUSED)
        assert timed.verdict(Door(other.url), alice(other), network) is Verdict.REFUSED
        assert len(other.requests) == 1
    login = alice(server, identity=True)
    assert Door(server.url).endpoint(login) == f"{server.host} basic"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 50_000,
        b'{"HOST basic": 1}',
        b'{"HOST basic": [NaN, "refused"]}',
        b'{"HOST basic": ["1", "refused"]}',
        b'{"HOST basic": [1800000000, "splendid"]}',
        b'{"HOST basic": [1e400, "refused"]}',
        b'{"HOST basic": [true, "refused", 1]}',
    ],
)
def test_a_memory_that_makes_no_sense(timed: Control, server: Answering, network: Network, content: bytes) -> None:
    timed.state.write("controls.json", content.replace(b"HOST", server.host.encode()))
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)
    assert asked(timed, server, network) == (Verdict.REFUSED, 0)


def test_the_memory_is_bounded(timed: Control, clock: Clock, server: Answering, network: Network) -> None:
    many = {f"r{number}.example basic": [clock.now - number, "refused"] for number in range(5000)}
    timed.state.write("controls.json", json.dumps(many).encode())
    asked(timed, server, network, REFUSED)
    kept = json.loads((timed.state.path / "controls.json").read_text())
    assert len(kept) == 1000 and f"{server.host} basic" in kept


def test_a_state_folder_that_cannot_be_written(
    timed: Control, server: Answering, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: StateFolder, name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(StateFolder, "_write", full)
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)


def test_a_state_folder_that_went_away(timed: Control, server: Answering, network: Network) -> None:
    shutil.rmtree(timed.state.path)
    assert asked(timed, server, network, REFUSED) == (Verdict.REFUSED, 1)


@pytest.mark.parametrize(
    ("verdict", "control", "means"),
    [
        (Verdict.VALID, Verdict.REFUSED, True),
        (Verdict.LIMITED, Verdict.REFUSED, True),
        (Verdict.VALID, Verdict.EXPIRED, True),
        (Verdict.VALID, Verdict.LIMITED, True),
        (Verdict.LIMITED, Verdict.LIMITED, False),
        (Verdict.VALID, Verdict.VALID, False),
        (Verdict.LIMITED, Verdict.VALID, False),
        (Verdict.VALID, Verdict.RATE_LIMITED, None),
        (Verdict.VALID, Verdict.LOCKED_OUT, None),
        (Verdict.VALID, Verdict.UNKNOWN, None),
        (Verdict.VALID, Verdict.UNREACHABLE, None),
    ],
)
def test_what_it_means(verdict: Verdict, control: Verdict, means: bool | None) -> None:
    assert tells_apart(verdict, control) is means


def test_a_challenge_is_no_part_of_it(timed: Control, server: Answering, network: Network) -> None:
    """The control goes where the login went: it does not ask the registry anew how to come in."""
    assert asked(timed, server, network, BASIC) == (Verdict.REFUSED, 1)
    assert server.requests[0].authorization is not None
