"""Where git itself says that the hooks of a repository lie, and which settings say so.

git is asked, and with the person's own settings: only git knows its scopes, includes and conditions, and what counts is
the folder that the person's next commit will use. `checks.git.runner` cannot say it, since it switches `core.hooksPath`
and every setting but the repository's off. Nothing of the repository's runs: `rev-parse` and `config` read no index and
start no program but a pager, which is off, and no alias can stand for them (git-config(1), "alias.*").
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checks.formats.display import printable
from checks.git.runner import NoGit, git_program
from guides.stores.program import Answer, run_program
from guides.stores.store import StoreError

_ELSEWHERE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"}
)
_NOT_SET = 1
"""git-config(1): the exit code for a setting that is not there."""


class GuardError(Exception):
    """The guard could not be looked at or put in place. `reason` is a clause, `mend` what to do next, or empty."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.mend = mend


@dataclass(frozen=True, slots=True)
class HooksPath:
    """One `core.hooksPath` that git reads. The last of several is in force."""

    folder: str
    """As git reads it: `~/` is the home folder already; relative means relative to the top of each work tree."""
    scope: str
    """system, global, local, worktree or command."""
    origin: str
    """`file:/etc/gitconfig`, for example."""

    @property
    def where(self) -> str:
        return self.origin.removeprefix("file:")


@dataclass(frozen=True, slots=True)
class HookPlace:
    """Where git looks for the hooks of one repository."""

    folder: Path
    """The folder in force. It need not be there."""
    own: Path
    """The repository's own, which `core.hooksPath` switches off."""
    work_tree: Path | None
    """The top; None where the repository is bare."""
    settings: tuple[HooksPath, ...]
    configured: tuple[str, ...] = ()
    """Names of hooks in the configuration, which git 2.54 and later run beside the files."""

    @property
    def setting(self) -> HooksPath | None:
        """The `core.hooksPath` in force."""
        return self.settings[-1] if self.settings else None

    @property
    def shared(self) -> bool:
        """Whether the folder is a part of the work tree, and reaches everybody who gets its files."""
        if not self.work_tree:
            return False
        real, top = Path(os.path.realpath(self.folder)), Path(os.path.realpath(self.work_tree))
        return real.is_relative_to(top) and not real.is_relative_to(os.path.realpath(self.own.parent))


def find_place(environment: Mapping[str, str], folder: Path, *, named: bool) -> HookPlace:
    """The place of the repository that `folder` is in. Where it was not `named`, GIT_DIR may mean another one, as it
    does for git. Raises GuardError.
    """
    if named:
        environment = {name: value for name, value in environment.items() if name not in _ELSEWHERE}
    common = _path(environment, folder, "--git-common-dir")
    if _says(environment, folder, "--is-inside-work-tree"):
        top, work_tree = (_path(environment, folder, "--show-toplevel"),) * 2
    elif _says(environment, folder, "--is-bare-repository"):
        top, work_tree = common, None
    else:
        raise GuardError(f"{folder} is inside a git folder", "go to its work tree, or name it with --repository")
    hooks = _path(environment, top, "--git-path", "hooks")
    return HookPlace(hooks, common / "hooks", work_tree, _settings(environment, top), _configured(environment, top))


def everywhere(environment: Mapping[str, str]) -> tuple[HooksPath, ...]:
    """What the system and the person set for all repositories. Raises GuardError."""
    outside = {name: value for name, value in environment.items() if name not in _ELSEWHERE}
    return tuple(one for one in _settings(outside, Path("/")) if one.scope in ("system", "global"))


def _settings(environment: Mapping[str, str], folder: Path) -> tuple[HooksPath, ...]:
    answer = _git(environment, folder, "config", "--show-scope", "--show-origin", "-z", "--type=path", "--get-all",
                  "core.hooksPath")  # fmt: skip
    if answer.status == _NOT_SET:
        return ()
    fields = _checked(answer, folder).split(b"\0")[:-1]
    read = [os.fsdecode(field) for field in fields]
    return tuple(HooksPath(read[i + 2], read[i], read[i + 1]) for i in range(0, len(read) - 2, 3))


def _configured(environment: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    answer = _git(environment, folder, "config", "-z", "--name-only", "--get-regexp", r"^hook\..*\.command$")
    if answer.status == _NOT_SET:
        return ()
    names = _checked(answer, folder).split(b"\0")[:-1]
    return tuple(dict.fromkeys(os.fsdecode(name)[len("hook.") : -len(".command")] for name in names))


def _says(environment: Mapping[str, str], folder: Path, question: str) -> bool:
    return _checked(_git(environment, folder, "rev-parse", question), folder).strip() == b"true"


def _path(environment: Mapping[str, str], folder: Path, *question: str) -> Path:
    """One path of git's answer, absolute; it may hold a line end."""
    said = _checked(_git(environment, folder, "rev-parse", *question), folder).removesuffix(b"\n")
    return Path(os.path.normpath(folder / os.fsdecode(said)))


def _git(environment: Mapping[str, str], folder: Path, *arguments: str) -> Answer:
    try:
        program = Path(git_program(environment))
        quiet = {**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        return run_program(program, ("--no-pager", "-C", str(folder), *arguments), environ=quiet)
    except NoGit as error:
        raise GuardError(str(error)) from error
    except StoreError as error:
        raise GuardError(error.reason) from error


def _checked(answer: Answer, folder: Path) -> bytes:
    if answer.status:
        said = answer.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        raise GuardError(f"git does not open {folder}: {printable(said[0].removeprefix('fatal: '))}")
    return answer.stdout
