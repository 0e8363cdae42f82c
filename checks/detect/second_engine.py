"""The engine of Kingfisher's SDK as a second look at every text, where `dockhygiene[kingfisher]` is installed.

It never connects anywhere while it looks; its `Validator` and `Revoker`, which do, are used by the guide alone, which
asks before (guides.registries.kingfisher). Without the extra nothing is imported. The rules take seconds to compile,
once for each version: one process does, the others wait for it and read what it left in the state folder. A text that
comes before they are ready waits, so that none is missed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from checks.detect.free_text.context import context_of
from checks.detect.free_text.engine import MOST_FOUND
from checks.detect.free_text.found import Context, Found
from checks.detect.samples import is_public_sample
from checks.detect.second_engine_package import MODULE, PACKAGE, installed, version
from checks.detect.second_engine_rules import KnownRule, judged
from checks.detect.values import not_a_secret
from checks.files.state import folder_path
from checks.model.secret import Secret
from checks.model.workstation import MEBIBYTE, Workstation

_COMPILED = "compiled"
_PIECE = 4 * MEBIBYTE
"""Bytes that are looked at in one go: the SDK holds all that it finds there, and is not interrupted."""
_SHARED = 32 * 1024
"""Bytes that a piece has in common with the next one: more than any secret is long."""
_ENDINGS = frozenset({"php", "tf", "hcl", "yaml", "yml"})
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_SECONDS = 20.0
"""For one piece, which takes a twentieth of one; four, where it is nothing but tokens."""
_ASK_SECONDS = 0.05
_FAILURES = (ImportError, OSError, RuntimeError, ValueError)
"""What the SDK raises where its library cannot be loaded or its rules cannot be compiled."""


class NotLooked(Exception):
    """The second engine has not looked at this text: `reason` says why and quotes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def begin(workstation: Workstation) -> None:
    """Makes the rules ready in the background, in a process that ends by `os._exit`: the interpreter does not wait."""
    if installed():
        _engine(_state_of(workstation)).begin()


def second_findings(data: bytes, path: str, workstation: Workstation) -> list[Found]:
    """What the second engine finds in a text, in its order; nothing without the extra. Raises NotLooked.

    `data` is UTF-8; `path` is relative to the tree that was named, as for our engine. At most `MOST_FOUND`.
    """
    if not data or not installed():
        return []
    return _engine(_state_of(workstation)).look(data, path, workstation.cancelled.is_set)


def merged(ours: Sequence[Found], theirs: Sequence[Found]) -> list[Found]:
    """Both in the order of the text: theirs only where no secret of ours lies. Each is in order, without overlaps.

    Of a secret that ours know by its name alone, theirs may know the kind: that is kept. At most `MOST_FOUND`.
    """
    if not theirs:
        return list(ours)
    kinds = {(one.start, one.end): one.secret for one in theirs if one.secret.form}
    both = [_of_their_kind(one, kinds.get((one.start, one.end))) for one in ours]
    at = 0
    for one in theirs:
        while at < len(ours) and ours[at].end <= one.start:
            at += 1
        if at == len(ours) or one.end <= ours[at].start:
            both.append(one)
    return sorted(both, key=lambda one: one.start)[:MOST_FOUND]


def _of_their_kind(ours: Found, theirs: Secret | None) -> Found:
    return ours._replace(secret=theirs) if theirs and theirs == ours.secret and not ours.secret.form else ours


