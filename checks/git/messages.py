"""Findings in what commits and tags say: one for each secret, in the first message that gave it away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from checks import late
from checks.git.objects import read_objects
from checks.git.provenance import Graph
from checks.git.runner import Git
from checks.model.finding import Finding, History
from checks.model.secret import Secret

ADVICE = "Revoke it: whoever has a clone has it, and a message changes only by rewriting the history."
_WHO = late.compile(rb"^(?:author|tagger) (?P<name>[^<\n]*)<[^>\n]*> (?P<seconds>\d{1,12}) (?P<zone>[+-]\d{4})", re.M)
_OBJECT = late.compile(rb"object (?P<id>[0-9a-f]{40,64})\n")


def in_messages(git: Git, found: Sequence[Finding], graph: Graph) -> Iterator[Finding]:
    """Each with its commit, author and date, and what leads there. Raises GitError."""
    written = {one.id: one.data for one in read_objects(git, list({one.place.blob or "" for one in found}))}
    groups: dict[tuple[str | None, Secret | None], list[Finding]] = {}
    age = {commit: number for number, commit in enumerate(graph.parents)}  # children before parents
    for one in sorted(found, key=lambda one: -age.get(one.place.blob or "", -1)):
        groups.setdefault((one.place.field, one.secret), []).append(one)
    commits = {one.place.blob or "": _commit(one, written) for group in groups.values() for one in group}
    reach = graph.reach(list(dict.fromkeys(commits.values())))
    names = {ref.object: ref.name for ref in graph.refs}
    for first, *more in groups.values():
        blob = first.place.blob or ""
        author, authored = _who(written.get(blob, b""))
        ways = reach[commits[blob]]
        history = History(author, authored, False, False, ways.refs, ways.remotes, ways.hosts, 1 + len(more))
        tag = names.get(blob, "").removeprefix("refs/tags/")
        path = (
            f"tag message of {tag or blob[:12]}"
            if first.place.field == "tag message"
            else f"commit message of {blob[:12]}"
        )
        yield replace(
            first, place=replace(first.place, path=path, commit=commits[blob]), history=history, advice=ADVICE
        )


def _commit(one: Finding, written: dict[str, bytes]) -> str:
    """The commit itself, or what a tag is on."""
    blob = one.place.blob or ""
    tagged = _OBJECT.match(written.get(blob, b""))
    return tagged["id"].decode() if tagged and one.place.field == "tag message" else blob


def _who(data: bytes) -> tuple[str, str]:
    match = _WHO.search(data.partition(b"\n\n")[0])
    if not match:
        return "", ""
    sign = -1 if match["zone"].startswith(b"-") else 1
    minutes = int(match["zone"][1:3]) * 60 + int(match["zone"][3:])
    try:
        moment = datetime.fromtimestamp(int(match["seconds"]), UTC).astimezone(
            timezone(sign * timedelta(minutes=minutes))
        )
    except (ValueError, OverflowError):
        return match["name"].decode("utf-8", "replace").strip(), ""
    return match["name"].decode("utf-8", "replace").strip(), moment.isoformat()
