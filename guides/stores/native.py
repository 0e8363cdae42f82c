"""The credential helpers of the operating system and of others that stand on PATH."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.files.safe_path import safe_entries
from checks.formats.helper_names import PLAIN_TEXT, PREFIX, is_suffix
from guides.stores.helper import HelperStore
from guides.stores.program import find_program
from guides.stores.store import Limits, StoreMissing


@dataclass(frozen=True, slots=True)
class KnownHelper:
    """A helper whose limits we know. `says` is what a person is told before choosing it."""

    suffix: str
    title: str
    platforms: tuple[str, ...]
    says: str
    limits: Limits = field(default_factory=Limits)
    package: str = ""
    """Debian package that brings it."""


KNOWN = (
    KnownHelper(
        "desktop",
        "Docker Desktop",
        ("linux", "darwin", "win32"),
        "Docker Desktop's helper hands the secret to the keychain of the operating system.",
    ),
    KnownHelper(
        "osxkeychain",
        "macOS Keychain",
        ("darwin",),
        "macOS asks again after the helper was upgraded, and never over SSH.",
    ),
    KnownHelper(
        "wincred",
        "Windows Credential Manager",
        ("win32", "linux"),
        "Windows holds at most 2560 bytes, and finds servers with a like name too.",
        Limits(secret_bytes=2560),
    ),
    KnownHelper(
        "secretservice",
        "desktop keyring (Secret Service)",
        ("linux",),
        "The keyring of the desktop session: GNOME Keyring, KWallet or KeePassXC. Unlock it before docker asks.",
        package="golang-docker-credential-helpers",
    ),
    KnownHelper(
        "pass",
        "pass (files encrypted with gpg)",
        ("linux", "darwin"),
        "Works without a desktop. If the key has a passphrase, gpg-agent must be able to ask for it.",
        Limits(slash_in_username=False, trailing_newline=False),
        package="golang-docker-credential-helpers",
    ),
)

STAND_IN = KnownHelper("demo", "the demo's store", (), "It ends with the demo, and what it holds with it.")
"""The helper that `guides.demo.store` puts on the demo's PATH, and nowhere else."""

LOGIN_ONLY = frozenset({"ecr-login", "gcloud", "gcr", "acr-env", "acr-linux", "ghcr-login", "ghcr", "oci"})
"""Helpers of clouds that make a short-lived login themselves and store nothing."""

OWN = "dockhygiene"
"""Our own helper's suffix; it has its own place at the end of the catalog."""


def helper_store(suffix: str, environ: Mapping[str, str]) -> HelperStore:
    """The store behind `docker-credential-<suffix>`, as `credHelpers` names it; raises StoreMissing."""
    if not is_suffix(suffix):
        raise StoreMissing(f"{suffix!r} cannot be the name of a credential helper")
    program = find_program(PREFIX + suffix, environ)
    known = next((each for each in (*KNOWN, STAND_IN) if suffix.removesuffix(".exe") == each.suffix), None)
    if known is None:
        return HelperStore(suffix, f"{PREFIX}{suffix}", program, environ)
    return HelperStore(suffix, known.title, program, environ, known.limits)


def native_stores(environ: Mapping[str, str]) -> tuple[HelperStore, ...]:
    """The helpers that are here and can hold a secret: the known ones in their order, then the others by name."""
    found: list[HelperStore] = []
    for suffix in (*(each.suffix for each in KNOWN), *_others(environ)):
        try:
            found.append(helper_store(suffix, environ))
        except StoreMissing:
            continue
    return tuple(found)


def missing_helpers(environ: Mapping[str, str], platform: str) -> Iterator[tuple[KnownHelper, StoreMissing]]:
    """The known helpers of this platform that cannot be used, each with the reason: not there, or refused."""
    for known in KNOWN:
        if platform not in known.platforms:
            continue
        try:
            helper_store(known.suffix, environ)
        except StoreMissing as error:
            mend = error.mend or (f"sudo apt install {known.package}" if known.package else "")
            yield known, StoreMissing(error.reason, mend)


def _others(environ: Mapping[str, str]) -> list[str]:
    known = {each.suffix for each in KNOWN} | PLAIN_TEXT | LOGIN_ONLY | {OWN}
    suffixes: set[str] = set()
    for folder in safe_entries(environ):
        try:
            names = os.listdir(folder)  # noqa: PTH208  names alone: a folder of PATH may hold thousands
        except OSError:
            continue  # it cannot be read, so docker may still run a helper that we do not list
        suffixes.update(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX))
    return sorted(suffix for suffix in suffixes if is_suffix(suffix) and suffix.removesuffix(".exe") not in known)
