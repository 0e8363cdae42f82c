"""What a push, or a range of commits, brings: every object of it, also what a later commit took out again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checks import late
from checks.git.arrivals import Span
from checks.git.items import CHECK, Item
from checks.git.runner import Git, GitError
from checks.model.finding import Skipped

_ID = late.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REMOTE = late.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}")
"""A remote's name: nothing that git could take for a pattern or an address."""
_DEEPER = "have the clone hold it: fetch-depth: 0 in GitHub Actions, GIT_DEPTH: 0 in GitLab, or git fetch --unshallow"


class NotInClone(GitError):
    """The range reaches beyond what this clone holds."""


@dataclass(slots=True)
class Brought:
    items: list[Item] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def pushed_span(git: Git, lines: bytes, remote: str = "", url: str = "") -> Span | None:
    """What git says to a pre-push hook (githooks(5)); None where nothing is sent. Raises GitError.

    In a push to an address, git gives that as the name, too.
    """
    tips, theirs = [], []
    for line in lines.decode("utf-8", "surrogateescape").splitlines():
        words = line.rsplit(None, 3)  # the local name may be anything: `HEAD~1`, `(delete)`
        if len(words) < 3 or not all(map(_ID.fullmatch, (words[-3], words[-1]))):
            raise GitError("what git said of the push was not understood")
        tips += [words[-3]] if words[-3].strip("0") else []
        theirs += [words[-1]] if words[-1].strip("0") else []
    if not tips:
        return None
    return Span(tuple(dict.fromkeys(tips)), tuple(_present(git, theirs)), _tracked(remote, url))


def framework_span(git: Git, environment: Mapping[str, str]) -> Span | None:
    """What the pre-commit framework tells of a push: it reads git's lines itself, and hands on the first one alone.

    It names the commits by variables, or where a whole new history is pushed only the branch; None where it is not
    the one that asks. Raises GitError.
    """
    base, tip = environment.get("PRE_COMMIT_FROM_REF"), environment.get("PRE_COMMIT_TO_REF")
    if base and tip:
        return range_span(git, f"{base}..{tip}")
    branch = environment.get("PRE_COMMIT_LOCAL_BRANCH")
    if not branch:
        return None
    remote, url = environment.get("PRE_COMMIT_REMOTE_NAME", ""), environment.get("PRE_COMMIT_REMOTE_URL", "")
    return Span((_commit(git, branch),), (), _tracked(remote, url))


def range_span(git: Git, text: str) -> Span:
    """`BASE..HEAD` as CI knows it. A base of zeros is a branch that was not there before: then all of it is meant.

    Raises GitError, NotInClone where this clone does not hold all of it.
    """
    base, dots, head = text.partition("..")
    if not dots or head.startswith("."):
        raise GitError("a range is written BASE..HEAD: two names of commits with two dots between them")
    head = head or "HEAD"
    _commit(git, head)
    tip = _named(git, f"{head}^{{object}}", head)  # a tag stays one: it has a message of its own
    if base and not base.strip("0"):
        return Span((tip,))
    span = Span((tip,), (_commit(git, base or "HEAD"),))
    if _is_cut(git, span):
        raise NotInClone(f"this clone ends within the range; {_DEEPER}")
    return span


def brought(git: Git, span: Span) -> Brought:
    """Every object of the span, each once, under the first of its paths. Raises GitError."""
    found = Brought()
    missing = 0
    with git.running("rev-list", "--objects", "--missing=print", *span.arguments, stdin=span.stdin) as stream:
        for line in stream:
            name, _, path = line.rstrip(b"\n").partition(b" ")
            if name.startswith(b"?"):
                missing += 1
            else:
                found.items.append(Item(os.fsdecode(path), name.decode()))
    if missing:
        reason = "objects are missing, as in a partial or damaged clone, and were not looked at"
        found.skipped.append(Skipped(CHECK, str(git.folder), reason, files=missing))
    return found


def _tracked(remote: str, url: str) -> str:
    """The remote's name where it is one, and no address: only then is it known what the other side holds."""
    return remote if remote != url and _REMOTE.fullmatch(remote) else ""


def _present(git: Git, ids: Sequence[str]) -> Iterator[str]:
    """Those that are here: what the other side has and nobody fetched cannot be left out."""
    if ids:
        told = git.read("cat-file", "--batch-check=%(objectname)", stdin="".join(f"{one}\n" for one in ids).encode())
        yield from (line for line in told.decode().splitlines() if _ID.fullmatch(line))


def _commit(git: Git, name: str) -> str:
    """The id of a commit that somebody named. Raises NotInClone."""
    return _named(git, f"{name}^{{commit}}", name)


def _named(git: Git, wanted: str, name: str) -> str:
    """Nothing that was said from outside can be an option of git's."""
    try:
        told = git.read("rev-parse", "-q", "--verify", "--end-of-options", wanted).decode().strip()
    except GitError as error:
        raise NotInClone(f"one end of the range, {name[:80]}, is no commit of this clone; {_DEEPER}") from error
    if not _ID.fullmatch(told):
        raise NotInClone(f"one end of the range, {name[:80]}, is no commit of this clone; {_DEEPER}")
    return told


def _is_cut(git: Git, span: Span) -> bool:
    """Whether a shallow clone ends within the span: what a commit before that brought would not be seen."""
    ends = _shallow(git)
    if not ends:
        return False
    with git.running("rev-list", *span.arguments, stdin=span.stdin) as stream:
        return any(line.decode().strip() in ends for line in stream)


def _shallow(git: Git) -> frozenset[str]:
    """The commits at which a shallow clone ends (gitrepository-layout(5))."""
    common = git.folder / "commondir"
    folder = (git.folder / common.read_text().strip()) if common.is_file() else git.folder
    try:
        return frozenset((folder / "shallow").read_text().split())
    except OSError:
        return frozenset()
