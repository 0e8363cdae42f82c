"""Files that hold nothing but a secret: `~/.vault-token`, the password file of an Ansible vault."""

from __future__ import annotations

from checks.formats.located import Located, Login, Logins

_LONGEST = 2048
"""Characters of a token; Vault's batch tokens have some hundreds."""


def read_token_file(text: str) -> Logins:
    """The first line that holds anything, where it is one word."""
    at = len(text) - len(text.lstrip())
    line = text[at:].partition("\n")[0].strip()
    if not line or len(line) > _LONGEST or len(line.split()) > 1 or line.startswith("#!"):
        return Logins()
    number = text.count("\n", 0, at) + 1
    return Logins((Login("token", Located(line, number, at - text.rfind("\n", 0, at), number)),))
