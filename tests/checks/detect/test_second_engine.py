"""The second engine, with the real SDK: what it finds, that it waits, and that it stays in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.detect import second_engine, second_engine_package
from checks.detect.second_engine import NotLooked, SecondEngine, begin, second_findings
from checks.model.finding import Confidence, Severity
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from tests.checks.conftest import random_token
from tests.services.require import require

ROOT = Path(__file__).parents[3]
LOOK = """
import sys
from pathlib import Path
from checks.detect import second_engine
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
home = Path(sys.argv[1])
here = Workstation(home, {}, FingerprintKey(bytes(32)))
found = second_engine.second_findings(sys.stdin.buffer.read(), "notes.txt", here)
engine = second_engine._engine(second_engine._state_of(here))
print(len(found), engine._scanner.rules.cache_status)
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Workstation:
    """A workstation whose state folder all tests of a run share: the rules are compiled once."""
    if find_spec("kingfisher_sdk") is None:
        pytest.skip("the extra is not installed: pip install dockhygiene[kingfisher]")
    base = tmp_path_factory.getbasetemp()
    base = base.parent if base.name.startswith("popen-") else base
    home = base / "second-engine"
    state_of(home)
    return Workstation(home, {}, FingerprintKey(bytes(32)))


def state_of(home: Path) -> Path:
    state = home / ".local" / "state" / "dockhygiene"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    return state


def never() -> bool:
    return False


def hugging_face() -> str:
    """A kind of token whose rule asks for nothing around it."""
    return random_token("hf_", 34).translate(str.maketrans("0123456789", "ghijklmnop"))


def test_finds_a_token_where_it_stands(here: Workstation) -> None:
    token = hugging_face()
    data = f"# \u00e9\u4e16 first\nname = '{token}'\n".encode()
    (found,) = second_findings(data, "src/settings.py", here)
    assert data[found.start : found.end] == token.encode()
    assert found.secret == Secret(token)
    assert (found.rule, found.severity) == ("kingfisher-huggingface-access-token", Severity.HIGH)
    assert found.confidence is Confidence.LIKELY
    assert found.secret.masked == f"hf_...{token[-4:]}"


def test_a_sample_is_only_possible(here: Workstation) -> None:
    (found,) = second_findings(hugging_face().encode(), "docs/readme.md", here)
    assert found.confidence is Confidence.POSSIBLE


@pytest.mark.parametrize(
    "path",
    ["go.sum", "a.svg", "node_modules/x/a.js", "package-lock.json", "a.html", "b.css", "deep/a\udcff.YAML", "x/"],
)
def test_no_text_is_passed_over_for_its_name(here: Workstation, path: str) -> None:
    token = random_token("polar_oat_", 43)
    assert [one.secret for one in second_findings(f"it is '{token}'\n".encode(), path, here)] == [Secret(token)]


def test_what_is_published_is_no_secret(here: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    token = hugging_face()
    monkeypatch.setattr(second_engine, "is_public_sample", lambda value: value == token)
    assert second_findings(token.encode(), "a.txt", here) == []


def test_nothing_of_a_secret_is_in_what_is_printed(here: Workstation, capfd: pytest.CaptureFixture[str]) -> None:
    token = hugging_face()
    found = second_findings(f"key: {token}\n".encode(), "a.txt", here)
    assert found and token[3:-4] not in repr(found)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_bytes_that_are_not_utf8_do_not_move_the_place(here: Workstation, encoding: str) -> None:
    token = hugging_face()
    data = "caf\u00e9 \u00fc\n".encode(encoding) * 3 + b"\xff\xfe\x80 key = '" + token.encode() + b"'\n"
    (found,) = second_findings(data, "a.txt", here)
    assert data[found.start : found.end] == token.encode()


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("before", [0, second_engine._PIECE])
def test_bytes_like_a_mark_do_not_hide_a_piece(here: Workstation, mark: bytes, before: int) -> None:
    token = hugging_face().encode()
    data = b"=" * before + mark + b" " * second_engine._SHARED + b"\n" + token
    (found,) = second_findings(data, "a.txt", here)
    assert data[found.start : found.end] == token


def test_a_secret_with_such_bytes_is_kept_whole(here: Workstation) -> None:
    body = b"MII" + random_token("", 120).encode() + b"\xe9\xff" + random_token("", 60).encode()
    data = b"x\n-----BEGIN RSA PRIVATE " + b"KEY-----\n" + body + b"\n-----END RSA PRIVATE " + b"KEY-----\n"
    (found,) = second_findings(data, "a.txt", here)
    assert found.secret == Secret(data[found.start : found.end].decode("utf-8", "surrogateescape"))
    assert body in data[found.start : found.end]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.binary(max_size=200), after=st.binary(max_size=200))
