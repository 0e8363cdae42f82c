"""What a command gives away: a password among its arguments, in what is piped into it, in a variable it is given."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise

from checks import late
from checks.detect.command_forms import BY_PROGRAM, SHELLS, Form
from checks.detect.command_options import Line, behind, levels, parse, program_of
from checks.detect.command_values import (
    CommandSecret,
    assignment_secrets,
    confidence_of,
    is_literal,
    registry_of_url,
    setting_confidence,
    word_secrets,
)
from checks.formats.registry_names import HUB_CONTAINERS_NAME, registry_of
from checks.formats.shell_words import Command, Word, commands
from checks.formats.traced_text import Piece
from checks.model.finding import Confidence

__all__ = ["CommandSecret", "argument_secrets", "command_secrets", "parsed_secrets", "siblings_of"]

_DEEPEST = 6
"""Commands inside commands: `bash -c "ssh host 'docker login ...'"`."""
_MOST_SIBLINGS = 200
_SIBLING = late.compile("USER|LOGIN|REGISTRY|HOST|URL|SERVER|ACR_NAME", re.IGNORECASE)
_PASSING_ON = frozenset({"tr", "cat", "tee", "head", "tail", "sed", "pv"})
_SETTING_FLAGS = frozenset({"-e", "--env", "--build-arg", "--label"})
"""Before `NAME=value`, where blanks belong to the value."""
_FORMAT = late.compile(r"%[-0-9.]*[sbq]")
_TO_TARGET = ("--dest", "--dcreds", "--to")
_ENDS_WITH_NEWLINE = late.compile(r"(?:\\n|\\r|\n)+\Z")
_ORACLE_LOGIN = late.compile(r"(?:userid=)?(?P<user>[\w.$#]{1,60})/(?P<secret>[^/@\s][^@\s]{0,200})(?:@|\Z)")
_SETTING = late.compile(r"[A-Za-z_]\w*=.", re.ASCII | re.DOTALL)
_COMMENTED = late.compile(
    r"(?m)^[ \t]*+#+[ \t]*+(?P<command>(?:[\w$./-]++[ \t]++|(?:export[ \t]++)?[A-Za-z_]\w*+=)[^\n]++)"
)
_PROGRAM = late.compile(r"(?:sudo[ \t]++)?(?P<name>[\w./-]++)(?P<assigned>=)?")
_ASSIGNING = frozenset({"export", "setenv", "set", "declare", "typeset", "env"})


def command_secrets(
    text: str, variables: Mapping[str, str] | None = None, *, fish: bool = False
) -> Iterator[CommandSecret]:
    """The secrets of a shell text, each place once; `start` and `end` are offsets into this text.

    Any text will do: a script, one command line, a `run:` block, with CRLF or without a newline at its end. `variables`
    are the text's own or its neighbours' assignments: they tell the registry and user of a password; None takes those
    of the text. `fish`: the text is fish's, which quotes in its own way. It never raises, and is linear in time.
    """
    yield from parsed_secrets(list(commands(text, fish=fish)), text, variables)


def parsed_secrets(
    parsed: list[Command], text: str, variables: Mapping[str, str] | None = None
) -> Iterator[CommandSecret]:
    """The same where the text's commands are known, of another shell's language for example."""
    siblings = siblings_of(_assigned(parsed) if variables is None else variables)
    found = (one for command in parsed for one in _in_command(command, siblings, 0))
    yield from _once(chain(found, _in_comments(text, siblings)))


def argument_secrets(words: Sequence[Word], variables: Mapping[str, str] | None = None) -> Iterator[CommandSecret]:
    """The same for a command that is already in words, the program first, as in `CMD ["docker", "login", ...]`."""
    command = Command(tuple(words), (), None, None, words[0].start if words else 0)
    yield from _once(_in_command(command, siblings_of(variables or {}), 0))


def _once(found: Iterable[CommandSecret]) -> Iterator[CommandSecret]:
    """Where two rules see the same, the one that knows more comes first; a part of a certain secret is none itself."""
    held = list(found)
    certain = sorted((one.start, one.end) for one in held if one.confidence is Confidence.CERTAIN)
    starts: set[int] = set()
    ends: set[int] = set()
    for one in held:
        at = bisect_right(certain, (one.start, sys.maxsize)) - 1
        within = at >= 0 and one.confidence < Confidence.CERTAIN and one.end <= certain[at][1]
        if not within and one.start not in starts and one.end not in ends:
            starts.add(one.start)
            ends.add(one.end)
            yield one


def _assigned(parsed: list[Command]) -> dict[str, str]:
    """What the text assigns, where that is known without running it; the last one counts."""
    found = (one for command in parsed for one in command.assignments)
    return {one.name: one.value.text for one in found if not one.value.dynamic}


def siblings_of(variables: Mapping[str, str]) -> dict[str, str]:
    """Those that may tell a registry or a user, the last few: each password looks through all of them."""
    telling = [name for name in variables if _SIBLING.search(name)]
    return {name: variables[name] for name in telling[-_MOST_SIBLINGS:]}


def _in_comments(text: str, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """A command that was commented out still shows its secret; less surely, as comments show examples too."""
    for comment in _COMMENTED.finditer(text) if "#" in text else ():
        start, end = comment.span("command")
        program = _PROGRAM.match(text, start, end)
        if program and (program["assigned"] or program["name"] in BY_PROGRAM or program["name"] in _ASSIGNING):
            for found in _in_text(Word(text[start:end], start, end), variables, _DEEPEST):
                if found.confidence > Confidence.POSSIBLE:
                    yield found._replace(confidence=Confidence(found.confidence - 1))


def _in_text(text: Word, variables: Mapping[str, str], depth: int) -> Iterator[CommandSecret]:
    """Secrets of a text that may itself be a word, with the offsets of the outermost source."""
    for command in commands(text.text):
        for found in _in_command(command, variables, depth):
            yield found.moved(text.first(found.start), text.last(found.end))


def _in_command(command: Command, variables: Mapping[str, str], depth: int) -> Iterator[CommandSecret]:
    for one in command.assignments:
        yield from assignment_secrets(one.name, one.value, variables)
    started = [(program_of(words[0]), words) for words in levels(command.words)]
    programs = {program for program, _ in started}
    if command.written_to or "tee" in programs:
        from checks.detect.written_files import written_secrets  # only for who has met one

        yield from written_secrets(command, variables)
    for program, words in started:
        for form in BY_PROGRAM.get(program, ()):
            yield from _in_form(form, words, command)
    if depth < _DEEPEST:
        for inner in _inner_texts(command, not programs.isdisjoint(SHELLS)):
            yield from _in_text(inner, variables, depth + 1)
    if command.words:
        yield from word_secrets(command.words, variables)


def _inner_texts(command: Command, shell: bool) -> Iterator[Word]:
    """Parts of a command that are commands themselves, each character in one of them."""
    words, stdin = command.words, command.stdin_text
    named = len(words) > 1 and words[0].text in ("alias", "abbr")
    ends = {word.end for word in words}
    values = (one.value for one in command.assignments if one.value.end not in ends)
    script = stdin is not None and "\n" in stdin.text
    for word in (*words, *values, *((stdin,) if stdin and not script else ())):
        line = any(char in word.text for char in " \n") and not word.text.startswith(("$(", "`"))
        if line and ((shell and word is not words[0] and not _is_setting(word, words)) or len(words) == 1):
            yield word.part(word.text.find("=") + 1) if named else word
            continue
        for start, end in word.dynamic_spans:
            if inner := _substituted(word, start, end):
                yield inner
    if stdin and script:
        yield stdin


def _is_setting(word: Word, words: tuple[Word, ...]) -> bool:
    """Whether it is the value of a flag that sets a variable: blanks belong to it, and it is no command."""
    return any(two is word and one.text in _SETTING_FLAGS for one, two in pairwise(words))


def _substituted(word: Word, start: int, end: int) -> Word | None:
    """The command in this expansion, `$(command)`, `<(command)` or between back-quotes."""
    if word.text.startswith(("$(", "<(", ">("), start):
        return word.part(start + 2, end - 1 if word.text.startswith(")", end - 1) else end)
    if word.text.startswith("`", start) and end - start > 2:
        return word.part(start + 1, end - 1)
    return None


def _in_form(form: Form, words: tuple[Word, ...], command: Command) -> Iterator[CommandSecret]:
    line = parse(words, form)
    rest = behind(line, form.words)
    if rest is None or len(rest) < form.least:
        return
    if form.needs and not any(re.fullmatch(form.needs, word.text) for word in words[1:]):
        return
    registry, username = _registry(form, line, rest), _user(form, line)
    sure = Confidence.CERTAIN if form.registry else Confidence.LIKELY
    for option in line.options:
        if option.flag in form.secrets and option.value.text.startswith(form.prefix):
            yield from _given(form, option.value.part(len(form.prefix)), registry, username, sure)
        elif option.flag in form.pairs:
            user, separator, _ = option.value.text.partition(form.separator)
            if separator:
                to_target = form.image and option.flag.startswith(_TO_TARGET)
                host = _registry_of_images(rest[::-1]) if to_target else registry
                yield from _given(form, option.value.part(len(user) + 1), host, user, Confidence.LIKELY)
    if "1" in form.pairs and rest and (login := _ORACLE_LOGIN.match(rest[0].text)):
        yield from _given(form, rest[0].part(*login.span("secret")), None, login["user"], Confidence.LIKELY)
    if form.position is not None:
        yield from _in_place(form, rest)
    if form.settings:
        yield from _settings(form, rest)
    if form.fed and ("*" in form.fed or form.fed & line.bare) and (fed := _fed(command)):
        yield from _given(form, fed, registry, username, sure)


def _given(
    form: Form, value: Word, registry: str | None, username: str | None, sure: Confidence
) -> Iterator[CommandSecret]:
    if "chpasswd" in form.programs:
        username, _, _ = value.text.partition(":")
        value = value.part(min(len(username) + 1, len(value.text)))
    value = _echoed(value) or value
    confidence = confidence_of(value, sure)
    if confidence is Confidence.POSSIBLE and form.registry:
        confidence = Confidence.LIKELY  # a password that everybody knows opens this registry all the same
    if confidence:
        yield CommandSecret.of(value, registry, username or None, f"{form.what} on a command line", confidence)


def _in_place(form: Form, rest: tuple[Word, ...]) -> Iterator[CommandSecret]:
    count, place = len(rest), form.position or 0
    if not -count <= place < count:
        return
    value = rest[place]
    if form.prefix and value.text.startswith(form.prefix):
        value = value.part(len(form.prefix))
    elif form.prefix and _SETTING.match(value.text):
        return
    user = rest[form.user] if form.user is not None and -count <= form.user < count else None
    username = user.text if user and not user.dynamic else None
    yield from _given(form, value, None, username, Confidence.LIKELY)


def _user(form: Form, line: Line) -> str | None:
    found = [option.value for option in line.options if option.flag in form.users]
    return found[-1].text if found and not found[-1].dynamic else None


def _registry(form: Form, line: Line, rest: tuple[Word, ...]) -> str | None:
    named = [option.value for option in line.options if option.flag in form.hosts]
    if form.registry:
        named = [word for word in rest if word.text] or named
        if not named:
            return HUB_CONTAINERS_NAME
    elif form.image:
        return _registry_of_images(rest)
    elif form.url:
        addresses = (*rest, *(option.value for option in line.options if option.flag == "--url"))
        return next((found for word in addresses if (found := registry_of_url(word))), None)
    if not named or named[0].dynamic:
        return None
    return registry_of(named[0].text.removesuffix(form.domain) + form.domain)


def _registry_of_images(words: tuple[Word, ...]) -> str | None:
    return next((found for word in words if (found := _registry_of_image(word))), None)


def _registry_of_image(word: Word) -> str | None:
    reference = word.text.removeprefix("docker://")
    host, slash, _ = reference.partition("/")
    if word.dynamic or not slash or not ("." in host or ":" in host or host == "localhost"):
        return HUB_CONTAINERS_NAME if word.text.startswith("docker://") and not word.dynamic else None
    return registry_of(host)


def _settings(form: Form, rest: tuple[Word, ...]) -> Iterator[CommandSecret]:
    """`config set NAME VALUE`; `NAME=VALUE` is found as a word of any command."""
    for name, value in pairwise(rest):
        if is_literal(value) and (confidence := setting_confidence(name.text, value.text)):
            yield CommandSecret.of(value, None, None, f"{form.what} on a command line", confidence)
            return


def _fed(command: Command) -> Word | None:
    """What this command reads from its standard input, where the command line says it literally."""
    for _ in range(_DEEPEST):
        if command.stdin_text:
            return command.stdin_text.stripped()
        if not command.piped_from or not command.piped_from.words:
            return None
        command = command.piped_from
        program = program_of(command.words[0])
        if program in ("echo", "printf"):
            return _printed(command.words, program)
        if program not in _PASSING_ON:
            return None
    return None


def _echoed(word: Word) -> Word | None:
    """What `$(echo value)` gives, where that is the whole word."""
    inner = _substituted(word, 0, len(word.text)) if word.dynamic_spans == ((0, len(word.text)),) else None
    found = list(commands(inner.text)) if inner else []
    if not inner or len(found) != 1 or not found[0].words or found[0].words[0].text not in ("echo", "printf"):
        return None
    printed = _printed(found[0].words, found[0].words[0].text)
    if not printed:
        return None
    start, end = inner.first(printed.first(0)), inner.last(printed.last(len(printed.text)))
    return Word(printed.text, start, end, (Piece(0, start, end),), printed.dynamic_spans)


def _printed(words: tuple[Word, ...], program: str) -> Word | None:
    """The last word that echo or printf prints: the password is the only one, or ends the line."""
    arguments = [word for word in words[1:] if not (program == "echo" and re.fullmatch("-[neE]+", word.text))]
    if program == "printf" and len(arguments) > 1 and _FORMAT.search(arguments[0].text):
        arguments = arguments[1:]
    if len(arguments) != 1:
        return None
    printed = arguments[0]
    ending = _ENDS_WITH_NEWLINE.search(printed.text)
    return printed.part(0, ending.start()) if ending and program == "printf" else printed
