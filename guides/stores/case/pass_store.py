"""`pass`: entries below `dockhygiene/` in the person's own password store, where docker-credential-pass never looks.

`pass insert` writes over the encrypted file in place, so a kill in the middle would lose the old value. A new value is
therefore inserted as `NAME~`, read back, and then renamed by `pass mv`, which is one rename of the file.
A password store that is kept in git keeps what was erased in its history, encrypted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.secret import Secret
from guides.stores.answers import error_of
from guides.stores.case.spelling import MOST_SPELLED, spelled_line, unspell
from guides.stores.case.store import PREFIX, check_kept, check_name, is_name, probe
from guides.stores.program import Answer, find_program, run_program
from guides.stores.store import Probe, StoreError, StoreMissing, StoreRefused

SECONDS = 70.0
"""A person who types the key's passphrase needs a while; gpg-agent gives up by itself before."""

NEW = "~"
"""Ends the entry of a value that is not yet in its place; no name has it."""


@dataclass(frozen=True, slots=True)
class PassCaseStore:
    program: Path
    environ: Mapping[str, str] = field(repr=False)
    id: str = "pass"
    title: str = "pass (files encrypted with gpg)"
    timeout: float = SECONDS

    @classmethod
    def found(cls, environ: Mapping[str, str]) -> PassCaseStore:
        """Raises StoreMissing where `pass` is not installed or has no key. Starts nothing."""
        store = cls(find_program("pass", environ), environ)
        if not (store.folder / ".gpg-id").is_file():
            raise StoreMissing("pass has no password store yet", "dockhygiene move sets one up, or: pass init KEY")
        return store

    @property
    def folder(self) -> Path:
        home = Path(self.environ.get("HOME") or Path.home())
        return Path(self.environ.get("PASSWORD_STORE_DIR") or home / ".password-store")

    def probe(self) -> Probe:
        done = probe(self)
        if done.works and (self.folder / ".git").exists():
            return Probe(True, f"{done.reason}; its git history keeps what was erased too, encrypted")
        return done

    def get(self, name: str) -> Secret | None:
        check_name(name)
        return self._show(name)

    def put(self, name: str, secret: Secret) -> None:
        check_name(name)
        if (self.folder / PREFIX / name).is_dir():
            raise StoreRefused(f"{PREFIX}/{name} is a folder of pass, and `pass mv` would put the value into it")
        line = spelled_line(secret).encode() + b"\n"
        done = False
        try:
            self._run("insert", "--multiline", "--force", _entry(name + NEW), stdin=line)
            check_kept(self.title, self._show(name + NEW), secret)
            self._run("mv", "--force", _entry(name + NEW), _entry(name))
            check_kept(self.title, self._show(name), secret)
            done = True
        finally:
            if not done:
                self._give_up(name)

    def erase(self, name: str) -> None:
        check_name(name)
        for each in (name, name + NEW):
            if self._file(each).is_file():
                self._run("rm", "--force", _entry(each))

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(set(self._names())))

    def _names(self) -> Iterator[str]:
        top = self.folder / PREFIX
        for path in top.rglob("*.gpg"):
            name = path.relative_to(top).as_posix().removesuffix(".gpg").removesuffix(NEW)
            if is_name(name) and path.is_file():
                yield name

    def _show(self, name: str) -> Secret | None:
        if not self._file(name).is_file():
            return None  # where a folder has this name, `pass show` would list it and succeed
        answer = self._run("show", _entry(name))
        return unspell(answer.stdout.decode("utf-8", "replace"), f"{_entry(name)} in pass")

    def _give_up(self, name: str) -> None:
        """After a failure: the value that did not get to its place goes; what stands there was not touched."""
        try:
            if self._file(name + NEW).is_file():
                self._run("rm", "--force", _entry(name + NEW))
        except StoreError:
            pass  # the first error is the one that is told; `names` still tells the name, and `erase` erases it

    def _file(self, name: str) -> Path:
        return self.folder / PREFIX / f"{name}.gpg"

    def _run(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """Without GPG_TTY: in the app a question on the terminal would stand on the screen and take its keys."""
        environ = {name: value for name, value in self.environ.items() if name != "GPG_TTY"}
        answer = run_program(
            self.program, arguments, stdin, environ=environ, timeout=self.timeout, most_output=2 * MOST_SPELLED
        )
        if answer.status != 0:
            raise error_of("pass", answer, quoted=arguments[0] in ("rm", "mv"))
        return answer


def _entry(name: str) -> str:
    return f"{PREFIX}/{name}"
