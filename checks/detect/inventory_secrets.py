"""Passwords of an Ansible inventory in INI form: with them Ansible logs in to each host, or becomes root there."""

from __future__ import annotations

from collections.abc import Iterator

from checks import late
from checks.detect.document_names import snake
from checks.detect.document_values import Beside, DocumentSecret, value_secrets
from checks.formats.ansible_inventory import InventoryLine, read_inventory

_CONNECTION = late.compile(r"ansible_(?:[a-z]{1,20}_)?pass")
"""`ansible_sudo_pass`: as a name of anything else `pass` says less than that."""
_USERS = ("ansible_user", "ansible_ssh_user", "ansible_become_user")


def inventory_secrets(text: str) -> Iterator[DocumentSecret]:
    for line in read_inventory(text):
        yield from _of_line(line)


def _of_line(line: InventoryLine) -> Iterator[DocumentSecret]:
    siblings = {snake(name): value.text for name, value in line.variables}
    username = next((siblings[name] for name in _USERS if siblings.get(name)), None)
    beside = Beside(siblings, None, username)
    for name, value in line.variables:
        path = (line.holder, name)
        asked = (line.holder, "password") if _CONNECTION.fullmatch(name) else path
        yield from (found._replace(path=path) for found in value_secrets(asked, value, beside))
