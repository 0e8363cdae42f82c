"""What every manager must do, proven against the real thing where there is one.

A test module subclasses it, and gives a `manager` and the `name` of something that is not there yet.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from checks.model.secret import Secret
from guides.stores.managers.manager import Manager
from guides.stores.managers.reference import Reference, parse
from guides.stores.store import StoreError, StoreRefused

DIFFICULT = "\u00fc\u20ac\U0001f511 \"quoted\" 'twice' back\\slash\\n <&>{{x}} %s $HOME `id` \u2028-dash=:#,\ttab"
SEVERAL_LINES = ("a\nb\n", "nul\0nul\r\n")


class ManagerContract:
    field = "token"
    """A field besides the usual one; empty where the manager has none."""
    erases = True
    odd: tuple[str, ...] = ("../x", "a/../../b", "/a//b", "--help/x")
    """Names that the manager, or what it stands on, could take for something else."""

    def put(self, manager: Manager, name: str, field: str, secret: Secret) -> None:
        manager.put(name, field, secret, elsewhere=True)

    def test_gives_back_what_was_put_and_erases_it(self, manager: Manager, name: str) -> None:
        """In a thread of its own, as the app does it."""
        secret = Secret(DIFFICULT + secrets.token_urlsafe(24))
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(manager.get, name).result() is None
            pool.submit(self.put, manager, name, "", secret).result()
            assert pool.submit(manager.get, name).result() == secret
        self.put(manager, name, "", Secret("second"))
        assert manager.get(name) == Secret("second")
        assert secret.reveal()[-20:] not in repr(manager)
        if self.erases:
            manager.erase(name)
            assert manager.get(name) is None
            manager.erase(name)

    def test_other_fields_stay(self, manager: Manager, name: str) -> None:
        if not self.field:
            with pytest.raises(StoreRefused, match="fields"):
                manager.get(name, "token")
            return
        one, two, three = (Secret(secrets.token_hex(8)) for _ in range(3))
        first = self.first_field()
        self.put(manager, name, first, one)
        assert manager.get(name, self.field) is None
        self.put(manager, name, self.field, two)
        self.put(manager, name, first, three)
        assert (manager.get(name, first), manager.get(name, self.field)) == (three, two)
        manager.erase(name, first)
        assert (manager.get(name, first), manager.get(name, self.field)) == (None, two)
        manager.erase(name, self.field)
        assert manager.get(name, self.field) is None

    def first_field(self) -> str:
        return ""

    def test_what_it_would_not_give_back_it_refuses(self, manager: Manager, name: str) -> None:
        """Several lines come back exactly, or are refused; nothing is damaged on the way."""
        held = Secret(secrets.token_hex(8))
        self.put(manager, name, "", held)
        for value in ("", "\udcff", "\ufffd", *SEVERAL_LINES):
            secret = Secret(value)
            try:
                self.put(manager, name, "", secret)
            except StoreRefused:
                assert manager.get(name) == held, ascii(value)
            else:
                assert value and manager.get(name) == secret, ascii(value)
                held = secret

    def test_an_odd_name_reaches_nothing(self, manager: Manager) -> None:
        for bad in ("", "a\nb", *self.odd):
            with pytest.raises(StoreError):
                self.put(manager, bad, "", Secret("x"))

    def test_its_words(self, manager: Manager, name: str) -> None:
        assert manager.probe().works
        assert name.rpartition("/")[2] in manager.where(name, self.field)
        assert "\x1b" not in manager.where(f"{name}\x1b[2J", "x\x1b")
        reference = Reference(manager.id, name, self.field)
        assert parse(str(reference)) == reference

    def test_what_was_never_seen_working_holds_no_only_copy(self, manager: Manager, name: str) -> None:
        if manager.proven:
            assert "only" not in manager.title
            return
        assert "only" in manager.title
        with pytest.raises(StoreRefused, match="only copy"):
            manager.put(name, "", Secret("x"))
        assert manager.get(name) is None
