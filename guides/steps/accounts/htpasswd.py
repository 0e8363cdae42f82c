"""A registry with an htpasswd file of one's own: a new user beside the old one, and the old one's line taken out."""

from __future__ import annotations

import difflib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.files.reading import Document, NotRead, read_file
from checks.formats.display import printable, shell_path
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.edits.atomic import NotWritten, Target, replace, temporary_for
from guides.registries import htpasswd
from guides.registries.htpasswd import NotAllowed, NotHtpasswd
from guides.steps.receiving import receive
from guides.steps.revoking import WORD, baseline, prove, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, StepFailed, action, text_of
from guides.stores.store import StoreError

MOST_BYTES = 1 << 20
USUAL = ("registry/htpasswd", "registry/auth/htpasswd", "auth/htpasswd", "docker-registry/auth/htpasswd")
USUAL_SYSTEM = ("etc/docker/registry/htpasswd", "etc/docker-registry/htpasswd", "auth/htpasswd")
PASSWORD_BYTES = 24
"""Random bytes of a new password: 32 characters, below what bcrypt looks at."""


class HtpasswdAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def evidence(self) -> Iterator[Action]:
        return iter(())

    def generate(self) -> Iterator[Action]:
        yield self._name_file()
        if not self.walk.case.htpasswd:
            yield self._commands()
        else:
            where = shell_path(self.walk.case.htpasswd, self.walk.home)
            yield Action("htpasswd", f"Add a user with a new password to {where}", self._offer_user, recommended=True)

    def revoke(self) -> Iterator[Action]:
        if not self.walk.case.htpasswd:
            yield self._name_file()
        else:
            where = shell_path(self.walk.case.htpasswd, self.walk.home)
            yield Action(
                "htpasswd", f"Take the old user out of {where}, and prove it", self._offer_end, recommended=True
            )

    def _name_file(self) -> Action:
        return action(
            "file",
            "I run this registry: name its htpasswd file",
            self._named,
            asks=(Ask("path", AskKind.TEXT, "Path of the file on this machine", default=self._likely()),),
            confirm=False,
            recommended=not self.walk.case.htpasswd,
        )

    def _commands(self) -> Action:
        return action(
            "commands",
            "The file is on another machine: show the commands",
            self._shown,
            asks=(
                Ask("path", AskKind.TEXT, "Path of the file there", default="htpasswd"),
                Ask("username", AskKind.TEXT, "Name of the new user", default=f"{self.walk.case.username or 'user'}-2"),
            ),
            confirm=False,
        )

    def _shown(self, answers: Answers) -> Iterator[str]:
        """They ask for the password themselves; the new one is then pasted here, and verified."""
        path, name = text_of(answers, "path"), text_of(answers, "username")
        with _refused():
            yield f"There, now: {htpasswd.add_command(path, name)}"
            yield "Then paste the password that you gave it here, and it is verified."
            if self.walk.case.username:
                yield f"There, in the step Revoke: {htpasswd.remove_command(path, self.walk.case.username)}"

    def _likely(self) -> str:
        """The path that is known, else the first of the usual ones that is there."""
        home, root = self.walk.home, self.walk.around.workstation.root
        usual = [home / name for name in USUAL] + [root / name for name in USUAL_SYSTEM]
        return self.walk.case.htpasswd or next((str(path) for path in usual if path.is_file()), "")

    def _named(self, answers: Answers) -> Iterator[str]:
        path = Path(text_of(answers, "path")).expanduser()
        text = _text(_read(path))
        with _refused():
            users = htpasswd.users(text)
        self.walk.log(StepId.GENERATE, f"the registry's user file is {path}", htpasswd=str(path.absolute()))
        names = ", ".join(printable(user.name, 40) for user in users) or "nobody"
        yield f"In it: {names}."
        for user in users:
            if not user.kind.accepted:
                yield f"{printable(user.name, 40)} has a hash that the registry refuses ({user.kind.value})."

    def _offer_user(self) -> Offer:
        document = self._document()
        text = _text(document)
        with _refused():
            name = htpasswd.free_name(text, self.walk.case.username or "user")
        return Offer(
            lambda answers: self._add(document, text_of(answers, "username") or name),
            (
                "A random password is made, and kept in the case's store before the file is written: only its bcrypt "
                "hash stands there.",
                "The old user stays until the step Revoke.",
                *htpasswd.cautions(document.path),
            ),
            (f"  {document.path}", f"+ {name}:<a bcrypt hash>"),
            (Ask("username", AskKind.TEXT, "Name of the new user", default=name),),
            "Add",
        )

    def _add(self, document: Document, name: str) -> Iterator[str]:
        password = Secret(secrets.token_urlsafe(PASSWORD_BYTES))
        with _refused():
            text = htpasswd.with_user(_text(document), name, password)
        try:
            self.walk.secrets.prove()
            self.walk.secrets.put("new", password)
        except StoreError as error:
            raise StepFailed(f"nothing was changed: {error.reason}", error.mend) from None
        lost = f"look whether {printable(name)} stands in {document.path}: remove it, and make another"
        self.walk.begin(StepId.GENERATE, f"adding {printable(name)} to {document.path}", lost)
        _write(document, text)
        yield f"{shell_path(document.path, self.walk.home)} was written."
        yield from receive(self.walk, password, name)

    def _offer_end(self) -> Offer:
        document = self._document()
        name = self.walk.case.username
        with _refused():
            after = htpasswd.without_user(_text(document), name)
        diff = [line for line in difflib.ndiff(_text(document).splitlines(), after.splitlines()) if line[:1] in "+-"]
        shown = tuple(f"{line[:2]}{line[2:].partition(':')[0]}:<hash>" for line in diff)
        return Offer(
            lambda _: self._end(document, after),
            (*stops(self.walk), *htpasswd.cautions(document.path)),
            (f"  {document.path}", *shown),
            (WORD,),
            "Take it out",
        )

    def _end(self, document: Document, after: str) -> Iterator[str]:
        yield from baseline(self.walk)
        self.walk.begin(
            StepId.REVOKE, f"taking the old user out of {document.path}", "prove it: it may be done already"
        )
        _write(document, after)
        self.walk.settle(StepId.REVOKE, f"the old user is out of {document.path}")
        yield f"{shell_path(document.path, self.walk.home)} was written."
        yield from prove(self.walk)

    def _document(self) -> Document:
        return _read(Path(self.walk.case.htpasswd))


@contextmanager
def _refused() -> Iterator[None]:
    """What the file or the registry would not take, as the step's failure."""
    try:
        yield
    except (NotAllowed, NotHtpasswd) as error:
        raise StepFailed(str(error)) from None


def _read(path: Path) -> Document:
    try:
        return read_file(path, MOST_BYTES)
    except NotRead as error:
        raise StepFailed(f"{path}: {error.reason}") from None


def _text(document: Document) -> str:
    return document.data.decode("utf-8", "surrogateescape")


def _write(document: Document, text: str) -> None:
    before = document.path.stat().st_mtime_ns
    target = Target.of(document.path)
    if refusal := target.refusal():
        raise StepFailed(refusal)
    try:
        replace(target, temporary_for(target), document.data, text.encode("utf-8", "surrogateescape"), keep_mode=True)
    except NotWritten as error:
        raise StepFailed(str(error)) from None
    htpasswd.make_noticed(target.real, before)
