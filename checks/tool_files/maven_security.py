"""Maven's `settings-security.xml`: the master password, encrypted with a key that stands in Maven's source.

maven.apache.org/guides/mini/guide-encryption.html: whoever has both files has the passwords.
"""

from __future__ import annotations

from checks.formats.located import Login, Logins
from checks.formats.xml_positions import parse


def read_maven_security(text: str) -> Logins:
    """The master password as it stands there."""
    parsed = parse(text)
    master = parsed.root.child("master") if parsed.root else None
    return Logins((Login("master", master.value),) if master and master.value else (), parsed.problem)
