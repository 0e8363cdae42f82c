"""A password store for the commands that read one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from checks.model.secret import Secret
from guides.stores.managers.manager import Setting
from guides.stores.managers.pass_store import PassManager
from tests.services.pass_store import running_pass_store


@dataclass(frozen=True)
class PassEntry:
    """One secret in a real store of `pass`, its reference, and the environment that finds it."""

    environ: dict[str, str]
    reference: str
    value: str = field(repr=False)


@pytest.fixture(scope="session")
def pass_entry() -> Iterator[PassEntry]:
    with running_pass_store() as environ:
        value = f"{secrets.token_hex(12)} $HOME'\"\u20ac"
        PassManager(Setting(environ)).put("docker/shop", "token", Secret(value))
        yield PassEntry(environ, "dockhygiene://pass/docker/shop#token", value)
