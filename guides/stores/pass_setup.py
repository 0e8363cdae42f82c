"""Sets up `pass` with a gpg key, for machines without a desktop: first a plan to show, then the acts."""

from __future__ import annotations

import getpass
import re
import secrets
import shlex
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.model.secret import Secret
from guides.stores.answers import harmless, text_of
from guides.stores.native import helper_store
from guides.stores.program import Answer, find_program, run_program
from guides.stores.store import Probe, StoreError, StoreLocked, StoreMissing, StoreRefused

PACKAGES = {"pass": "pass", "gpg": "gnupg", "docker-credential-pass": "golang-docker-credential-helpers"}
"""Program to the Debian package it comes in."""

FINGERPRINT = "FINGERPRINT"
"""Stands in the planned commands for the fingerprint that the first of them will print."""

LOOPBACK = ("--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0")
"""gpg reads the passphrase from its stdin: neither the process list nor the environment ever shows it."""

GPG_SECONDS = 60.0

WITHOUT_PASSPHRASE = (
    "A key without a passphrase protects the credentials in what leaves this machine without the key: a backup of "
    "the password store alone, a dotfiles repository, a file copied by accident. It does not protect them from "
    "programs that run as you, nor from whoever gets a copy of ~/.gnupg too."
)
WITH_PASSPHRASE = (
    "With a passphrase on the key, a copy of your whole home folder is protected too. Programs that run as you are "
    "still let in while gpg-agent remembers the passphrase: 10 minutes after the last use, 2 hours at most, unless "
    "gpg-agent.conf says otherwise. After that `docker pull` needs a terminal or a desktop where pinentry can ask "
    "(apt install pinentry-curses; export GPG_TTY=$(tty)); in cron, systemd and over a bare SSH command it fails."
)
EXISTING_KEY = "If this key has a passphrase, `docker pull` works while gpg-agent remembers it or can ask for it."
STORE_KEPT = "The password store that is there is used as it is; it is never initialised again."


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One command of the plan and what it is for."""

    title: str
    argv: tuple[str, ...]

    @property
    def command(self) -> str:
        return shlex.join(self.argv)


@dataclass(frozen=True, slots=True)
class PassSetup:
    """What would be done. `key` is the key that will be used, None when one is created."""

    steps: tuple[SetupStep, ...]
    notes: tuple[str, ...]
    missing_packages: tuple[str, ...]
    store: Path
    store_exists: bool
    key: str | None
    environ: Mapping[str, str] = field(repr=False)


def plan_pass_setup(
    environ: Mapping[str, str], *, key: str | None = None, with_passphrase: bool = False, new_key: bool = False
) -> PassSetup:
    """Looks at what is there and plans the rest. Without `key`, the first key that can decrypt is used unless
    `new_key` asks for one of its own; raises StoreError where the plan would damage something."""
    store = _store_folder(environ)
    missing = tuple(_missing(environ))
    if missing:
        install = SetupStep("Install what is missing", ("sudo", "apt", "install", *missing))
        return PassSetup((install,), (), missing, store, False, None, environ)
    if (store / ".gpg-id").is_file():
        first = _keys_of(store)[0]
        return PassSetup((), (STORE_KEPT, EXISTING_KEY), (), store, True, first, environ)
    if next(store.rglob("*.gpg"), None) is not None:
        raise StoreError(f"{store} holds encrypted files but no .gpg-id, so their key is not known", "repair it first")
    if key is None and not new_key:
        key = next(_usable_keys(environ), None)
    steps, note = (
        ((), EXISTING_KEY) if key else (_key_steps(), WITH_PASSPHRASE if with_passphrase else WITHOUT_PASSPHRASE)
    )
    init = SetupStep("Make the password store", ("pass", "init", key or FINGERPRINT))
    return PassSetup((*steps, init), (note,), (), store, False, key, environ)


def apply(plan: PassSetup, passphrase: Secret | None = None) -> Probe:
    """Does what was planned, and proves it with a round trip through docker-credential-pass."""
    if plan.missing_packages:
        packages = " ".join(plan.missing_packages)
        raise StoreMissing("programs that `pass` needs are not installed", f"sudo apt install {packages}")
    if not plan.store_exists and (plan.store / ".gpg-id").exists():
        raise StoreError(f"{plan.store} was made by somebody else in the meantime", "plan again")
    line = _passphrase_line(passphrase)
    key = plan.key or ""
    for step in plan.steps:
        argv = [key if each == FINGERPRINT else each for each in step.argv]
        answer = _run(plan.environ, argv, line if "--passphrase-fd" in argv else b"")
        if created := re.search(rb"\[GNUPG:\] KEY_CREATED \S+ ([0-9A-F]{40})", answer.stdout):
            key = created[1].decode()
    if passphrase is not None:
        unlock(plan.environ, key, passphrase)
    return helper_store("pass", plan.environ).probe()


def unlock(environ: Mapping[str, str], key: str, passphrase: Secret) -> None:
    """Lets gpg-agent learn the passphrase by decrypting a random text with it; raises StoreLocked when it is wrong."""
    with tempfile.TemporaryDirectory(prefix="dockhygiene-") as folder:
        file = str(Path(folder, "random.gpg"))
        encrypt = ["gpg", "--batch", "--quiet", "--trust-model", "always", "--recipient", key, "--output", file]
        _run(environ, [*encrypt, "--encrypt"], secrets.token_bytes(16))
        try:
            _run(environ, ["gpg", "--quiet", *LOOPBACK, "--decrypt", file], _passphrase_line(passphrase))
        except StoreError as error:
            raise StoreLocked(f"the passphrase did not open the key: {error.reason}") from None


def _key_steps() -> tuple[SetupStep, ...]:
    owner = f"docker credentials <{getpass.getuser()}@{socket.gethostname()}>"
    quick = ("gpg", "--quiet", *LOOPBACK, "--status-fd", "1")
    return (
        SetupStep("Create a signing key", (*quick, "--quick-generate-key", owner, "ed25519", "sign", "never")),
        SetupStep("Add a key to encrypt for", (*quick, "--quick-add-key", FINGERPRINT, "cv25519", "encr", "never")),
    )


def _missing(environ: Mapping[str, str]) -> Iterator[str]:
    for program, package in PACKAGES.items():
        try:
            find_program(program, environ)
        except StoreMissing:
            yield package


def _store_folder(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME") or Path.home())
    return Path(environ.get("PASSWORD_STORE_DIR") or home / ".password-store")


def _keys_of(store: Path) -> list[str]:
    lines = (store / ".gpg-id").read_text("utf-8", "replace").splitlines()
    keys = [key for line in lines if (key := line.partition("#")[0].strip())]
    if not keys:
        raise StoreError(f"{store / '.gpg-id'} names no key", "pass init KEY")
    return keys


def _usable_keys(environ: Mapping[str, str]) -> Iterator[str]:
    """Fingerprints of the secret keys that can decrypt and are valid, in gpg's order."""
    listing = _run(environ, ["gpg", "--batch", "--with-colons", "--list-secret-keys"], b"").stdout
    usable = False
    for line in listing.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if fields[0] == "sec":
            # capital E: one of its subkeys can encrypt; "#" instead of "+": the secret part is not here
            usable = fields[1] in ("u", "f") and "E" in fields[11] and fields[14] != "#"
        elif fields[0] == "fpr" and usable:
            yield fields[9]
            usable = False


def _passphrase_line(passphrase: Secret | None) -> bytes:
    if passphrase is None:
        return b"\n"
    text = passphrase.reveal()
    if not text or not text.isprintable():
        raise StoreRefused("a passphrase needs at least one character, and no control characters")
    return text.encode() + b"\n"


def _run(environ: Mapping[str, str], argv: list[str], stdin: bytes) -> Answer:
    program = find_program(argv[0], environ)
    answer = run_program(program, argv[1:], stdin, environ=environ, timeout=GPG_SECONDS)
    if answer.status != 0:
        said = harmless(text_of(answer.stderr) or text_of(answer.stdout))
        raise StoreError(f"`{argv[0]}` ended with status {answer.status}: {said}")
    return answer
