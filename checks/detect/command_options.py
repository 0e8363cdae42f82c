"""The flags and other words of a command line, and the command that a wrapper starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks import late
from checks.detect.command_forms import BY_PROGRAM, STARTERS, WRAPPERS, Form
from checks.formats.shell_words import Word

_ASSIGNMENT = late.compile(r"[A-Za-z_]\w*=", re.ASCII)
_DOCKER_VARIABLE = late.compile(r"\$\{?(?P<name>docker|podman|kubectl|helm)\w*\}?", re.IGNORECASE | re.ASCII)
_NO_VALUE = frozenset({"--", "-it", "-ti", "-i", "-t", "-d", "--rm", "--tty", "--interactive", "--privileged"})
DEEPEST = 6
"""Wrappers around wrappers."""


class Option(NamedTuple):
    flag: str
    value: Word


class Line(NamedTuple):
    """What stands behind the program: flags with values, flags alone, and the other words."""

    options: tuple[Option, ...]
    bare: frozenset[str]
    others: tuple[Word, ...]
    doubtful: frozenset[int]
    """Which of the other words may be the value of the unknown flag before it."""


def program_of(word: Word) -> str:
    """The program's name without its folder; `$DOCKER` is docker."""
    text = word.text
    if match := _DOCKER_VARIABLE.fullmatch(text):
        return match["name"].lower()
    return text.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".exe")


def parse(words: tuple[Word, ...], form: Form) -> Line:
    """Reads the words behind the program as this form's flags: `-p v`, `-pv`, `--password=v`, `-itp v`, `/p:v`."""
    valued = form.secrets | form.pairs | form.users | form.hosts | form.other
    options: list[Option] = []
    bare: set[str] = set()
    others: list[Word] = []
    doubtful: set[int] = set()
    position, unknown = 1, False
    while position < len(words):
        word = words[position]
        position += 1
        text = word.text
        if text == "--" or (form.leading and others):
            others += words[position - (text != "--") :]
            break
        flag, value = _flag(word, valued, clusters=not form.long)
        if not flag and (len(text) < 2 or text[0] != "-"):
            if unknown:
                doubtful.add(len(others))
            others.append(word)
            unknown = False
            continue
        unknown = not flag and "=" not in text
        if not flag:
            bare.add(text)
        elif value:
            options.append(Option(flag, value))
        elif position < len(words) and flag not in form.glued:
            options.append(Option(flag, words[position]))
            position += 1
    return Line(tuple(options), frozenset(bare), tuple(others), frozenset(doubtful))


def _flag(word: Word, valued: frozenset[str], *, clusters: bool) -> tuple[str, Word | None]:
    """The flag in this word that takes a value, empty where there is none, and the value that is in the same word."""
    text = word.text
    if text in valued:
        return text, None
    if not text.startswith(("-", "/")):
        return "", None
    name, separator, _ = text.partition("=" if text[0] == "-" else ":")
    if separator and name in valued:
        return name, word.part(len(name) + 1)
    if text.startswith(("--", "/")) or not clusters:
        return "", None
    for index, letter in enumerate(text[1:40], 1):
        if f"-{letter}" in valued:
            rest = index + 1
            return f"-{letter}", word.part(rest) if rest < len(text) else None
        if not letter.isalpha():
            break
    return "", None


def behind(line: Line, subcommands: tuple[str, ...]) -> tuple[Word, ...] | None:
    """The words behind these subcommands, or None where they do not stand there in this order."""
    position = 0
    for wanted in subcommands:
        choices = wanted.split("|")
        while position in line.doubtful and line.others[position].text not in choices:
            position += 1
        if position >= len(line.others) or line.others[position].text not in choices:
            return None
        position += 1
    return line.others[position:]


def levels(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """The command, then the one that it starts, and so on: `sudo -E docker exec db mysql`."""
    for _ in range(DEEPEST):
        if not words:
            return
        yield words
        words = _inner(words)


def _inner(words: tuple[Word, ...]) -> tuple[Word, ...]:
    program = program_of(words[0])
    if program in WRAPPERS:
        return _behind_wrapper(words, program)
    if program in STARTERS:
        for index in range(1, min(len(words), 60)):
            before = words[index - 1].text
            named = before.startswith("-") and before not in _NO_VALUE  # `--name mysql` names a container
            if not named and program_of(words[index]) in BY_PROGRAM:
                return words[index:]
    return ()


def _behind_wrapper(words: tuple[Word, ...], program: str) -> tuple[Word, ...]:
    position, numbers = 1, program == "timeout"
    while position < len(words):
        text = words[position].text
        if text in WRAPPERS[program]:
            position += 2
        elif text.startswith("-") or _ASSIGNMENT.match(text):
            position += 1
        elif numbers:
            position, numbers = position + 1, False
        else:
            break
    return words[position:]
