"""Passwords in shell history, wherever and however a shell keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import shell_history
from checks.model.finding import Confidence, Finding, Severity
from checks.model.workstation import Workstation
from tests.checks.conftest import MakeWorkstation, random_password, random_token, seen, unprivileged, write

LOGIN = "docker login -u bob -p {} ghcr.io"
PLACES = {
    ".bash_history": f"ls\n{LOGIN}\nls\n",
    ".sh_history": f"{LOGIN}\n",
    ".zsh_history": f": 1700000000:0;ls\n: 1700000001:5;{LOGIN}\n",
    ".histfile": f": 1700000000:0;{LOGIN}\n",
    ".zsh_sessions/a.history": f"{LOGIN}\n",
    ".local/share/fish/fish_history": f"- cmd: ls\n  when: 1700000000\n- cmd: {LOGIN}\n  when: 1700000001\n",
    ".local/share/fish/work_history": f"- cmd: {LOGIN}\n  when: 1700000001\n",
    ".local/state/zsh/history": f": 1700000000:0;{LOGIN}\n",
    ".local/share/powershell/PSReadLine/ConsoleHost_history.txt": f"{LOGIN}\n",
    ".tcsh_history": f"#+1700000000\n{LOGIN}\n",
}


def findings(workstation: Workstation, path: Path) -> list[Finding]:
    return seen(shell_history.read(workstation, path)).findings


def at(finding: Finding, text: str) -> str:
    place = finding.place
    assert place.line and place.column
    return text.split("\n")[place.line - 1][place.column - 1 :]


@pytest.mark.parametrize("name", PLACES)
def test_every_file_is_surveyed(workstation: MakeWorkstation, name: str) -> None:
    machine, word = workstation(), random_password()
    text = PLACES[name].format(word)
    path = write(machine.home / name, text)
    (found,) = seen(shell_history.survey(machine)).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.registry, found.username, found.severity) == ("ghcr.io", "bob", Severity.HIGH)
    assert (found.rule, found.confidence, found.place.path) == (
        "secret-in-shell-history",
        Confidence.CERTAIN,
        str(path),
    )
    assert at(found, text).startswith(word)
    assert shell_history.claims(path)


def test_what_the_environment_names(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "kept", LOGIN.format(random_password()) + "\n")
    write(tmp_path / "zdot" / ".zsh_history", LOGIN.format(random_password()) + "\n")
    write(tmp_path / "data" / "fish" / "fish_history", f"- cmd: {LOGIN.format(random_password())}\n  when: 1\n")
    machine = workstation(
        {"HISTFILE": str(tmp_path / "kept"), "ZDOTDIR": str(tmp_path / "zdot"), "XDG_DATA_HOME": str(tmp_path / "data")}
    )
    assert len(seen(shell_history.survey(machine)).findings) == 3


def test_bash_s_entries_of_several_lines(workstation: MakeWorkstation, tmp_path: Path) -> None:
    one, two, three = random_password(), random_password(), random_password()
    text = (
        f"#1700000000\ndocker login \\\n  -u bob \\\n  -p {one} \\\n  ghcr.io\n#1700000001\nls\n#1700000002\n"
        f"docker login -u eve --password-stdin quay.io <<EOF\n{two}\nEOF\n#1700000003\n"
        f"cat <<EOF |\n{three}\nEOF\ndocker login -u kim --password-stdin\n"
    )
    found = findings(workstation(), write(tmp_path / ".bash_history", text))
    assert [(held.registry, held.username, held.place.line) for held in found] == [
        ("ghcr.io", "bob", 4),
        ("quay.io", "eve", 10),
        ("docker.io", "kim", 14),
    ]
    for held, word in zip(found, (one, two, three), strict=True):
        assert held.secret and held.secret.reveal() == word
        assert at(held, text).startswith(word)


def test_zsh_s_metafied_bytes(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """zsh writes some bytes of `ü` and `日` as two: the password must be the one that was typed."""
    typed = f"DB_PASSWORD=Zqü日{random_password()} x"
    kept = b"".join(bytes([0x83, one ^ 32]) if 0x83 <= one <= 0x9D else bytes([one]) for one in typed.encode())
    path = write(tmp_path / ".zsh_history", b": 1700000000:0;" + kept + b"\n")
    (found,) = findings(workstation(), path)
    assert found.secret and found.secret.reveal() == typed.removeprefix("DB_PASSWORD=").removesuffix(" x")


def test_fish_quotes_in_its_own_way(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    text = f"- cmd: set -gx DB_PASSWORD 'a\\\\'{word}'\\nls\n  when: 1700000000\n"
    (found,) = findings(workstation(), write(tmp_path / "fish_history", text))
    assert found.secret and found.secret.reveal() == f"a'{word}"
    assert at(found, text).startswith("a\\\\'")


def test_a_secret_is_told_once_with_its_last_place(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    lines = [f"docker login -u bob -p {word} ghcr.io", "ls", f"curl -u bob:{word} https://x.example", "ls"] * 2
    (found,) = findings(workstation(), write(tmp_path / ".bash_history", "\n".join(lines)))
    assert (found.registry, found.place.line, found.confidence) == ("ghcr.io", 7, Confidence.CERTAIN)
    assert found.title.endswith(", 4 times")


def test_a_token_in_any_command(workstation: MakeWorkstation, tmp_path: Path) -> None:
    token = random_token("dckr_pat_", 27)
    (found,) = findings(workstation(), write(tmp_path / ".bash_history", f"some-program {token}\n"))
    assert (found.confidence, found.severity) == (Confidence.CERTAIN, Severity.CRITICAL)


def test_what_holds_no_secret(workstation: MakeWorkstation, tmp_path: Path) -> None:
    text = "docker login\nmkdir -p a/b\nssh -p 22 host\nexport TOKEN=$(pass show x)\ncurl -u bob https://x.example\n"
    got = seen(shell_history.read(workstation(), write(tmp_path / ".bash_history", text)))
    assert (got.findings, [one.bytes for one in got.looked]) == ([], [len(text)])


def test_a_long_history(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """The lines between are passed over, none of the others."""
    words = [random_password() for _ in range(20)]
    lines = [f"git commit -m 'change {number}'" for number in range(20_000)]
    for number, word in enumerate(words):
        lines[number * 1000] = LOGIN.format(word)
    text = "é\n" + "\n".join(lines)
    found = findings(workstation(), write(tmp_path / ".bash_history", text))
    assert [held.secret.reveal() for held in found if held.secret] == words
    assert [held.place.line for held in found] == [2 + number * 1000 for number in range(20)]


def test_a_scan_that_is_cancelled_ends(workstation: MakeWorkstation, tmp_path: Path) -> None:
    machine = workstation()
    machine.cancelled.set()
    assert findings(machine, write(tmp_path / ".bash_history", LOGIN.format(random_password()))) == []


def test_what_cannot_be_read_is_said(workstation: MakeWorkstation) -> None:
    machine = workstation()
    path = write(machine.home / ".bash_history", "x", mode=0)
    with unprivileged():
        got = seen(shell_history.survey(machine))
    assert [one.path for one in got.skipped if one.path == str(path)] == [str(path)]
    large = machine.home / ".zsh_history"
    with large.open("wb") as stream:
        stream.truncate(shell_history.LARGEST + 1)
    assert [one.path for one in seen(shell_history.read(machine, large)).skipped] == [str(large)]


@pytest.mark.parametrize("name", ["history", "notes/history", "x_history", "bash_history.txt"])
def test_which_files_are_not_ours(name: str) -> None:
    assert not shell_history.claims(Path("/x") / name)


def test_powershell_quotes_in_its_own_way(workstation: MakeWorkstation, tmp_path: Path) -> None:
    word = random_password()
    text = f'ls\n$env:DB_PASSWORD = "{word}`$1"\n'
    (found,) = findings(workstation(), write(tmp_path / "ConsoleHost_history.txt", text))
    assert found.secret and found.secret.reveal() == f"{word}$1"
    assert at(found, text).startswith(word)
