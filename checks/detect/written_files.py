"""What a command writes into a file whose name tells how it is read: `cat > ~/.netrc <<EOF`, `echo ... >> .npmrc`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from checks.detect.assignments import judge
from checks.detect.command_options import levels, program_of
from checks.detect.command_values import CommandSecret, assignment_secrets, auth_file_secrets
from checks.detect.values import not_a_secret
from checks.detect.weak_values import is_weak
from checks.formats.dotenv import read_dotenv
from checks.formats.located import Login
from checks.formats.registry_names import provider_of, registry_of
from checks.formats.shell_printed import printed
from checks.formats.shell_words import Command, Word
from checks.model.finding import Confidence
from checks.model.secret import Secret
from checks.tool_files.known_names import may_be_known

_PRINTING = frozenset({"echo", "printf"})
_PASSING_ON = frozenset({"cat", "tee", "envsubst"})
_DOCKER_FILES = frozenset({"config.json", "auth.json", ".dockercfg", ".dockerconfigjson"})
_LONGEST = 256 * 1024
_DEEPEST = 6
"""Commands of a pipe."""


def written_secrets(command: Command, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """The secrets of the files that this command writes, read as whoever owns such a file reads it."""
    targets = [target for target in _targets(command) if _kind(target.text)]
    text = _output(command) if targets else None
    if text and text.text.strip():
        for target in targets:
            yield from file_secrets(target, text, variables)


def file_secrets(target: Word, text: Word, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """The same where name and text of the file are known; parts that only a running shell knows are no secrets."""
    kind = _kind(target.text) if len(text.text) <= _LONGEST else ""
    if kind == "docker":
        yield from auth_file_secrets(text, "docker login written by a command")
    elif kind == "environment":
        for one in read_dotenv(text.text):
            yield from assignment_secrets(one.name, text.part(one.start, one.end), variables)
    elif kind:
        yield from _of_tool(PurePath(target.text.lower()), text)


def _kind(path: str) -> str:
    """Who reads a file of this name, empty where nobody is known."""
    folder, _, name = path.lower().rpartition("/")
    if name in _DOCKER_FILES:
        return "docker"
    if name == "environment" or name.endswith(".env") or name.startswith(".env."):
        return "environment"
    return "tool" if may_be_known(name, folder) else ""


def _of_tool(path: PurePath, text: Word) -> Iterator[CommandSecret]:
    from checks.tool_files.places import tool_of  # all the tools: only for who has met one

    tool = tool_of(path)
    if not tool or tool.encrypted:
        return
    starts = _line_starts(text.text)
    for login in tool.read(text.text).found:
        written, confidence = _written(text, login, starts), _confidence(login)
        if confidence and not written.dynamic:
            what = f"{tool.subject} credential written by a command"
            found = CommandSecret.of(written, _registry(login.host), login.username or None, what, confidence)
            read = login.secret.text
            yield found if read == written.text else found._replace(secret=Secret(read))


def _registry(host: str) -> str | None:
    registry = registry_of(host) if host else ""
    return registry if registry and provider_of(registry, "") else None


def _confidence(login: Login) -> Confidence | None:
    value = login.secret.text
    if login.named:
        return judge(login.field.rpartition("/")[2], value)
    if not value or not_a_secret(value) or (value[0] == "<" and ">" not in value):
        return None  # `password <your token>` has two words
    return Confidence.POSSIBLE if login.doubtful or is_weak(value) else Confidence.LIKELY


def _written(text: Word, login: Login, starts: list[int]) -> Word:
    """How the secret is written: up to the end of its line where an encoding or escapes hide where it ends."""
    held = login.secret
    start = starts[held.line - 1] + held.column - 1
    if text.text.startswith(held.text, start):
        return text.part(start, start + len(held.text))
    end = starts[held.end_line] - 1 if held.end_line < len(starts) else len(text.text)
    return text.part(start, max(start, len(text.text[:end].rstrip("\"' \t\r\n"))))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts[:-1]


def _targets(command: Command) -> Iterator[Word]:
    if command.written_to:
        yield command.written_to
    if any(word.text.endswith("tee") for word in command.words):
        words = _known(command)
        if words and program_of(words[0]) == "tee":
            yield from (word for word in words[1:] if not word.text.startswith("-"))


def _output(command: Command, depth: int = 0) -> Word | None:
    """What the command writes, where the command line says it literally."""
    words = _known(command)
    program = program_of(words[0]) if words else ""
    if program in _PRINTING:
        return printed(words, program)
    if depth > _DEEPEST or (command.words and program not in _PASSING_ON):
        return None
    if command.stdin_text:
        return command.stdin_text
    return _output(command.piped_from, depth + 1) if command.piped_from else None


def _known(command: Command) -> tuple[Word, ...]:
    """The command, behind `sudo` and the like, where it is one that only writes."""
    for words in levels(command.words):
        if program_of(words[0]) in _PRINTING | _PASSING_ON:
            return words
    return ()
