"""One way to write a secret in one format, and the files made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.quality.quoting import Quote
from tests.quality.values import OTHER_VALUES, QUIET, QUIET_NAMES, SECRET_NAMES, SECRETS, Make

_USERS = ("deploy", "ci-bot", "alice", "svc-build")
_HOSTS = ("registry.acme.org", "ghcr.io", "registry.gitlab.com", "harbor.kestrel.dev")


@dataclass(frozen=True, slots=True)
class Form:
    """`template` holds `%value%`, and may hold `%user%`, `%host%` and the name, written as `%name%`,
    `%name.%`, `%na-me%`, `%Name%` or `%nAme%`."""

    format: str
    shape: str
    path: str
    template: str
    quote: Quote = str
    secrets: Mapping[str, Make] = field(default_factory=lambda: SECRETS)
    quiet: Mapping[str, Make] = field(default_factory=lambda: QUIET)
    quiet_quote: Quote | None = None
    """How quiet values are written, where not as secrets are: `${X}` is no reference any more once it is escaped."""
    names: Sequence[str] = SECRET_NAMES
    described: bool = True
    """Whether a name about secrets may hold something else; what a format itself calls sensitive may not."""
    head: str = ""
    """What stands before the template, and is not filled in."""


@dataclass(frozen=True, slots=True)
class Example:
    """One file. Without a secret it is a quiet twin."""

    form: Form
    kind: str
    """The value's shape."""
    text: str = field(repr=False)
    first: int
    last: int
    """Lines of the value."""
    secret: str | None = field(repr=False)


def secret_examples(form: Form, random: Random, rounds: int = 1) -> list[Example]:
    """One for each shape that the format can hold, `rounds` times."""
    made = []
    for kind, make in form.secrets.items():
        for _ in range(rounds):
            value = make(random)
            written = form.quote(value)
            if written is not None:
                made.append(_example(form, kind, random.choice(form.names), written, random, value))
    return made


def quiet_examples(form: Form, random: Random) -> list[Example]:
    """The same with what is no secret, and, where the format has names, under names that are about secrets."""
    made = []
    quote = form.quiet_quote or form.quote
    for kind, make in form.quiet.items():
        written = quote(make(random))
        if written is not None:
            made.append(_example(form, kind, random.choice(form.names), written, random, None))
    if form.described and "%na" in form.template.lower():
        for kind, make in OTHER_VALUES.items():
            written = quote(make(random))
            if written is not None:
                made.append(_example(form, kind, random.choice(QUIET_NAMES), written, random, None))
    return made


def _example(form: Form, kind: str, name: str, written: str, random: Random, secret: str | None) -> Example:
    camel = "".join(part.title() for part in name.split("_"))
    filled = form.template
    for mark, text in (
        ("%name%", name), ("%name.%", name.lower()), ("%Name%", camel), ("%nAme%", camel[0].lower() + camel[1:]),
        ("%na-me%", name.lower().replace("_", "-")), ("%user%", random.choice(_USERS)),
        ("%host%", random.choice(_HOSTS)),
    ):  # fmt: skip
        filled = filled.replace(mark, text)
    text = form.head + filled
    first = text[: text.index("%value%")].count("\n") + 1
    return Example(form, kind, text.replace("%value%", written), first, first + written.count("\n"), secret)
