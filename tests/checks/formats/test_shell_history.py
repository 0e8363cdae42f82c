"""History files as the shells write them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.shell_history import LONGEST_ENTRY, HistoryFormat, entries_at, format_of, history_text
from checks.formats.shell_words import commands

COMMANDS = ["echo one", "echo 'two\nlines'", "for i in 1 2; do\necho $i\ndone", "echo back\\\\slash \\\n  joined",
            "echo é ü 日本語 ファイル", "cat <<EOF\nbody\nEOF", "echo last"]  # fmt: skip


def all_of(text: str, history: HistoryFormat) -> list[str]:
    starts = [0, *(index + 1 for index, sign in enumerate(text) if sign == "\n")]
    return [entry.text for entry in entries_at(text, history, (at for at in starts if at < len(text)))]


def of(data: bytes, history: HistoryFormat) -> list[str]:
    return all_of(history_text(data, history), history)


def test_bash_with_stamps() -> None:
    data = b"#1700000000\necho one\n#1700000001\necho 'two\nlines'\n#a comment\n#1700000002\nlast\n"
    found = of(data, HistoryFormat.PLAIN)
    assert [one for one in found if not one.startswith("#1")] == ["echo one", "echo 'two\nlines'\n#a comment", "last"]


def test_bash_without_stamps() -> None:
    data = b"one\ncat <<EOF | b\nx\ny\nEOF\nthree \\\n  four\nlast <<NOEND\nfive"
    assert of(data, HistoryFormat.PLAIN) == [
        "one",
        "cat <<EOF | b\nx\ny\nEOF",
        "three \\\n  four",
        "last <<NOEND",
        "five",
    ]


def test_an_entry_is_found_from_its_middle() -> None:
    text = "#1700000000\na\nb\nc\n#1700000001\nd\n"
    assert [one.text for one in entries_at(text, HistoryFormat.PLAIN, [14, 16])] == ["a\nb\nc"]
    text = "a \\\n b \\\n c\nd\n"
    assert [one.text for one in entries_at(text, HistoryFormat.PLAIN, [9])] == ["a \\\n b \\\n c"]


def test_a_long_stretch_without_stamps_is_read_line_by_line() -> None:
    lines = [f"command {number}" for number in range(LONGEST_ENTRY // 5)]
    text = "#1700000000\n" + "\n".join(lines) + "\n#1700000001\nlast\n"
    assert all_of(text, HistoryFormat.PLAIN)[1:-1][: len(lines) // 2] == lines[: len(lines) // 2]


def test_zsh() -> None:
    data = b": 1700000000:0;echo one\n: 1700000001:12;echo 'two\\\nlines'\nplain\n: 1700000002:0;x \\\\\n  y\n"
    assert of(data, HistoryFormat.ZSH) == ["echo one", "echo 'two\nlines'", "plain", "x \\\n  y"]


def test_fish() -> None:
    data = b"- cmd: echo one\n  when: 1700000000\n- cmd: a\\nb \\\\n c\n  when: 1700000001\n  paths:\n    - x\n"
    assert of(data, HistoryFormat.FISH) == ["echo one", "a\nb \\n c"]


@pytest.mark.parametrize(
    ("name", "data", "history"),
    [
        (".bash_history", b"ls\n", HistoryFormat.PLAIN),
        (".zsh_history", b"ls\n", HistoryFormat.ZSH),
        (".histfile", b": 1700000000:0;ls\n", HistoryFormat.ZSH),
        ("fish_history", b"", HistoryFormat.FISH),
        ("work_fish_history", b"", HistoryFormat.FISH),
        ("old", b"- cmd: ls\n  when: 1700000000\n", HistoryFormat.FISH),
    ],
)
def test_which_format_it_is(name: str, data: bytes, history: HistoryFormat) -> None:
    assert format_of(name, data) is history


@given(st.text("ab\\#:;0123456789\n- cmd<E'", max_size=120), st.sampled_from(HistoryFormat))
def test_every_character_stands_where_it_says(text: str, history: HistoryFormat) -> None:
    offsets = sorted({at for at in range(len(text)) if text[at] != "\n"})
    done = 0
    for entry in entries_at(text, history, offsets):
        assert entry.start >= done or not entry.text
        done = entry.end
        for index, sign in enumerate(entry.text):
            written = text[entry.first(index) : entry.last(index + 1)]
            assert written in (sign, "\\n" if sign == "\n" else sign, "\\\\" if sign == "\\" else sign)


def run(shell: list[str], script: str, home: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    subprocess.run(shell, input=script.encode(), env=environment, cwd=home, check=True, capture_output=True, timeout=60)


def typed(commands_: list[str], quote: str) -> str:
    return "".join(f"{quote} {shell_quoted(one)}\n" for one in commands_)


def shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def test_what_bash_itself_writes(tmp_path: Path) -> None:
    for stamps in ("", "HISTTIMEFORMAT=%s\n"):
        script = f"set -o history; shopt -s lithist cmdhist; HISTFILE={tmp_path}/h; history -c\n{stamps}"
        run(["bash", "--norc"], script + typed(COMMANDS, "history -s") + "history -w; HISTFILE=\n", tmp_path)
        data = (tmp_path / "h").read_bytes()
        found = [one for one in of(data, format_of("h", data)) if not one.startswith("#1")]
        kept = [one for one in COMMANDS if stamps or "\n" not in one or "<<" in one]
        assert [one for one in kept if one not in found] == []


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
@pytest.mark.parametrize("extended", ["setopt", "unsetopt"])
def test_what_zsh_itself_writes(tmp_path: Path, extended: str) -> None:
    script = f"HISTSIZE=100; SAVEHIST=100; {extended} extendedhistory; HISTFILE={tmp_path}/h\n"
    run(["zsh", "-f", "-i"], script + typed(COMMANDS, "print -rs --") + "fc -W\n", tmp_path)
    data = (tmp_path / "h").read_bytes()
    assert b"\x83" in data
    found = of(data, HistoryFormat.ZSH)
    assert [one for one in COMMANDS if one not in found] == []


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_what_fish_itself_reads(tmp_path: Path) -> None:
    """fish adds to its history only from a terminal, so it is asked to read what is held to be its format."""
    folder = tmp_path / ".local" / "share" / "fish"
    folder.mkdir(parents=True)
    escaped = [one.replace("\\", "\\\\").replace("\n", "\\n") for one in COMMANDS]
    data = "".join(f"- cmd: {one}\n  when: {1700000000 + at}\n" for at, one in enumerate(escaped)).encode()
    (folder / "fish_history").write_bytes(data)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    done = subprocess.run(["fish", "-c", "history search --null"], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1][::-1] == of(data, HistoryFormat.FISH) == COMMANDS


@pytest.mark.parametrize(
    "line", ["a <<B\n", "a\\\n", "#1700000000\n", "#x\n", ": 1700000000:0;a\\\n", "- cmd: \\n\\\\\n", "#"]
)
@pytest.mark.parametrize("history", HistoryFormat)
def test_no_file_takes_long(line: str, history: HistoryFormat) -> None:
    text = line * (1_000_000 // len(line))
    offsets = range(0, len(text), len(line))
    assert sum(1 for _ in entries_at(text, history, offsets)) <= len(offsets)


def test_entries_are_commands() -> None:
    (entry,) = entries_at(": 1700000000:0;docker login \\\\\n -p x\n", HistoryFormat.ZSH, [20])
    (command,) = commands(entry.text)
    assert [word.text for word in command.words] == ["docker", "login", "-p", "x"]
