"""Start-up, the app's first frame and the helper, in CPU time: steadier than the clock on a busy machine.

User plus system time of the process and its children, the median of several runs.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from guides.stores.own.install import install, plan_install
from tests.services.secret_service import running_secret_service

PROGRAM = str(Path(sys.prefix, "bin", "dockhygiene"))
RUNS = 15

EMPTY_APP = """
from textual.app import App
class Empty(App):
    def on_ready(self):
        self.call_after_refresh(self.exit)
Empty().run(headless=True, size=(100, 30))
"""
OUR_APP = """
from tui.app import DockhygieneApp
from tui.session import open_session
app = DockhygieneApp(open_session())
app.findings.begin = lambda: app.call_after_refresh(app.exit, 0)  # what comes after the first frame
app.run(headless=True, size=(100, 30))
"""


def run() -> None:
    bare = Path("/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable)
    with tempfile.TemporaryDirectory(prefix="dh-bench-") as name:
        home = Path(name)
        _plant(home)
        environ = {"HOME": name, "PATH": f"{name}/.local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        ours = _cpu([sys.executable, "-I", "-c", "pass"], environ)
        print("start-up, against bare Python (to reach: 3x)")
        for argument in ("--version", "--help"):
            _row(argument, _cpu([PROGRAM, argument], environ), ours)
        print("the app's first frame, against an empty Textual app (to reach: 1.2x)")
        _row("first frame", _cpu(_python(OUR_APP), environ), _cpu(_python(EMPTY_APP), environ))
        print("a scan of the usual places, against bare Python (for information)")
        _row("scan", _cpu([PROGRAM, "scan"], environ, wanted=1), ours)
    print("our helper's get, against /usr/bin/python3 -I -c pass (to reach: 4x)")
    _helper(bare)


def _plant(home: Path) -> None:
    (home / ".docker").mkdir(mode=0o700)
    auths = {f"registry-{number}.example": {"auth": "YWxpY2U6bm90IGEgcmVhbCBvbmU="} for number in range(20)}
    (home / ".docker" / "config.json").write_text(json.dumps({"auths": auths}, indent="\t"))


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _helper(bare: Path) -> None:
    with running_secret_service() as service:
        home = Path(service.environ["HOME"])
        folder = home / ".local" / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        environ = {**service.environ, "PATH": f"{folder}:{service.environ['PATH']}"}
        helper = str(install(plan_install(environ)))
        record = json.dumps({"ServerURL": "bench.example", "Username": "alice", "Secret": "not a real one"})
        subprocess.run([helper, "store"], input=record.encode(), env=environ, check=True)
        _row("get", _cpu([helper, "get"], environ, b"bench.example"), _cpu([str(bare), "-I", "-c", "pass"], environ))


def _cpu(argv: Sequence[str], environ: Mapping[str, str], stdin: bytes = b"", wanted: int = 0) -> float:
    """Median CPU seconds of a run."""

    def once() -> float:
        before = _children()
        done = subprocess.run(argv, env=dict(environ), input=stdin, capture_output=True, check=False)
        assert done.returncode == wanted, done.stderr.decode(errors="replace")
        return _children() - before

    return _median(once)


def _median(once: Callable[[], float]) -> float:
    once()  # warms the caches
    return statistics.median(once() for _ in range(RUNS))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _row(name: str, ours: float, other: float) -> None:
    print(f"  {name:<14}{ours * 1000:7.1f} ms CPU   {other * 1000:7.1f} ms   {ours / other:5.2f}x", flush=True)
