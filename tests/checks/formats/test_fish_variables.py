"""fish's universal variables as fish writes them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.fish_variables import read_fish_variables

VALUES = ["a-b_c d", 'it\'s "x" \\x41 \\n', "é ü 日本 \U0001f600", "tab\there", "$x*~#", "a=b:c"]


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_what_fish_itself_writes(tmp_path: Path) -> None:
    lines = []
    for number, value in enumerate(VALUES):
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        lines.append(f"set -U{'x' * (number % 2)} VALUE{number} '{quoted}'")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    subprocess.run(["fish", "-c", "\n".join(lines)], env=environment, check=True, capture_output=True)
    text = (tmp_path / ".config" / "fish" / "fish_variables").read_text()
    found = {name: value.text for name, value in read_fish_variables(text)}
    assert {f"VALUE{number}": value for number, value in enumerate(VALUES)}.items() <= found.items()


@given(st.text("a\\xuU0f1 \n:", max_size=60))
def test_no_value_is_refused_and_every_place_is_right(written: str) -> None:
    text = f"# comment\nSETUVAR --export NAME:{written}\n"
    for name, value in read_fish_variables(text):
        assert name == "NAME"
        for index, sign in enumerate(value.text):
            place = text[value.first(index) : value.last(index + 1)]
            assert place == sign or place.startswith("\\")
