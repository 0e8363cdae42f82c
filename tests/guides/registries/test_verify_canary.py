"""The secret is nowhere to be read after a verification, whatever the hosts answered."""

from __future__ import annotations

import base64
import logging
import secrets
import urllib.parse
from dataclasses import replace

import pytest

from checks.model.secret import Secret
from guides.registries.control import Control
from guides.registries.network import Network
from guides.registries.verification import RegistryLogin
from guides.registries.verify import verify
from tests.guides.registries.conftest import World
from tests.services.answering import BASIC, Answering, Canned, challenge

OK, NO = Canned(200), Canned(401)
TOKEN = Canned(200, b'{"token": "abc"}')

SCENES: dict[str, tuple[list[Canned], list[Canned]]] = {
    "valid": ([BASIC, OK, NO], []),
    "refused": ([BASIC, NO], []),
    "token": ([challenge('Bearer realm="https://auth.example/token"'), OK], [TOKEN, NO]),
    "identity": ([challenge('Bearer realm="https://auth.example/token"'), OK], [TOKEN, NO]),
    "no oauth2": ([challenge('Bearer realm="https://auth.example/token"'), OK], [Canned(404), TOKEN]),
    "cut off": ([BASIC, Canned(raw=b"")], []),
    "odd header": ([BASIC, Canned(raw=b"HTTP/1.1 401 \x1b[2J\r\nbroken\r\n\r\n")], []),
}


@pytest.mark.parametrize("scene", SCENES)
def test_the_secret_is_nowhere_to_be_read(
    world: World,
    control: Control,
    scene: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not in an address, a log, a reason, a repr, the proxy, the state folder, or on the screen; echoed or not."""
    caplog.set_level(logging.DEBUG)
    word = secrets.token_urlsafe(24) + "%/+&=\u00fc"
    forms = [
        word,
        urllib.parse.quote(word),
        urllib.parse.quote_plus(word),
        base64.b64encode(f"alice:{word}".encode()).decode(),
    ]
    echo = tuple((f"X-Echo-{number}", form) for number, form in enumerate(forms) if form.isascii())
    first, second = ([replace(each, headers=(*each.headers, *echo)) for each in answers] for answers in SCENES[scene])
    registry, auth = world.serve("registry.example", *first), world.serve("auth.example", *second)
    given = RegistryLogin("registry.example", "alice", Secret(word), scene in ("identity", "no oauth2"))
    found = verify(given, world.network, realms=("auth.example",), control=control)
    said = [repr(found), repr(given), repr(world.network), caplog.text, *capfd.readouterr()]
    said += [request.target for server in (registry, auth) for request in server.requests]
    said += world.proxy.asked + [path.read_text("latin-1") for path in control.state.path.iterdir()]
    for form in forms:
        assert not [text for text in said if form in text]
    assert found.hosts, "it was sent, or the test proves nothing"


def test_a_server_that_repeats_the_secret(network: Network, control: Control) -> None:
    for status in (200, 400, 401, 403, 404, 429, 500):
        word = Secret(secrets.token_urlsafe(16))
        with Answering([BASIC]) as server:
            server.answers.append(Canned(status, f"no, {word.reveal()}!".encode()))
            server.answers.append(NO)
            found = verify(RegistryLogin(server.host, "alice", word), network, control=control)
        assert word.reveal() not in repr(found)
