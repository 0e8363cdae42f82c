"""The password file of s3fs: `key:secret` or `bucket:key:secret` a line. Rules: s3fs(1)."""

from __future__ import annotations

from checks.formats.located import Located, Login, Logins


def read_passwd_s3fs(text: str) -> Logins:
    """A secret key for each line."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        parts = line.strip().split(":")
        if len(parts) in (2, 3) and not line.startswith("#") and parts[-1]:
            secret = Located(parts[-1], number, line.rfind(parts[-1]) + 1, number)
            found.append(Login(parts[0] if len(parts) == 3 else "key", secret, "", parts[-2]))
    return Logins(tuple(found))
