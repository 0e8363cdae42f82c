"""The real SDK of the extra kingfisher, asked about a token of a made-up issuer on loopback, by a rule of our own.

What the SDK's own rules send to real issuers is not tried here: no test connects to one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import StepId
from guides.registries.kingfisher import Kingfisher, KingfisherFailure, Known
from guides.steps import kingfisher as steps
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.checks.conftest import random_password, random_token
from tests.checks.detect.test_second_engine import state_of
from tests.guides.case.scene import Scene, act

pytestmark = pytest.mark.skipif(find_spec("kingfisher_sdk") is None, reason="pip install dockhygiene[kingfisher]")
PREFIX = "lptk_"
RULE = """rules:
  - name: Loopback token
    id: custom.loopback.1
    pattern: '\\b(lptk_[A-Za-z0-9]{40})\\b'
    min_entropy: 2.0
    confidence: medium
    examples: []
    validation: {type: Http, content: {request: {
      method: GET, url: "URL/whoami", headers: {Authorization: "Bearer {{ TOKEN }}"},
      response_matcher: [{report_response: true}, {type: StatusMatch, status: [200]}]}}}
    revocation: {type: Http, content: {request: {
      method: DELETE, url: "URL/token", headers: {Authorization: "Bearer {{ TOKEN }}"},
      response_matcher: [{report_response: true}, {type: StatusMatch, status: [204]}]}}}
"""


class Issuer(ThreadingHTTPServer):
    """Accepts the tokens that it knows until they are deleted, and notes what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.live: set[str] = set()
        self.asked: list[str] = []


class Answering(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        self.server.asked.append("GET")
        self._end(200 if self._token() in self.server.live else 401)

    def do_DELETE(self) -> None:
        self.server.asked.append("DELETE")
        self.server.live.discard(self._token())
        self._end(204)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _end(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        pass


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def rule(tmp_path: Path, issuer: Issuer) -> Path:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.replace("URL", f"http://127.0.0.1:{issuer.server_address[1]}"))
    return path


def test_asks_and_revokes_and_names_the_host(tmp_path: Path, issuer: Issuer, rule: Path) -> None:
    secret = Secret(random_token(PREFIX, 40))
    issuer.live.add(secret.reveal())
    asking = Kingfisher(tmp_path, rules=[rule], inside=True)
    known = asking.know(secret, ("A_TOKEN",))
    assert known and (known.hosts, known.revoking_hosts, known.revocable) == (("127.0.0.1",), ("127.0.0.1",), True)
    assert not issuer.asked, "to know it sends nothing"
    assert secret.reveal() not in repr(known)
    heard = asking.ask(known)
    assert heard.accepted is True and secret.reveal() not in repr(heard)
    assert asking.revoke(heard).startswith("the issuer took it")
    assert asking.ask(known).accepted is False
    assert issuer.asked == ["GET", "DELETE", "GET"]
    assert asking.know(Secret(random_password()), ("A_TOKEN",)) is None


def test_an_issuer_that_is_away_says_nothing_of_the_secret(tmp_path: Path, issuer: Issuer, rule: Path) -> None:
    asking = Kingfisher(tmp_path, rules=[rule], inside=True)
    known = asking.know(Secret(random_token(PREFIX, 40)), ("A_TOKEN",))
    assert known
    issuer.server_close()
    assert asking.ask(known).accepted is None
    unheard = asking.ask(known)
    with pytest.raises(KingfisherFailure):
        asking.revoke(unheard)


def test_a_broken_rule_is_a_failure_that_quotes_nothing(tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text("rules: [{name: x}]\n")
    with pytest.raises(KingfisherFailure, match="cannot be started"):
        Kingfisher(tmp_path, rules=[tmp_path / "rule.yaml"])


def test_its_own_rules_name_the_hosts(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    base = base.parent if base.name.startswith("popen-") else base
    asking = Kingfisher(state_of(base / "second-engine"))  # where the second engine's tests compile them
    token = random_token("hf_", 34).translate(str.maketrans("0123456789", "ghijklmnop"))
    known = asking.know(Secret(token), ("HF_TOKEN",))
    assert isinstance(known, Known) and known.hosts == ("huggingface.co",)


def test_in_the_steps_of_a_case(tmp_path: Path, issuer: Issuer, rule: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for each time: the evidence, the new one, the end of the old one, and its proof."""
    monkeypatch.setattr(steps, "Kingfisher", partial(Kingfisher, rules=[rule], inside=True))
    tmp_path.chmod(0o700)
    scene = Scene(tmp_path, Secret(random_token(PREFIX, 40)))
    new = Secret(random_token(PREFIX, 40))
    env = scene.write("shop/.env", f"SHOP_API_TOKEN={scene.secret.reveal()}\n")
    with scene.walk(scene.credential(env)) as walk:
        assert walk.case.provider == "other"
        offer = next(one for one in actions_of(walk, STEPS[StepId.EVIDENCE]) if one.id == "kingfisher").prepare()
        assert offer.confirm and any("is sent to 127.0.0.1" in effect for effect in offer.effects)
        assert not issuer.asked
        with pytest.raises(StepFailed, match="never seen to be accepted"):  # a refusal alone is no proof
            act(walk, StepId.REVOKE, "kingfisher-prove", word="revoke")
        issuer.live |= {scene.secret.reveal(), new.reveal()}
        with pytest.raises(StepFailed, match="still accepts"):
            act(walk, StepId.REVOKE, "kingfisher-prove", word="revoke")
        act(walk, StepId.EVIDENCE, "kingfisher")
        act(walk, StepId.GENERATE, "paste", secret=new)
        act(walk, StepId.TEST, "kingfisher")
        assert walk.case.new and walk.case.new.accepted
        lines = act(walk, StepId.REVOKE, "kingfisher", word="revoke")
        assert any(line.startswith("Proven: refused by 127.0.0.1") for line in lines)
        assert walk.case.old.dead and walk.old() is None
        assert [one.id for one in actions_of(walk, STEPS[StepId.REVOKE])] == ["reopen"]
    assert issuer.live == {new.reveal()}
    kept = "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))
    assert scene.secret.reveal() not in kept and new.reveal() not in kept
