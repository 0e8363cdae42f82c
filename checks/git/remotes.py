"""Which hosts a repository's remotes are on, read from its own settings as text."""

from __future__ import annotations

from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.git_config import git_settings
from checks.formats.located import host_of
from checks.model.workstation import MEBIBYTE


def remote_hosts(folder: Path) -> dict[str, str]:
    """Hosts by name of the remote, for this git folder. A folder of this machine has none: an empty text."""
    try:
        text = read_file(folder / "config", MEBIBYTE).data.decode("utf-8", "replace")
    except NotRead:
        return {}
    hosts: dict[str, str] = {}
    for one in git_settings(text):
        if one.section == "remote" and one.subsection and one.name in ("url", "pushurl") and one.value:
            hosts.setdefault(one.subsection.text, _host(one.value.text))
    return hosts


def _host(url: str) -> str:
    """Without a login that stands before it. `git@github.com:acme/shop` names a host before its colon."""
    if "://" in url:
        return host_of(url)
    before, colon, _ = url.partition(":")
    return before.rpartition("@")[2] if colon and "/" not in before else ""
