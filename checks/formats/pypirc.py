"""`.pypirc`, which twine, flit and hatch read: a section for each Python index.

Rules: packaging.python.org/specifications/pypirc.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.ini import settings
from checks.formats.located import Login, Logins, host_of, last_by_name, logins_in


def read_pypirc(text: str) -> Logins:
    """The password of each section, with the host of its index, where it is named, and its user."""
    return Logins(tuple(_logins(text)))


def _logins(text: str) -> Iterator[Login]:
    found = list(settings(text))
    sections = last_by_name(found)
    for setting in found:
        values = sections[setting.section]
        address, user = values.get("repository"), values.get("username")
        host = host_of(address.text) if address else ""
        field = f"{setting.section}/{setting.name}"
        if setting.name == "password":
            yield Login(field, setting.value, host, user.text if user else "")
        else:
            yield from logins_in(setting.value, field)
