"""Scripts, Makefiles, Dockerfiles and shell start-up files: every login that they do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.dockerfile import command_of, exec_words, read_dockerfile, triggered
from checks.model.use import Use
from checks.uses.commands import CommandLogin, login_use, logins
from checks.uses.registries import needs_login, split_image
from checks.uses.source import Source
from checks.uses.updating import IN_THIS_FILE

SHELL, MAKE, DOCKERFILE = "shell-script", "makefile", "dockerfile"
_RECIPE = late.compile(r"^(?P<tab>\t)[@+-]{1,3}[ \t]*", re.MULTILINE)
_MAKE_VARIABLE = late.compile(r"\$\((?P<name>[A-Za-z_][\w.]{0,100})\)")
_MAKE_SHELL = late.compile(r"\$\$(?P<name>\{?[A-Za-z_(])")
_ASSIGNED = late.compile(
    r"^[ \t]*+(?:export[ \t]++)?(?P<name>[A-Za-z_]\w{0,100}+)[ \t]*+[:?]?=[ \t]*+[\"']?(?P<value>[\w./:-]{1,200}+)",
    re.MULTILINE,
)
_WHERE = "the variable where this script is started"
_MOST = 2000


def read_script(source: Source) -> Iterator[Use]:
    return _of_text(source, SHELL, source.text)


def read_makefile(source: Source) -> Iterator[Use]:
    """A recipe's `@` is make's, `$(X)` its variable, and `$$X` the shell's. Lines stay as they are."""
    text = _RECIPE.sub(r"\g<tab>", source.text)
    text = _MAKE_VARIABLE.sub(r"${\g<name>}", text)
    return _of_text(source, MAKE, _MAKE_SHELL.sub(r"$\g<name>", text))


def _of_text(source: Source, kind: str, text: str) -> Iterator[Use]:
    assigned = {match["name"]: match["value"] for _, match in zip(range(_MOST), _ASSIGNED.finditer(text), strict=False)}
    known = Source(source.path, text, source.remote, assigned)
    for login in logins(text):
        if not login.value.automatic:
            yield known.with_need(_use(known, kind, login))


def _use(source: Source, kind: str, login: CommandLogin) -> Use:
    update = _WHERE if login.value.name else IN_THIS_FILE
    if not login.value.known and "--with-registry-auth" in login.what:
        update = "docker login, then this command again: the services keep a copy of the login"
    elif not login.value.known:
        update = "docker login on the machine that runs it"
    return login_use(source, kind, login, source.lines.at(login.start)[0], update)


def read_dockerfile_uses(source: Source) -> Iterator[Use]:
    """Images that it is built from, and logins in its commands."""
    stages: set[str] = set()
    for instruction in map(triggered, read_dockerfile(source.text)):
        line = source.lines.at(instruction.start)[0]
        if instruction.name == "FROM":
            words = [word for word in instruction.text.text.split() if not word.startswith("--")]
            image = words[0] if words else ""
            if len(words) > 2 and words[1].lower() == "as":
                stages.add(words[2].lower())
            if image.lower() not in stages and needs_login(split_image(image)[0]):
                yield source.use(DOCKERFILE, "FROM", line, image=image, update="docker login where it is built")
        elif instruction.name in ("RUN", "CMD", "ENTRYPOINT"):
            command = command_of(instruction)
            text = " ".join(word.text for word in exec_words(command.text)) or command.text
            for login in logins(text):
                at = command.first(min(login.start, len(command.text))) if text == command.text else instruction.start
                yield login_use(source, DOCKERFILE, login, source.lines.at(at)[0], _WHERE)
