"""What the helpers' own error texts mean, and how to say it. Texts observed with 0.6.4 and read from the sources."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guides.stores.program import Answer
from guides.stores.store import StoreError, StoreLocked, StoreMissing, StoreRefused

NOT_FOUND = "credentials not found in native keychain"
"""Compared over the whole text, as the docker CLI does: with a prefix, or on stderr, it is not recognised."""

LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Meaning:
    """One error text of a helper: what it looks like, which error it is, and what people are told."""

    pattern: str
    error: type[StoreError]
    reason: str
    mend: str


_ASK_GPG = (
    "run `export GPG_TTY=$(tty)` and `pass show` of any entry once in a terminal, so that gpg-agent has the "
    "passphrase; without a desktop it needs pinentry-curses"
)
_NO_SERVICE = "use `pass` on a machine without a desktop, or start gnome-keyring under dbus-run-session"

MEANINGS = (
    Meaning(
        r'"pass": executable file not found', StoreMissing, "the program `pass` is not installed", "apt install pass"
    ),
    Meaning(r"gpg: (?:command )?not found", StoreMissing, "gpg is not installed", "apt install gnupg"),
    Meaning(r"pass not initialized", StoreMissing, "pass has no password store yet", "pass init KEY"),
    Meaning(r"decryption failed|public key decryption", StoreLocked, "gpg could not use the key of pass", _ASK_GPG),
    Meaning(
        r"Cannot autolaunch D-Bus|Could not connect: |Cannot spawn a message bus|no D-Bus session",
        StoreMissing,
        "there is no D-Bus session bus, so no keyring can be reached",
        _NO_SERVICE,
    ),
    Meaning(
        r"org\.freedesktop\.secrets was not provided|no Secret Service",
        StoreMissing,
        "no program on the session bus keeps secrets (Secret Service)",
        _NO_SERVICE,
    ),
    Meaning(
        r"Object does not exist at path \S*/collection/\w+\W*$|No such (?:secret )?collection",
        StoreMissing,
        "the keyring service has no default keyring",
        "create one with Passwords and Keys (seahorse), or log in to the desktop once",
    ),
    Meaning(
        r"Error from list function in secretservice",  # 0.6.4 says so whatever the cause
        StoreError,
        "the keyring could not be listed: it cannot be reached, or it changed at that moment",
        "try again",
    ),
    Meaning(
        r"locked collection|is locked|IsLocked|[Pp]rompt (?:was )?dismissed|was not unlocked",
        StoreLocked,
        "the keyring is locked and was not unlocked",
        "unlock it on the desktop (Passwords and Keys), then try again",
    ),
    Meaning(
        r"-25308|User interaction is not allowed",
        StoreLocked,
        "macOS does not let this session ask for the keychain (SSH or launchd)",
        "run `security unlock-keychain` here, or use a terminal of the desktop session",
    ),
    Meaning(
        r"stub received bad data",
        StoreRefused,
        "Windows keeps at most 2560 bytes in one credential",
        "use a shorter token",
    ),
    Meaning(r"token too long", StoreRefused, "the helper reads at most 64 KiB in one line", "use a shorter secret"),
    Meaning(
        r"\.exe: (?:executable file not found|Invalid argument|Exec format error)|WSL.*[Ii]nterop",
        StoreMissing,
        "the Windows helper cannot be started from WSL",
        "switch on interop PATH in /etc/wsl.conf, start from a folder below /mnt, or use a helper of the distribution",
    ),
)


def says_not_found(answer: Answer) -> bool:
    """Whether a failed `get` or `erase` only says that nothing is held for the server."""
    text = text_of(answer.stdout)
    if answer.status == 1 and text == NOT_FOUND:
        return True
    # pass 0.6.4 to 0.8 has texts of its own: an emptied folder, and an entry that was never there
    return answer.status == 1 and re.search(r"no usernames for |is not in the password store", text) is not None


def error_of(name: str, answer: Answer, *, quoted: bool = True) -> StoreError:
    """The error that a failed answer stands for. `quoted` off: its words may hold a secret, and are not repeated."""
    out, err = text_of(answer.stdout), text_of(answer.stderr)
    if answer.status == 2 and not out and "SIGSEGV" in err:
        # docker-credential-secretservice before 0.9.0 crashes when it may not ask for the keyring's password
        return StoreLocked(
            "the keyring is locked, and nothing here can ask for its password",
            "unlock it on the desktop, or use `pass` on a machine without one",
        )
    for meaning in MEANINGS:
        if re.search(meaning.pattern, out) or re.search(meaning.pattern, err):
            return meaning.error(meaning.reason, meaning.mend)
    said = harmless(out or err) if quoted else "what it said may hold the secret, and is not shown"
    how = f"ended with status {answer.status}" if answer.status >= 0 else f"was ended by signal {-answer.status}"
    return StoreError(f"{name} {how}: {said}" if said else f"{name} {how} and said nothing")


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace").strip()


def harmless(text: str) -> str:
    """A hostile text as one short line: no control, escape or direction character reaches the screen."""
    short = text[:LONGEST_MESSAGE] + ("..." if len(text) > LONGEST_MESSAGE else "")
    short = " ".join(short.split())
    return "".join(char if unicodedata.category(char)[0] != "C" else f"\\u{ord(char):04x}" for char in short)
