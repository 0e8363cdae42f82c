"""Findings in objects become findings in the history: one for each secret and file, with where it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeVar

from checks.git.arrivals import Arrival, Span, arrivals, arrivals_in
from checks.git.messages import in_messages
from checks.git.plan import Plan
from checks.git.provenance import Graph, Reach, blobs_in_index, graph_of, tree_at_head
from checks.git.repository import CHECK, Repository
from checks.git.runner import Git, GitError
from checks.model.finding import Finding, History, Skipped
from checks.model.secret import Secret

ADVICE = (
    "Revoke it: whoever has a clone has it. dockhygiene fix walks you through, and says whether cleaning the history"
    " is worth it."
)
_NOTES = "refs/notes/"
_MOST_NAMES = 20
"""References and branches that one finding lists."""
_T = TypeVar("_T")


@dataclass(slots=True)
class _Group:
    """One secret under one path, in however many versions of the file."""

    first: Finding
    blobs: set[str] = field(default_factory=set)
    ignored: str = ""
    """A marker in any version: whoever wrote it has decided about this secret in this file."""
    arrivals: list[tuple[Arrival, Finding]] = field(default_factory=list)
    """The oldest first."""


class _Now(NamedTuple):
    """What the commit that is checked out, and the indexes, hold."""

    head: dict[str, str]
    """Blobs by path."""
    staged: dict[str, list[str]]
    """Paths by blob."""


def arrivals_of(
    git: Git, hits: Sequence[Finding], plan: Plan, before: Sequence[Arrival] | None
) -> tuple[list[Arrival], list[str]]:
    """Where the files with hits came in, and what could not be told.

    `before` are those that were told of all older commits; None where these have to be asked too.
    """
    trouble: list[str] = []
    blobs = list(dict.fromkeys(one.place.blob or "" for one in hits if not one.place.field))
    found: list[Arrival] = []
    left = blobs
    if before is not None and not plan.brought.trouble:
        commits, wanted = frozenset(plan.commits), frozenset(blobs)
        found = [one for one in before if one.commit in commits and one.blob in wanted]
        found += _or(lambda: list(arrivals_in(git, blobs, plan.brought.commits_with(blobs))), [], trouble)
        found = list(dict.fromkeys(found))
        left = _unmet(blobs, found) if before or trouble else []
    found += _listed(git, left, None, trouble)
    left = _unmet(left, found)
    return [*found, *(_listed(git, left, Span(tuple(plan.commits)), trouble) if plan.commits else ())], trouble


def _unmet(blobs: Sequence[str], found: Sequence[Arrival]) -> list[str]:
    met = {one.blob for one in found}
    return [blob for blob in blobs if blob not in met]


def traced(
    git: Git, repository: Repository, hits: Sequence[Finding], came: Sequence[Arrival], trouble: list[str]
) -> Iterator[Finding | Skipped]:
    """The hits with their provenance, as far as it can be told; what cannot is said, after what was said before."""
    if not hits:
        return
    files: dict[str, list[Finding]] = {}
    for one in hits:
        if not one.place.field:
            files.setdefault(one.place.blob or "", []).append(one)
    now = _Now(_or(lambda: tree_at_head(git), {}, trouble), _staged(git, repository, trouble))
    groups = _groups(files, came, now)
    graph = _or(lambda: graph_of(git, repository), Graph({}, (), {}), trouble)
    reach = graph.reach(list({arrival.commit for group in groups.values() for arrival, _ in group.arrivals}))
    for (path, _), group in groups.items():
        yield _finding(path, group, reach, now)
    messages = [one for one in hits if one.place.field]
    yield from _or(lambda: list(in_messages(git, messages, graph)), messages, trouble)
    if trouble:
        yield Skipped(CHECK, repository.shown, f"where its findings came from could not all be told: {trouble[0]}")


def _or(ask: Callable[[], _T], otherwise: _T, trouble: list[str]) -> _T:
    try:
        return ask()
    except GitError as error:
        trouble.append(str(error))
        return otherwise


def _listed(git: Git, blobs: Sequence[str], span: Span | None, trouble: list[str]) -> list[Arrival]:
    held: list[Arrival] = []
    try:
        held.extend(arrivals(git, blobs, span))
    except GitError as error:
        trouble.append(str(error))
    return held


def _staged(git: Git, repository: Repository, trouble: list[str]) -> dict[str, list[str]]:
    """Of the main work tree and of each linked one."""
    found: dict[str, list[str]] = {}
    nothing: dict[str, list[str]] = {}
    for folder in (git.folder, *repository.heads):
        for blob, paths in _or(partial(blobs_in_index, replace(git, folder=folder)), nothing, trouble).items():
            found.setdefault(blob, []).extend(paths)
    return found


def _groups(
    files: dict[str, list[Finding]], came: Sequence[Arrival], now: _Now
) -> dict[tuple[str, Secret | None], _Group]:
    groups: dict[tuple[str, Secret | None], _Group] = {}

    def group(path: str, finding: Finding) -> _Group:
        held = groups.setdefault((path, finding.secret), _Group(finding))
        held.blobs.add(finding.place.blob or "")
        held.ignored = held.ignored or finding.ignored
        return held

    for arrival in came:
        for finding in files.get(arrival.blob, ()):
            group(arrival.path, finding).arrivals.append((arrival, finding))
    met = {arrival.blob for arrival in came}
    for blob, findings in files.items():
        elsewhere = [] if blob in met else [findings[0].place.path or f"unnamed object {blob[:12]}"]
        for path in now.staged.get(blob, elsewhere):
            for finding in findings:
                group(path, finding)
    return groups


def _finding(path: str, group: _Group, reach: dict[str, Reach], now: _Now) -> Finding:
    arrival, finding = group.arrivals[0] if group.arrivals else (None, group.first)
    commits = dict.fromkeys(one.commit for one, _ in group.arrivals)
    refs, remotes, hosts = (
        tuple(dict.fromkeys(name for commit in commits for name in getattr(reach[commit], kind)))
        for kind in ("refs", "remotes", "hosts")
    )
    history = History(
        author=arrival.author if arrival else "",
        authored=arrival.authored if arrival else "",
        at_head=now.head.get(path) in group.blobs,
        staged=any(path in now.staged.get(blob, ()) for blob in group.blobs) and now.head.get(path) not in group.blobs,
        refs=refs[:_MOST_NAMES],
        remotes=remotes[:_MOST_NAMES],
        hosts=hosts,
        versions=len(group.blobs),
    )
    shown = f"note on {path.replace('/', '')[:12]}" if refs and all(one.startswith(_NOTES) for one in refs) else path
    place = replace(finding.place, path=shown, commit=arrival.commit if arrival else None)
    return replace(finding, place=place, history=history, advice=ADVICE, ignored=group.ignored)
