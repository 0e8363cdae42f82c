"""Logins in the text of a shell: `docker login` and its like, and where the password comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from checks import late
from checks.detect.command_forms import BY_PROGRAM, SHELLS, Form
from checks.detect.command_options import Line, behind, levels, parse, program_of
from checks.detect.document_names import SCRIPTS, snake
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.shell_words import Command, Word, commands
from checks.formats.yaml_positions import Node, walk
from checks.model.use import Use
from checks.uses.references import AUTOMATIC, NOTHING, Held, held, reference_in, references_in, without_expressions
from checks.uses.registries import split_image
from checks.uses.source import Source

_WORTH = late.compile(r"login|registry-auth|docker-password|creds|auths|AUTH_CONFIG|dockerconfig", re.IGNORECASE)
_DEEPEST = 4
_PRINTING = frozenset({"echo", "printf", "cat", "tee"})
_PASSING_ON = frozenset({"tr", "cat", "tee", "head", "tail", "sed", "base64"})
_AUTHS = late.compile(r'\\*"auths\\*"\s{0,20}:\s{0,20}\{')
_ENTRY = late.compile(r'\\*"(?P<key>[^"\\]{1,200}+)\\*"\s{0,20}:\s{0,20}\{')
_MOST_ENTRIES = 50
_WRITES = "a script that writes docker's config.json"
_HOLDS_SECRET = late.compile(r"PASS|TOKEN|AUTH|SECRET|PAT\b|PWD|CRED|DOCKERCONFIG", re.IGNORECASE)
_CONFIG_NAME = late.compile(r"DOCKER_?(?:AUTH_?)?CONFIG(?:_?JSON)?|DOCKERCONFIGJSON|DOCKER_AUTH", re.IGNORECASE)
_TO_TARGET = ("--dest", "--dcreds", "--to")
_ARGUMENTS = 3
"""Words of a command that name where a password comes from: `aws ecr get-login-password`."""
_LONGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CommandLogin:
    """One login. `registry` is its text, a variable perhaps; `start` is an offset of the text that was read."""

    start: int
    what: str
    registry: str
    username: str
    value: Held


def logins(text: str) -> Iterator[CommandLogin]:
    """The logins of a shell text, in order. Linear, and without exceptions, whatever the text."""
    if len(text) <= _LONGEST and _WORTH.search(text):
        yield from _in_text(without_expressions(text), 0)


def script_uses(
    source: Source,
    kind: str,
    update: str,
    roots: tuple[Node, ...] | None = None,
    as_shell: Callable[[str], str] = lambda text: text,
) -> Iterator[Use]:
    """The logins in everything that the documents hand to a shell: `run`, `script`, `command` and the like.

    `as_shell` spells a system's own variables in the shell's way, each sign in its place.
    """
    for root in source.yaml if roots is None else roots:
        for path, node in walk(root):
            if node.kind == "scalar" and path and snake(path[-1]) in SCRIPTS and _WORTH.search(node.text):
                for login in logins(as_shell(node.text)):
                    if not login.value.automatic:
                        yield login_use(source, kind, login, source.line_within(node, login.start), update)


def login_use(source: Source, kind: str, login: CommandLogin, line: int, update: str) -> Use:
    return source.use(
        kind, login.what, line, registry=login.registry, username=login.username, value=login.value, update=update
    )


def _in_text(text: str, depth: int) -> Iterator[CommandLogin]:
    for command in commands(text):
        yield from _in_command(command, depth)


def _in_command(command: Command, depth: int) -> Iterator[CommandLogin]:
    started = list(levels(command.words))
    for words in started:
        program = program_of(words[0])
        for form in BY_PROGRAM.get(program, ()):
            if form.what == "registry login" and (found := _login(form, words, command)):
                yield found
                break
        if program == "docker" and any(word.text == "--with-registry-auth" for word in words):
            yield CommandLogin(words[0].start, "docker with --with-registry-auth", "", "", NOTHING)
    if depth < _DEEPEST:
        shell = any(program_of(words[0]) in SHELLS - _PRINTING for words in started)
        for inner in _inner(command, shell=shell):
            for one in _in_text(inner.text, depth + 1):
                yield replace(one, start=inner.first(one.start))
    yield from _written(command)


def _login(form: Form, words: tuple[Word, ...], command: Command) -> CommandLogin | None:
    line = parse(words, form)
    rest = behind(line, form.words)
    if rest is None or "--help" in line.bare or "-h" in line.bare:
        return None
    value, start = _password(form, line, command)
    if not form.registry and not value.known and not (form.words and form.hosts):
        return None
    pair = next((option.value.text for option in line.options if option.flag in form.pairs), "")
    username = next((option.value.text for option in line.options if option.flag in form.users), "")
    what = " ".join((program_of(words[0]), *(word.split("|")[0] for word in form.words)))
    if not form.words:
        what = f"{what} with a login"
    if "create" in {word.text for word in rest} and form.hosts and not form.words:
        what = f"{program_of(words[0])} create secret docker-registry"
    return CommandLogin(
        start if start is not None else words[0].start,
        what,
        _registry(form, line, rest),
        username or pair.partition(form.separator)[0],
        value,
    )


def _registry(form: Form, line: Line, rest: tuple[Word, ...]) -> str:
    named = next((option.value.text for option in line.options if option.flag in form.hosts), "")
    if form.registry:
        return next((word.text for word in rest if word.text), named) or HUB_CONTAINERS_NAME
    if form.image:
        to_target = any(option.flag.startswith(_TO_TARGET) for option in line.options if option.flag in form.pairs)
        images = (word.text for word in (rest[::-1] if to_target else rest) if "/" in word.text)
        return next((registry for image in images if (registry := split_image(image)[0])), "")
    return named.removesuffix(form.domain) + form.domain if named else ""


def _password(form: Form, line: Line, command: Command) -> tuple[Held, int | None]:
    for option in line.options:
        if option.flag in form.secrets:
            return held(option.value.text), option.value.start
        if option.flag in form.pairs:
            _, separator, secret = option.value.text.partition(form.separator)
            return held(secret if separator else option.value.text), option.value.start
    if form.fed & line.bare:
        return _fed(command)
    return NOTHING, None


def _fed(command: Command) -> tuple[Held, int | None]:
    """What is piped into this command: a word that is printed, a file, or what another program prints."""
    for _ in range(_DEEPEST):
        if command.stdin_text:
            return held(command.stdin_text.text), command.stdin_text.start
        if not command.piped_from or not command.piped_from.words:
            break
        command = command.piped_from
        words, program = command.words, program_of(command.words[0])
        if program in ("echo", "printf"):
            return held(words[-1].text), words[-1].start
        if program in _PASSING_ON and (len(words) < 2 or command.piped_from):
            continue
        name = words[-1].text if program == "cat" else " ".join(word.text for word in words[:_ARGUMENTS])
        return Held(reference_in(name) or name), words[0].start
    return NOTHING, None


def _inner(command: Command, *, shell: bool) -> Iterator[Word]:
    """Parts of a command that are commands themselves."""
    words = command.words
    for word in (*words, *(one.value for one in command.assignments)):
        if not _WORTH.search(word.text):
            continue
        line = any(char in word.text for char in " \n") and not word.text.startswith(("$(", "`"))
        if line and ((shell and word is not words[0]) or len(words) == 1):
            yield word
            continue
        for start, end in word.dynamic_spans:
            if word.text.startswith(("$(", "<("), start):
                yield word.part(start + 2, end - 1 if word.text.startswith(")", end - 1) else end)
            elif word.text.startswith("`", start) and end - start > 2:
                yield word.part(start + 1, end - 1)
    if shell and command.stdin_text and "\n" in command.stdin_text.text:
        yield command.stdin_text


def _names(text: str) -> Iterator[str]:
    """The variables of the text, those within a command too: `$(echo -n $USER:$PASSWORD | base64)`."""
    for name in references_in(text):
        yield from references_in(name) or [name]


def _written(command: Command) -> Iterator[CommandLogin]:
    """`echo '{"auths": ...}' > config.json`, and a whole file that a variable holds."""
    if not command.words or program_of(command.words[0]) not in _PRINTING:
        return
    for word in (*command.words[1:], *((command.stdin_text,) if command.stdin_text else ())):
        if auths := _AUTHS.search(word.text):
            yield from _entries(word, auths.end())
        elif config := next((name for name in references_in(word.text) if _CONFIG_NAME.fullmatch(name)), ""):
            yield CommandLogin(word.start, _WRITES, "", "", Held(config))


def _entries(word: Word, start: int) -> Iterator[CommandLogin]:
    """The logins of docker's file that a text is, each with the first variable that may hold its password."""
    found = list(islice(_ENTRY.finditer(word.text, start), _MOST_ENTRIES))
    ends = [*(entry.start() for entry in found[1:]), len(word.text)] if found else []
    for entry, end in zip(found, ends, strict=True):
        name = next((name for name in _names(word.text[entry.end() : end]) if _HOLDS_SECRET.search(name)), "")
        if name not in AUTOMATIC:
            yield CommandLogin(word.first(entry.start()), _WRITES, entry["key"], "", Held(name))
