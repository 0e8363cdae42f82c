"""The command of a RUN as its parts: pipelines with `&&` or `;` between them, one of which may go."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from checks.formats.shell_words import Command, Word, commands

_RESERVED = re.compile(r"(?:if|then|else|elif|fi|do|done|while|until|for|case|esac|function|in)(?![\w-])|[!{}()]|\[\[")
_SIGNS = ("&&", "||", ";;", ";", "&", "|", "(", "{")
_BEFORE = frozenset({"sudo", "env", "command", "exec", "time", "nohup", "eval"})
_TARGET = re.compile(r"(?<![0-9&<>])>{1,2}[ \t]*(?P<target>\"[^\"]*\"|'[^']*'|[^\s;&|<>]+)")
_NOWHERE = ("/dev/null", "/dev/stderr", "/dev/stdout", "&")


@dataclass(frozen=True, slots=True)
class Part:
    """One pipeline of a command. `start` to `stop` is its text there, up to `end` what separates it from the next."""

    start: int
    stop: int
    end: int
    text: str = field(repr=False)
    commands: tuple[Command, ...] = field(repr=False)

    @property
    def programs(self) -> tuple[str, ...]:
        return tuple(name for one in self.commands if (name := program_of(one)))

    @property
    def targets(self) -> tuple[str, ...]:
        """Files that its output is written to."""
        found = [one["target"].strip("\"'") for one in _TARGET.finditer(self.text)]
        for one in self.commands:
            if program_of(one) == "tee":
                found += [word.text for word in arguments_of(one) if not word.text.startswith("-")]
        return tuple(one for one in found if not one.startswith(_NOWHERE))


@dataclass(frozen=True, slots=True)
class Chain:
    """The parts in order. `plain`: nothing but `&&` and `;` is between them, so that one can be taken out."""

    parts: tuple[Part, ...]
    plain: bool


def chain_of(text: str) -> Chain:
    groups: list[list[Command]] = []
    for command in commands(text):
        if command.piped_from is not None and groups:
            groups[-1].append(command)
        else:
            groups.append([command])
    ends = [*(group[0].offset for group in groups[1:]), len(text)]
    parts, plain = [], bool(groups) and not text[: groups[0][0].offset].strip()
    for group, end in zip(groups, ends, strict=True):
        start = group[0].offset
        body = text[start:end].rstrip(" \t\r\n\\")
        sign = next((one for one in _SIGNS if body.endswith(one)), "")
        body = body.removesuffix(sign).rstrip()
        plain = plain and sign in (("&&", ";") if end < len(text) else ("", ";")) and _is_plain(text, group, body)
        parts.append(Part(start, start + len(body), end, body, tuple(group)))
    return Chain(tuple(parts), plain)


def program_of(command: Command) -> str:
    """Its program's own name; empty where it has none."""
    words = _words(command)
    return posixpath.basename(words[0].text) if words else ""


def arguments_of(command: Command) -> Sequence[Word]:
    return _words(command)[1:]


def _words(command: Command) -> Sequence[Word]:
    words = command.words
    while words and (words[0].text in _BEFORE or "=" in words[0].text):
        words = words[1:]
    return words


def _is_plain(text: str, group: list[Command], body: str) -> bool:
    stop = group[0].offset + len(body)
    last = max([word.end for one in group for word in one.words], default=stop)
    return not _RESERVED.match(body) and not any(sign in text[last:stop] for sign in "()")
