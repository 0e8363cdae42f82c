"""The list of managers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checks.formats.helper_names import PREFIX
from guides.stores.managers.catalog import DEMO_HELPER, MANAGERS, find_manager, managers
from guides.stores.managers.manager import Setting
from guides.stores.native import STAND_IN
from guides.stores.store import StoreMissing

HEAVY = ("hvac", "boto3", "botocore", "requests", "conjur_api", "aiohttp", "pykeepass", "lxml", "yaml", "urllib3")


def test_all_of_them_in_order(tmp_path: Path) -> None:
    setting = Setting({"HOME": str(tmp_path), "PATH": str(tmp_path)})
    found = list(managers(setting))
    assert [one.id for one in found] == list(MANAGERS)
    assert [one.id for one in found if not one.proven] == ["conjur", "gopass", "1password", "bitwarden", "docker-pass"]
    for one in found:
        probe = one.probe()
        assert probe.works or probe.mend or "not on PATH" in probe.reason


def test_what_is_not_known() -> None:
    with pytest.raises(StoreMissing, match="no manager") as failed:
        find_manager("lastpass", Setting({}))
    assert "keyring" in failed.value.mend


def test_the_demo_has_none(tmp_path: Path) -> None:
    assert f"{PREFIX}{STAND_IN.suffix}" == DEMO_HELPER
    helper = tmp_path / DEMO_HELPER
    helper.write_text("#!/bin/sh\n")
    helper.chmod(0o755)
    setting = Setting({"PATH": str(tmp_path)})
    assert not list(managers(setting))
    with pytest.raises(StoreMissing, match="demo"):
        find_manager("pass", setting)


def test_listing_and_probing_load_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from guides.stores.managers.catalog import managers\n"
        "from guides.stores.managers.manager import Setting\n"
        "for one in managers(Setting({'HOME': '/nonexistent', 'PATH': '/nonexistent'})):\n"
        "    if one.id != 'conjur': one.probe()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules and name != 'yaml'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[4])
    assert done.stdout == "[]\n", done.stderr
