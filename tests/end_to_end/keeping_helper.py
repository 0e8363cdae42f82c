"""A docker credential helper that keeps records in a folder: quick to start, and open to be looked into.

It starts no other program and renames nothing, so that strace can hold up the program under test at one of its own
calls without holding up every helper too. It counts its starts, and at a given one kills whoever it is told to kill.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from checks.model.secret import Secret
from guides.stores.store import Record

SUFFIX = "keep"
SCRIPT = r"""#!/bin/sh
{before}
number=0 at=0 victim=nobody
if [ -e '{folder}/.starts' ]; then read -r number <'{folder}/.starts'; fi
if [ -e '{folder}/.kill' ]; then
    read -r at victim <'{folder}/.kill'
    number=$((number + 1))
    echo $number >'{folder}/.starts'
fi
dies() {{ [ "$number" = "$at" ] && [ "$victim" = "$1" ]; }}
if dies helper; then kill -9 $$; fi
if dies caller-at-start; then kill -9 $PPID; fi
if dies caller-at-end; then trap 'kill -9 $PPID' EXIT; fi
trap '' PIPE
verb=$1
read -r given || :
server=$given
if [ "$verb" = store ]; then
    server=${{given#*\"ServerURL\":\"}}
    server=${{server%%\"*}}
fi
if [ -z "$server" ]; then echo "no credentials server URL"; exit 1; fi
set -f; IFS=/; set -- $server; IFS=_; file={folder}/$*
case "$verb" in
store) printf '%s\n' "$given" >"$file" ;;
erase) if [ -e "$file" ]; then : >"$file"; fi ;;
list) echo "{{}}" ;;
get)
    if [ -s "$file" ]; then read -r record <"$file"; printf '%s\n' "$record"; exit 0; fi
    echo "credentials not found in native keychain"
    exit 1
    ;;
esac
"""
Victim = Literal["helper", "caller-at-start", "caller-at-end"]


class KeepingHelper:
    """`docker-credential-keep` in `home/bin`, with its records in `home/kept`."""

    def __init__(self, home: Path, before: str = "") -> None:
        self.folder = home / "kept"
        self.folder.mkdir(parents=True)
        self.bin = home / "bin"
        self.bin.mkdir(exist_ok=True)
        self.program = self.bin / f"docker-credential-{SUFFIX}"
        self.program.write_text(SCRIPT.format(folder=self.folder, before=before))
        self.program.chmod(0o755)

    def get(self, server: str) -> Record | None:
        file = self.folder / server.replace("/", "_")
        if not file.exists() or not file.stat().st_size:
            return None
        held = json.loads(file.read_text())
        return Record(held["ServerURL"], held["Username"], Secret(held["Secret"]))

    def records(self) -> dict[str, dict[str, str]]:
        """What it keeps, but for what a killed probe left behind: that opens nothing."""
        kept = [file for file in self.folder.iterdir() if not file.name.startswith(".") and file.stat().st_size]
        return {file.name: json.loads(file.read_text()) for file in kept if "dockhygiene-probe" not in file.name}

    def kill_at(self, start: int, victim: Victim) -> None:
        """At this start from now on, counted from 1. Nobody is killed at 0, and the starts are counted."""
        (self.folder / ".kill").write_text(f"{start} {victim}\n")
        (self.folder / ".starts").write_text("0\n")

    def stop_killing(self) -> int:
        """The number of starts since."""
        (self.folder / ".kill").unlink()
        return int((self.folder / ".starts").read_text())
