"""What crontabs and systemd's units give away: in the settings and on the command lines that are run from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.detect.command_logins import argument_secrets, command_secrets, siblings_of
from checks.detect.command_values import CommandSecret, assignment_secrets
from checks.detect.values import not_a_secret
from checks.formats.crontab import CronSetting, read_crontab
from checks.formats.shell_words import Word
from checks.formats.systemd_unit import UnitSetting, credential, read_unit, unit_words

_ENVIRONMENT = frozenset({"Environment", "DefaultEnvironment", "ManagerEnvironment"})
_COMMANDS = frozenset({"Exec", "PodmanArgs", "HealthCmd"})
"""Of Quadlet files, besides all that begins with Exec."""
_MOUNT = Word("mount", 0, 0)
"""Before the options of a mount, which are read as those of a command."""


def crontab_secrets(text: str, *, users: bool | None) -> Iterator[CommandSecret]:
    """The secrets of a crontab; `users`: of the system's, which says as whom each command runs. None: perhaps."""
    seen: set[int] = set()
    for with_users in (False, True) if users is None else (users,):
        for found in _in_crontab(text, users=with_users):
            if found.start not in seen:
                seen.add(found.start)
                yield found


def _in_crontab(text: str, *, users: bool) -> Iterator[CommandSecret]:
    read = list(read_crontab(text, users=users))
    variables = siblings_of({one.name: one.value.text for one in read if isinstance(one, CronSetting)})
    for one in read:
        if isinstance(one, CronSetting):
            yield from assignment_secrets(one.name, one.value, variables)
        else:
            for found in command_secrets(one.text, variables):
                yield found.moved(one.first(found.start), one.last(found.end))


def unit_secrets(text: str) -> Iterator[CommandSecret]:
    """The secrets of a unit, a drop-in or a Quadlet file."""
    read = list(read_unit(text))
    assigned = [pair for one in read if one.name in _ENVIRONMENT for pair in _assigned(one)]
    variables = siblings_of({name: value.text for name, value in assigned})
    for name, value in assigned:
        yield from assignment_secrets(name, value, variables)
    for one in read:
        yield from _of_setting(one, variables)


def _assigned(setting: UnitSetting) -> Iterator[tuple[str, Word]]:
    for word in unit_words(setting.value):
        name, equals, _ = word.text.partition("=")
        if equals:
            yield name, word.part(len(name) + 1)


def _of_setting(setting: UnitSetting, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    if setting.name.startswith("Exec") or setting.name in _COMMANDS:
        yield from argument_secrets(unit_words(setting.value, command=True), variables)
    elif setting.name == "Options":
        yield from argument_secrets((_MOUNT, *unit_words(setting.value)), variables)
    elif setting.name == "SetCredential":
        name, value = credential(setting.value)
        if not not_a_secret(value.text):
            yield from assignment_secrets(name, value, variables)
