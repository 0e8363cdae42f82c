"""Whole entries go, all that hold the secret, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import shell_history, source_text
from checks.model.secret import Secret
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.value_edit import plan_edit, ways_for
from tests.checks.conftest import random_password, random_token
from tests.guides.edits.scene import Scene, assert_shows_nothing, there_and_back


@pytest.fixture
def old() -> str:
    return random_password()


def without(scene: Scene, name: str, text: str | bytes, old: str) -> str:
    """The file after the edit, which is also taken back."""
    return taken_out(scene, name, text, old).decode("utf-8", "surrogateescape")


def taken_out(scene: Scene, name: str, text: str | bytes, old: str) -> bytes:
    path = scene.write(name, text)
    check = shell_history if shell_history.claims(path) else source_text
    edit = plan_edit(scene.workstation, check, path, Secret(old), None, Way.NOTHING)
    assert isinstance(edit, ValueEdit), edit
    assert_shows_nothing(edit, old)
    return there_and_back(scene, edit)


def test_every_entry_that_holds_it(scene: Scene, old: str) -> None:
    text = f"ls\ndocker login -u a -p {old} ghcr.io\nmake\ndocker login -u a -p {old} ghcr.io\necho {old}\nls\n"
    assert without(scene, ".bash_history", text, old) == "ls\nmake\nls\n"


def test_time_stamps_go_with_their_command(scene: Scene, old: str) -> None:
    text = f"#1700000000\nls\n#1700000001\nexport DB_PASSWORD='{old}'\n#1700000002\nmake\n"
    assert without(scene, ".bash_history", text, old) == "#1700000000\nls\n#1700000002\nmake\n"


def test_a_command_of_several_lines_goes_whole(scene: Scene, old: str) -> None:
    text = f"#1700000000\nls\n#1700000001\nfor h in a b; do\n  docker login -u a -p {old} $h\ndone\n#1700000002\nmake\n"
    assert without(scene, ".bash_history", text, old) == "#1700000000\nls\n#1700000002\nmake\n"
    joined = f"ls\ndocker login \\\n  -u a \\\n  -p {old} ghcr.io\nmake\n"
    assert without(scene, ".sh_history", joined, old) == "ls\nmake\n"
    document = f"ls\ncat > .netrc <<EOF\nmachine ghcr.io\npassword {old}\nEOF\nexport DB_PASSWORD={old}\nmake\n"
    assert without(scene, ".sh_history", document, old) == "ls\nmake\n"


def test_where_stamps_stop_each_line_is_a_command(scene: Scene, old: str) -> None:
    """bash wrote stamps once, and later sessions none: what follows the last stamp is not one command."""
    others = [f"echo {number}" for number in range(40)]
    text = "\n".join(["#1700000000", "ls", *others, f"docker login -u a -p {old} ghcr.io", *others]) + "\n"
    assert without(scene, ".bash_history", text, old) == "\n".join(["#1700000000", "ls", *others, *others]) + "\n"


def test_zsh_with_its_stamps_and_lines(scene: Scene, old: str) -> None:
    text = f": 1700000000:0;ls\n: 1700000001:3;docker login \\\n -u a -p '{old}' ghcr.io\n: 1700000002:0;make\n"
    assert without(scene, ".zsh_history", text, old) == ": 1700000000:0;ls\n: 1700000002:0;make\n"
    assert without(scene, ".zhistory", f"ls\nexport API_TOKEN={old}\nmake\n", old) == "ls\nmake\n"


def test_zsh_writes_some_letters_in_two_bytes(scene: Scene) -> None:
    """0x83 and the byte xor 32: the file is no UTF-8 then."""
    old = f"Grün{random_password()}ß"
    line = f"docker login -u a -p '{old}' ghcr.io"
    kept = b": 1700000000:0;echo " + meta("Äpfel à 3 €") + b"\n"
    data = kept + b": 1700000001:0;" + meta(line) + b"\n" + kept
    assert taken_out(scene, ".zsh_history", data, old) == kept + kept


def meta(text: str) -> bytes:
    """As zsh's metafy does: bytes from 0x83 to 0xa2 are marked."""
    return b"".join(bytes([0x83, byte ^ 32]) if 0x83 <= byte <= 0xA2 else bytes([byte]) for byte in text.encode())