class SecondEngine:
    """The SDK's scanner with its own rules, made ready once a process."""

    def __init__(self, state: Path | None) -> None:
        """`state` is where compiled rules are kept; None: nowhere, they are compiled anew in each process."""
        self._state = state
        self._begun: threading.Thread | None = None
        self._one_at_a_time = threading.Lock()
        self._sdk: Any = None
        self._scanner: Any = None
        self._failure = ""
        self._known: dict[str, KnownRule] = {}

    @property
    def ready(self) -> bool:
        """Whether a text would not have to wait."""
        return self._scanner is not None or bool(self._failure)

    def begin(self) -> None:
        """Starts making it ready, beside what this process does; it lets other threads run."""
        if self._begun is None:
            self._begun = threading.Thread(target=self._prepare, name="second-engine", daemon=True)
            self._begun.start()

    def look(self, data: bytes, path: str, cancelled: Callable[[], bool]) -> list[Found]:
        """See `second_findings`."""
        self._await(cancelled)
        context = context_of(path, data)
        found: list[Found] = []
        for offset, piece in _pieces(data):
            for finding in self._scanned(piece, path):
                if finding.visible and (one := self._found(finding, piece, offset, context)):
                    found.append(one)
            if cancelled():
                raise NotLooked("the scan was cancelled while the second engine looked")
            if len(found) > 2 * MOST_FOUND:
                break
        return list(_apart(found))[:MOST_FOUND]

    def _await(self, cancelled: Callable[[], bool]) -> None:
        while self._begun and self._begun.is_alive():
            self._begun.join(_ASK_SECONDS)
            if cancelled():
                raise NotLooked("the scan was cancelled before the second engine was ready")
        self._prepare()
        if self._failure:
            raise NotLooked(self._failure)

    def _prepare(self) -> None:
        with self._one_at_a_time:
            if self.ready:
                return
            try:
                self._sdk = import_module(MODULE)
                self._scanner = self._compiled()
            except _FAILURES as error:  # a processor or a C library that it does not know, for example
                self._failure = f"the second engine, {PACKAGE}, cannot be started ({type(error).__name__})"

    def _compiled(self) -> Any:
        folder = _folder_in(self._state)
        with _one_compiles(folder):
            rules = self._sdk.Rules(cache=folder is not None, cache_dir=folder)
            if folder and rules.cache_status != "bypassed":
                _mark_compiled(folder)
        # Encoded text is left to the checks that know the format: what is found must stand in the text as it is.
        # Markers that ignore a line are ours to read: what they hide is still counted.
        policy = self._sdk.DetectionPolicy(inline_ignores=False, markup_context=False, base64_max_depth=0)
        return self._sdk.Scanner(rules, base64=False, policy=policy)

    def _scanned(self, piece: bytes, path: str) -> list[Any]:
        source = self._sdk.ScanInput(path=_name_for(path), data=piece)
        try:
            return list(self._scanner.scan_input(source, timeout=_SECONDS))
        except TimeoutError:
            raise NotLooked(f"the second engine took more than {_SECONDS:.0f} seconds") from None
        except RuntimeError:
            raise NotLooked("the second engine gave up") from None

    def _found(self, finding: Any, piece: bytes, offset: int, context: Context) -> Found | None:
        place = finding.location
        start, end, value = _as_written(piece, place["start_offset"], place["end_offset"], finding.secret)
        if start >= end or not_a_secret(value) or is_public_sample(value):
            return None
        return judged(self._rule(finding), value, offset + start, offset + end, context)

    def _rule(self, finding: Any) -> KnownRule:
        name = finding.rule_id
        if name not in self._known:
            pattern = str(self._scanner.rules.detail(name)["pattern"])
            self._known[name] = KnownRule(name, finding.rule_name, finding.confidence == "high", pattern)
        return self._known[name]


@cache
def _engine(state: Path | None) -> SecondEngine:
    """The second engine of this process."""
    return SecondEngine(state)


def _state_of(workstation: Workstation) -> Path | None:
    """The state folder where the program has made one; a scan makes none for this."""
    path = folder_path(workstation.environment, workstation.home)
    try:
        status = path.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == 0o700
    return path if private and status.st_uid == workstation.uid else None


def _name_for(path: str) -> str:
    """The name that the SDK is told: it passes over lock files, pictures and installed packages without a word.

    Only what a rule of its asks for is left of the name; what kind of text it is we judge ourselves.
    """
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2]
    return name if name == "nuget.config" else f"text.{ending}" if ending in _ENDINGS else "text"


def _pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The text in pieces, with their offsets; what lies across the end of one lies whole in the next.

    Bytes that look like the mark of UTF-16 would make the SDK read a piece as that: a newline goes before them.
    """
    for offset in range(0, max(len(data) - _SHARED, 1), _PIECE):
        piece = data[offset : offset + _PIECE + _SHARED]
        yield (offset - 1, b"\n" + piece) if piece.startswith(_MARKS) else (offset, piece)


def _as_written(piece: bytes, start: int, end: int, secret: str) -> tuple[int, int, str]:
    """Where the secret's bytes stand, and the value; of a place that is wider than the secret, the secret's part."""
    text = piece[start:end].decode("utf-8", "surrogateescape")
    if text == secret or "\ufffd" in secret:  # bytes that are not UTF-8 are as lost in theirs as they are kept in ours
        return start, end, text
    wanted = secret.encode("utf-8", "surrogatepass")
    at = piece.find(wanted, start, end)
    return (start, end, secret) if at < 0 else (at, at + len(wanted), secret)


def _apart(found: list[Found]) -> Iterator[Found]:
    """Of those that overlap the surer one, then the longer one, then the first in the order of their rules."""
    kept: Found | None = None
    for one in sorted(found, key=lambda one: (one.start, one.end, one.rule)):
        if kept and one.start < kept.end:
            kept = max(kept, one, key=lambda one: (one.confidence, one.end - one.start))
            continue
        if kept:
            yield kept
        kept = one
    if kept:
        yield kept


def _folder_in(state: Path | None) -> Path | None:
    """Where this version's compiled rules are kept; None where that is nowhere, or cannot be written to."""
    if state is None:
        return None
    folder = state / f"kingfisher-{version()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder


@contextmanager
def _one_compiles(folder: Path | None) -> Iterator[None]:
    """While the rules of this version are not in their folder, one process at a time goes in."""
    lock = None if folder is None or (folder / _COMPILED).exists() else _lock_in(folder)
    if folder is None or lock is None:
        yield
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for older in folder.parent.glob("kingfisher-*"):
            if older != folder:
                shutil.rmtree(older, ignore_errors=True)  # rules of a version that was replaced
        yield
    finally:
        os.close(lock)


def _lock_in(folder: Path) -> int | None:
    try:
        return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _mark_compiled(folder: Path) -> None:
    try:
        (folder / _COMPILED).touch(mode=0o600)
    except OSError:
        pass  # the next process waits for its turn, no more
