"""Which helpers are found, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.formats.helper_names import PLAIN_TEXT
from guides.stores.native import KNOWN, LOGIN_ONLY, helper_store, missing_helpers, native_stores
from guides.stores.store import StoreMissing


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def add(folder: Path, *suffixes: str) -> None:
    for suffix in suffixes:
        program = folder / f"docker-credential-{suffix}"
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)


def ids(*folders: Path) -> list[str]:
    return [store.id for store in native_stores({"PATH": os.pathsep.join(map(str, folders))})]


def test_known_helpers_come_in_order_and_others_after(bin_folder: Path) -> None:
    add(bin_folder, "zoo", "pass", "acme", "secretservice", "wincred", "osxkeychain", "desktop")
    assert ids(bin_folder) == ["desktop", "osxkeychain", "wincred", "secretservice", "pass", "acme", "zoo"]


def test_plain_text_login_only_and_our_own_are_left_out(bin_folder: Path) -> None:
    add(bin_folder, *PLAIN_TEXT, *LOGIN_ONLY, "dockhygiene")
    assert ids(bin_folder) == []


def test_names_that_are_no_suffix_are_left_out(bin_folder: Path) -> None:
    add(bin_folder, "-x", "a b", "ä", "good")
    assert ids(bin_folder) == ["good"]


def test_an_unsafe_folder_gives_nothing_and_blocks_what_it_shadows(bin_folder: Path, tmp_path: Path) -> None:
    unsafe = tmp_path / "open"
    unsafe.mkdir()
    add(unsafe, "pass", "evil")
    add(bin_folder, "pass", "acme")
    unsafe.chmod(0o777)
    assert ids(unsafe, bin_folder) == ["acme"]
    assert ids(bin_folder, unsafe) == ["pass", "acme"]
    reasons = dict(missing_helpers({"PATH": f"{unsafe}:{bin_folder}"}, "linux"))
    assert {known.suffix: "refused" in error.reason for known, error in reasons.items()} == {
        "desktop": False,
        "wincred": False,
        "secretservice": False,
        "pass": True,
    }


def test_an_unreadable_folder_is_no_crash(bin_folder: Path) -> None:
    add(bin_folder, "acme")
    bin_folder.chmod(0o311)
    assert ids(bin_folder) in ([], ["acme"])  # root reads it all the same
    bin_folder.chmod(0o755)


@pytest.mark.parametrize("suffix", ["", "../x", "a/b", "-x", "a b", "a\n"])
def test_a_suffix_from_a_configuration_cannot_be_a_path(suffix: str) -> None:
    with pytest.raises(StoreMissing, match="cannot be the name"):
        helper_store(suffix, {"PATH": "/usr/bin"})


def test_the_limits_of_known_helpers(bin_folder: Path) -> None:
    add(bin_folder, "pass", "wincred.exe")
    environ = {"PATH": str(bin_folder)}
    assert not helper_store("pass", environ).limits.slash_in_username
    assert helper_store("wincred.exe", environ).limits.secret_bytes == 2560


def test_every_known_helper_says_something() -> None:
    assert all(known.title and known.says and known.platforms for known in KNOWN)
