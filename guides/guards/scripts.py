"""The hooks that this program writes: POSIX sh, each with a mark, a version and a hash of its own text.

Facts: facts/scanning.md, 4.2; the names: githooks(5). `fsmonitor-watchman` is not among them: a setting names its file.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

GUARDED = ("pre-commit", "pre-push")
CLIENT = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg",
    "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "post-rewrite",
    "pre-auto-gc", "sendemail-validate", "post-index-change", "reference-transaction",
    "p4-changelist", "p4-prepare-changelist", "p4-post-changelist", "p4-pre-submit",
    "pre-receive", "update", "proc-receive", "post-receive", "post-update", "push-to-checkout",
)  # fmt: skip
"""Every hook that a global `core.hooksPath` takes from the repositories; the last six run where others push to."""
PREVIOUS = ".dockhygiene-prev"
VERSION = 1

_HEAD = re.compile(rb"\A#!/bin/sh\n# dockhygiene guard (\d{1,6}) ([0-9a-f]{64})\n")
_PROGRAM = re.compile(r"^program=(.+)$", re.MULTILINE)
_REMARK = "# `dockhygiene guard uninstall` removes this file, and puts back the hook that was here before.\n"

_FIND = """program={program}
if [ ! -x "$program" ]; then
    program=$(command -v dockhygiene) || program=
fi
case $program in
/*) ;;
*)
    echo 'dockhygiene: the guard cannot look at this {deed}: its program is gone, and not on PATH.' >&2
    echo 'Install dockhygiene again, then: dockhygiene guard install. To go on once: git {deed} --no-verify' >&2
    exit 1
    ;;
esac
"""
_BESIDE = "previous=${0%.legacy}.dockhygiene-prev # pre-commit moves what it finds to .legacy, and runs it\n"
_OF_REPOSITORY = """if [ -z "${{GIT_DIR-}}" ] && [ -d .git ]; then
    common=.git
else
    common=$(git rev-parse --git-common-dir) || exit 1
fi
previous=$common/hooks/{hook}
"""
_GUARDED_THERE = """if [ -f "$previous" ] && [ -x "$previous" ] &&
    grep -Eq '^# dockhygiene guard [0-9]+ [0-9a-f]{64}$' "$previous"; then
    exec "$previous" "$@" # which looks itself
fi
"""
_COMMIT = """if [ -f "$previous" ] && [ -x "$previous" ]; then
    "$previous" "$@" || exit $?
fi
{find}exec "$program" guard run --staged
"""
_PUSH = """lines=$(
    cat
    printf x
) # with the line ends at its end
lines=${{lines%x}}
if [ -f "$previous" ] && [ -x "$previous" ]; then
    printf %s "$lines" | "$previous" "$@" || exit $?
fi
{find}printf %s "$lines" | "$program" guard run --pre-push "$@"
"""
_PASS_ON = """if [ -f "$previous" ] && [ -x "$previous" ]; then
    exec "$previous" "$@"
fi
"""
_UPDATE_INSTEAD = """# What git does where there is no such hook: githooks(5), push-to-checkout.
git update-index -q --ignore-submodules --refresh || exit 1
git diff-files --quiet --ignore-submodules -- || {
    echo 'the work tree has changes that are not staged' >&2
    exit 1
}
head=HEAD
git rev-parse -q --verify 'HEAD^{commit}' >/dev/null || head=$(git hash-object -t tree /dev/null)
git diff-index --quiet --cached --ignore-submodules "$head" -- || {
    echo 'the work tree has staged changes' >&2
    exit 1
}
exec git read-tree -u -m "$1"
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A hook of ours, as it stands there."""

    version: int
    intact: bool
    """Whether its text is what was written."""
    program: str
    """The program it calls; empty where PATH finds it, or where it calls none."""
    guards: bool
    """Whether it looks at anything: the others of a global folder only pass on."""


def local_hook(hook: str, program: Path | None) -> bytes:
    """A guarding hook that first runs the one it replaced. Without a program PATH has to find it."""
    return _sealed(_BESIDE + _guarding(hook, program))


def global_hook(hook: str, program: Path) -> bytes:
    """A hook for all repositories, which first runs the repository's own."""
    found = _OF_REPOSITORY.format(hook=hook)
    if hook in GUARDED:
        return _sealed(found + _GUARDED_THERE + _guarding(hook, program))
    return _sealed(found + _PASS_ON + (_UPDATE_INSTEAD if hook == "push-to-checkout" else ""))


def read_written(data: bytes) -> Written | None:
    """What is known of a hook of ours, None where it is somebody else's."""
    head = _HEAD.match(data)
    if not head:
        return None
    body = data[head.end() :]
    text = body.decode("utf-8", "surrogateescape")
    named = _PROGRAM.search(text)
    intact = hashlib.sha256(body).hexdigest().encode() == head[2]
    guards = any(f"guard run {flag}" in text for flag in ("--staged", "--pre-push"))
    return Written(int(head[1]), intact, _unquoted(named[1]) if named else "", guards)


def _guarding(hook: str, program: Path | None) -> str:
    text = _COMMIT if hook == "pre-commit" else _PUSH
    quoted = shlex.quote(str(program)) if program else "''"
    return text.format(find=_FIND.format(program=quoted, deed=hook.removeprefix("pre-")))


def _sealed(body: str) -> bytes:
    data = (_REMARK + body).encode("utf-8", "surrogateescape")
    return f"#!/bin/sh\n# dockhygiene guard {VERSION} {hashlib.sha256(data).hexdigest()}\n".encode() + data


def _unquoted(text: str) -> str:
    try:
        return "".join(shlex.split(text))
    except ValueError:
        return ""