def test_fish_with_when_and_paths(scene: Scene, old: str) -> None:
    kept = "- cmd: ls\n  when: 1700000000\n"
    gone = f"- cmd: docker login -u a -p {old} ghcr.io < notes.txt\n  when: 1700000001\n  paths:\n    - notes.txt\n"
    lines = f"- cmd: begin\\n  set -x DB_PASSWORD {old}\\nend\n  when: 1700000002\n"
    assert without(scene, ".local/share/fish/fish_history", kept + gone + lines + kept, old) == kept + kept


def test_an_ordinary_word_is_kept_where_it_is_no_password(scene: Scene) -> None:
    text = "sudo -u postgres psql\nPGPASSWORD=postgres psql -h db\ncd postgres\n"
    path = scene.write(".bash_history", text)
    if Secret("postgres") not in scene.found(path, shell_history):
        pytest.skip("the check takes it for no password at all")
    assert without(scene, ".bash_history", text, "postgres") == "sudo -u postgres psql\ncd postgres\n"


def test_one_word_in_pieces_is_found_by_what_the_shell_reads(scene: Scene, old: str) -> None:
    text = f"ls\ndocker login -u a -p {old[:5]}\"{old[5:9]}\"'{old[9:]}' ghcr.io\nmake\n"
    assert without(scene, ".bash_history", text, old) == "ls\nmake\n"


def test_a_secret_that_stands_in_the_same_entry_goes_along(scene: Scene, old: str) -> None:
    other = random_token("ghp_", 36)
    text = f"ls\nDB_PASSWORD={old} GH_TOKEN={other} ./deploy\n"
    assert without(scene, ".bash_history", text, old) == "ls\n"


def test_neighbours_are_masked(scene: Scene, old: str) -> None:
    other, name = random_password(), random_token("glpat-", 20)
    path = scene.write(".bash_history", f"export API_TOKEN={name}\nDB_PASSWORD={old} SMTP_PASSWORD={other} ./deploy\n")
    edit = scene.edit(path, old, None, Way.NOTHING)
    assert_shows_nothing(edit, old, other, name)
    assert edit.preview == ("@@ -2,1 +1,0 @@", "-DB_PASSWORD=<16 characters> SMTP_PASSWORD=<16 characters> ./deploy")


def test_windows_lines_and_a_missing_newline(scene: Scene, old: str) -> None:
    text = f"ls\r\ndocker login -u a -p {old} ghcr.io\r\nmake\r\n"
    assert without(scene, "powershell/ConsoleHost_history.txt", text, old) == "ls\r\nmake\r\n"
    assert without(scene, ".bash_history", f"ls\ndocker login -u a -p {old} ghcr.io", old) == "ls\n"


def test_other_programs_histories_by_line(scene: Scene, old: str) -> None:
    token = random_token("ghp_", 36)
    text = f"import os\nTOKEN = '{token}'\nexit()\n"
    assert without(scene, ".python_history", text, token) == "import os\nexit()\n"
    text = f"select 1;\nCREATE USER shop IDENTIFIED BY '{old}';\n"
    assert without(scene, ".mysql_history", text, old) == "select 1;\n"


def test_a_history_gets_no_new_value(scene: Scene, old: str) -> None:
    path = scene.write(".bash_history", f"docker login -u a -p {old} ghcr.io\n")
    for way in (Way.VALUE, Way.VARIABLE):
        planned = plan_edit(scene.workstation, shell_history, path, Secret(old), Secret("x"), way, "NAME")
        assert isinstance(planned, ToDo)
    assert ways_for(shell_history, path, path.read_text()) == (Way.NOTHING,)


def test_what_is_not_there_any_more(scene: Scene, old: str) -> None:
    path = scene.write(".bash_history", "ls\n")
    planned = plan_edit(scene.workstation, shell_history, path, Secret(old), None, Way.NOTHING)
    assert isinstance(planned, ToDo)
    assert "not found there any more" in planned.reason


def test_a_long_history_is_done_at_once(scene: Scene, old: str) -> None:
    lines = [f"echo {number}" for number in range(20_000)]
    for position in range(0, 20_000, 50):
        lines[position] = f"docker login -u a -p {old} ghcr.io"
    left = without(scene, ".bash_history", "\n".join(lines) + "\n", old)
    assert left.count("\n") == 19_600
    assert Path(scene.top / "home/.bash_history").exists()
