"""The backup: encrypted for a key of the person's by the real gpg, readable by that key alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from guides.history.backup import Seal, back_up, seals
from guides.history.cleaning import clean
from guides.history.trouble import CleaningFailed
from tests.guides.history.repositories import Repo, holds
from tests.guides.history.test_cleaning import order_for, text
from tests.services.require import require

KEY = "alice@example.com"


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody with a key without a passphrase."""
    gpg = require("gpg", "gnupg")
    home = tmp_path / "g"
    home.mkdir(mode=0o700)
    environment = {"HOME": str(tmp_path), "GNUPGHOME": str(home), "PATH": os.environ.get("PATH", os.defpath)}
    make = [gpg, "--batch", "--passphrase", "", "--quick-generate-key", KEY, "future-default", "default", "never"]
    subprocess.run(make, env=environment, check=True, capture_output=True)
    yield environment
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False, capture_output=True)


def test_it_is_encrypted_for_that_key(tmp_path: Path, keyring: dict[str, str]) -> None:
    repo = Repo(tmp_path / "shop")
    text(repo)
    assert Seal.GPG in seals(keyring)
    order = order_for(repo, seal=Seal.GPG, recipient=KEY)
    object.__setattr__(order, "environment", keyring)
    list(clean(repo.reading, order))
    assert order.backup.name == "shop.bundle.gpg" and not order.backup.read_bytes().startswith(b"# v2 git bundle")
    back = tmp_path / "back.bundle"
    gpg = require("gpg", "gnupg")
    subprocess.run([gpg, "--batch", "-o", str(back), "-d", str(order.backup)], env=keyring, check=True)
    repo.git("clone", "-q", "--mirror", str(back), str(tmp_path / "back"))
    assert holds(tmp_path / "back", repo.value, repo.program)


@pytest.mark.parametrize("key", ["nobody@example.com", "", "--version"], ids=["unknown", "none", "an option"])
def test_without_such_a_key_nothing_is_cleaned(tmp_path: Path, keyring: dict[str, str], key: str) -> None:
    repo = Repo(tmp_path / "shop")
    text(repo)
    order = order_for(repo, seal=Seal.GPG, recipient=key)
    object.__setattr__(order, "environment", keyring)
    with pytest.raises(CleaningFailed):
        list(clean(repo.reading, order))
    assert not order.folder.exists()


def test_a_backup_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(b"new")
    (tmp_path / "kept").write_bytes(b"old")
    with pytest.raises(CleaningFailed, match="is there already"):
        back_up(tmp_path / "bundle", tmp_path / "kept", Seal.PLAIN, "", {})
    assert (tmp_path / "kept").read_bytes() == b"old"
