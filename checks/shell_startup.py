"""Shell start-up files: what every shell of this user is given, and every child of it; and what crontabs and systemd's
units give to what they start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from checks import by_name
from checks.detect.command_logins import CommandSecret, command_secrets, parsed_secrets, siblings_of
from checks.detect.command_values import assignment_secrets
from checks.detect.shell_findings import finding_of
from checks.files.asking import each_once, matching
from checks.files.documents import look_at
from checks.files.reading import Document
from checks.formats.dotenv import read_dotenv
from checks.formats.encodings import text_of
from checks.formats.fish_variables import read_fish_variables
from checks.formats.shell_words import Word
from checks.formats.text_positions import Lines
from checks.model.finding import Looked, Observation
from checks.model.workstation import MEBIBYTE, Workstation

id = "shell-startup"  # noqa: A001  the protocol's name
title = "shell start-up files, crontabs and units"
may_claim = by_name.shell_startup

LARGEST = 4 * MEBIBYTE
_BELOW_HOME = (
    ".oh-my-zsh/custom/*.zsh",
    ".oh-my-zsh/custom/plugins/*/*.zsh",
    ".bashrc.d/*",
    ".bash.d/*",
    ".zshrc.d/*",
    ".zsh/*.zsh",
    ".profile.d/*.sh",
)
_BELOW_CONFIG = (
    "fish/config.fish",
    "fish/conf.d/*.fish",
    "fish/functions/*.fish",
    "fish/fish_variables",
    "environment.d/*.conf",
    "zsh/.z*",
    "zsh/*.zsh",
    "bash/*",
    "powershell/*profile.ps1",
    "systemd/user/*.service",
    "systemd/user/*.d/*.conf",
    "containers/systemd/*.container",
)
_SYSTEM = (
    "etc/environment",
    "etc/profile",
    "etc/bash.bashrc",
    "etc/zsh/*",
    "etc/profile.d/*",
    "etc/environment.d/*.conf",
    "etc/crontab",
    "etc/cron.d/*",
    "var/spool/cron/*",
    "var/spool/cron/crontabs/*",
    "etc/systemd/system/*.service",
    "etc/systemd/system/*.d/*.conf",
    "etc/containers/systemd/*.container",
)
_CRON_USERS = {"cron.d": True, "etc": True, "crontabs": False, "cron": False}
"""Whether the crontabs of these folders say as whom each command runs: a user's own does not."""
_ADVICE = "Take the line out, let the program read the secret from a store when it needs it, then rotate the secret."


def survey(workstation: Workstation) -> Iterator[Observation]:
    for path in each_once(_places(workstation)):
        yield from read(workstation, path)


def _places(workstation: Workstation) -> Iterator[Path]:
    home, environment = workstation.home, workstation.environment
    yield from (home / name for name in by_name.SHELL_STARTUP_NAMES)
    yield from _matching(home, _BELOW_HOME)
    yield from _matching(workstation.config_home, _BELOW_CONFIG)
    if folder := environment.get("ZDOTDIR"):
        yield from _matching(Path(folder), (".z*",))
    yield from (Path(environment[name]) for name in ("BASH_ENV", "ENV") if environment.get(name, "").startswith("/"))
    yield from _matching(workstation.root, _SYSTEM)


def _matching(folder: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from matching(folder, pattern)


def claims(path: Path) -> bool:
    name, folder = path.name, path.parent.name
    return (
        name in by_name.SHELL_STARTUP_NAMES
        or by_name.is_crontab(name, str(path.parent))
        or by_name.is_unit(name, folder)
        or name.lower().endswith(by_name.SHELL_ENDINGS)
        or folder in by_name.SHELL_FOLDERS
        or (folder == "environment.d" and name.endswith(".conf"))
        or (folder == "etc" and name in ("environment", "profile", "bash.bashrc"))
        or (folder == "fish" and name == "fish_variables")
    )


def read(workstation: Workstation, path: Path) -> Iterator[Observation]:
    return look_at(id, path, LARGEST, partial(look, workstation))


def look(_: Workstation, document: Document) -> Iterator[Observation]:
    path = document.path
    text = text_of(document.data)
    lines = Lines(text)
    for found in _secrets(path, text):
        yield finding_of(found, lines, check=id, path=str(path), advice=_ADVICE)
    yield Looked(str(path), len(document.data))


def _secrets(path: Path, text: str) -> Iterator[CommandSecret]:
    if by_name.is_crontab(path.name, str(path.parent)) or by_name.is_unit(path.name, path.parent.name):
        yield from _scheduled(path, text)
    elif path.suffix == ".conf" or path.name == "environment":
        yield from _settings(text)
    elif path.name == "fish_variables":
        yield from _universal_variables(text)
    elif path.suffix.lower() in (".ps1", ".psm1"):
        yield from _powershell(text)
    elif path.name == ".pam_environment":
        yield from command_secrets(_as_assignments(text))
    else:
        yield from command_secrets(text, fish=path.suffix == ".fish")


def _powershell(text: str) -> Iterator[CommandSecret]:
    from checks.detect.telling_text import may_tell  # only for who has met one
    from checks.formats.powershell import powershell_commands

    if may_tell(text):
        yield from parsed_secrets(list(powershell_commands(text)), text)


def _scheduled(path: Path, text: str) -> Iterator[CommandSecret]:
    from checks.detect.scheduled_commands import crontab_secrets, unit_secrets  # only for who has met one

    if by_name.is_unit(path.name, path.parent.name):
        return unit_secrets(text)
    return crontab_secrets(text, users=_CRON_USERS.get(path.parent.name))


def _settings(text: str) -> Iterator[CommandSecret]:
    """Plain `NAME=value` lines, where blanks belong to the value (environment.d(5), pam_env(8))."""
    settings = list(read_dotenv(text))
    variables = siblings_of({one.name: one.value for one in settings})
    for one in settings:
        yield from assignment_secrets(one.name, Word(text[one.start : one.end], one.start, one.end), variables)


def _universal_variables(text: str) -> Iterator[CommandSecret]:
    found = list(read_fish_variables(text))
    variables = siblings_of({name: value.text for name, value in found})
    for name, value in found:
        yield from assignment_secrets(name, value, variables)


def _as_assignments(text: str) -> str:
    """`NAME DEFAULT=value` as ` NAME=value` of the same length, so that every offset stays."""
    return "\n".join(_as_assignment(line) for line in text.split("\n"))


def _as_assignment(line: str) -> str:
    name, blank, rest = line.partition(" ")
    key = next((key for key in ("DEFAULT=", "OVERRIDE=") if rest.lstrip(" \t").startswith(key)), "")
    if not blank or not key or not name.isidentifier():
        return line
    before = len(line) - len(rest.lstrip(" \t")) + len(key)
    return f"{name}=".rjust(before) + line[before:]