def test_any_bytes_around_a_token(here: Workstation, before: bytes, after: bytes) -> None:
    token = hugging_face().encode()
    data = before + b"\n" + token + b"\n" + after
    found = second_findings(data, "a.txt", here)
    assert all(0 <= one.start < one.end <= len(data) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    if before.isascii() and after.isascii():
        assert token in [data[one.start : one.end] for one in found]


def test_a_marker_does_not_hide_it_here(here: Workstation) -> None:
    """Markers are read in one place, which counts what they hide."""
    assert second_findings(f"{hugging_face()}  # kingfisher:ignore\n".encode(), "a.py", here)


def test_a_list_of_secrets_ends_somewhere(here: Workstation) -> None:
    data = "\n".join(hugging_face() for _ in range(second_engine.MOST_FOUND + 20)).encode()
    assert len(second_findings(data, "a.txt", here)) == second_engine.MOST_FOUND


def test_an_empty_text(here: Workstation) -> None:
    assert second_findings(b"", "a.txt", here) == []


def test_a_text_that_comes_too_early_waits(here: Workstation) -> None:
    second_findings(b"the rules are compiled now", "a.txt", here)
    engine = SecondEngine(state_of(here.home))
    engine.begin()
    assert not engine.ready
    assert len(engine.look(hugging_face().encode(), "a.txt", never)) == 1
    assert engine.ready


def test_waiting_can_be_cancelled(here: Workstation) -> None:
    engine = SecondEngine(state_of(here.home))
    engine.begin()
    with pytest.raises(NotLooked, match="cancelled before"):
        engine.look(b"text", "a.txt", lambda: True)
    assert engine.look(hugging_face().encode(), "a.txt", never)


def test_a_long_text_can_be_cancelled(here: Workstation) -> None:
    asked = iter([False, True])
    engine = second_engine._engine(state_of(here.home))
    with pytest.raises(NotLooked, match="cancelled while"):
        engine.look(b"text\n" * (2 << 20), "a.txt", lambda: next(asked))
    assert next(asked, None) is None


@pytest.mark.parametrize("shift", [-60, -20, -1, 0, 1, 20])
@pytest.mark.parametrize("edge", [second_engine._PIECE, second_engine._PIECE + second_engine._SHARED])
def test_what_lies_across_two_pieces_is_found_once(here: Workstation, edge: int, shift: int) -> None:
    token = hugging_face().encode()
    at = edge + shift
    data = b"=" * (at - 1) + b" " + token + b" " + b"=" * 100_000 + b" " + token + b"\n"
    found = second_findings(data, "a.txt", here)
    assert [(one.start, one.end) for one in found] == [(at, at + 37), (len(data) - 38, len(data) - 1)]
    assert {one.secret for one in found} == {Secret(token.decode())}


@given(size=st.integers(0, 4000), piece=st.integers(1, 500), shared=st.integers(0, 200))
def test_pieces_are_the_whole_text(size: int, piece: int, shared: int) -> None:
    data = bytes(number % 251 for number in range(size))  # no byte of a mark
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_engine, "_PIECE", piece)
        patch.setattr(second_engine, "_SHARED", shared)
        pieces = list(second_engine._pieces(data))
    whole, end = b"", 0
    for offset, part in pieces:
        assert offset <= end
        whole += part[end - offset :]
        end = offset + len(part)
    assert whole == data


def test_a_text_that_takes_too_long_is_told(here: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_engine, "_SECONDS", 0.000_001)
    with pytest.raises(NotLooked, match="took more than"):
        second_findings(hugging_face().encode() * 1000, "a.txt", here)


def test_what_cannot_be_started_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_engine.py").write_text("raise ImportError('a library is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(second_engine, "MODULE", "broken_engine")
    engine = SecondEngine(None)
    for _ in range(2):  # it is not tried again, and is told of every text
        with pytest.raises(NotLooked, match=r"cannot be started \(ImportError\)"):
            engine.look(b"text", "a.txt", never)
    assert engine.ready


def test_without_the_extra_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_engine, "installed", never)
    monkeypatch.setattr(second_engine_package, "installed", never)
    monkeypatch.setattr(second_engine, "_engine", lambda _: pytest.fail("it was asked for"))
    workstation = Workstation(tmp_path, {}, FingerprintKey(bytes(32)))
    begin(workstation)
    assert second_findings(hugging_face().encode(), "a.txt", workstation) == []
    assert second_engine.version() == ""


def test_nothing_is_imported_before_a_text_comes() -> None:
    program = (
        "import sys; from checks.detect import second_engine as e; e.version(); print('kingfisher_sdk' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_one_process_compiles_for_all(here: Workstation, tmp_path: Path) -> None:
    state = state_of(tmp_path)
    (state / "kingfisher-0.0.1").mkdir()
    (state / "kingfisher-0.0.1" / "old").touch()
    environment = {"HOME": str(tmp_path), "PATH": os.defpath}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", LOOK, str(tmp_path)],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in started:
        assert process.stdin
        process.stdin.write(hugging_face())
        process.stdin.close()
    told = sorted(process.stdout.read() for process in started if process.stdout)
    assert [process.wait() for process in started] == [0, 0]
    assert told == ["1 loaded\n", "1 stored\n"]
    assert [path.name for path in state.iterdir()] == [f"kingfisher-{second_engine.version()}"]
    assert [path.name for path in tmp_path.iterdir()] == [".local"]  # nothing in a cache folder of its own


@pytest.mark.parametrize("mode", [0o750, None])
def test_a_folder_that_is_not_ours_keeps_nothing(tmp_path: Path, mode: int | None) -> None:
    if mode:
        state_of(tmp_path).chmod(mode)
    assert second_engine._state_of(Workstation(tmp_path, {}, FingerprintKey(bytes(32)))) is None


def test_it_connects_nowhere(here: Workstation, tmp_path: Path) -> None:
    strace = require("strace", "strace")
    second_findings(b"the rules are compiled now", "a.txt", here)
    log = tmp_path / "calls"
    done = subprocess.run(
        [strace, "-f", "-o", str(log), "-e", "trace=%network,execve", sys.executable, "-c", LOOK, str(here.home)],
        cwd=ROOT, input=hugging_face(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "1 loaded\n"
    calls = log.read_text()
    assert calls.count("execve(") == 1  # Python itself: that the log is not empty
    assert not [line for line in calls.splitlines() if "socket(" in line or "connect(" in line or "sendto(" in line]
