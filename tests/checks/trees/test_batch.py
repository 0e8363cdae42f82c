from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checks import environment_files, source_text
from checks.model.finding import Finding, Observation
from checks.model.workstation import Workstation
from checks.trees.batch import Batch, Outcome
from checks.trees.reader import LINK, Reader
from tests.checks.conftest import MakeWorkstation, random_password, random_token, write


def look(workstation: Workstation, top: Path, *names: str, links: frozenset[str] = frozenset()) -> Outcome:
    return Reader(workstation, (environment_files, source_text)).look(Batch(str(top), names, links))


def told(outcome: Outcome) -> list[tuple[str, str, int | None]]:
    return [(check, one.rule, one.place.line) for check, one in outcome.told if isinstance(one, Finding)]


def test_a_file_is_told_by_who_understands_it_and_its_comments_by_the_text(
    workstation: MakeWorkstation, tmp_path: Path
) -> None:
    old = random_token("dckr_pat_", 27)
    write(tmp_path / ".env", f"# was {old}\nDB_PASSWORD={random_password()}\n# API_PASSWORD={random_password()}\n")
    assert told(look(workstation(), tmp_path, ".env")) == [
        ("environment-files", "environment-file-secret", 2),
        ("source-text", "docker-hub-pat", 1),
        ("source-text", "named-secret", 3),
    ]


def test_what_was_looked_at_is_counted(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "12345")
    write(tmp_path / "b.bin", bytes(range(256)))
    write(tmp_path / ".env", "A=b\n")
    outcome = look(workstation(), tmp_path, ".env", "a.txt", "b.bin")
    assert outcome.looked == {"environment-files": (1, 4), "source-text": (2, 9)}
    assert outcome.passed == {"binary": (1, 256)}
    assert outcome.binaries == {"b.bin"}
    assert outcome.complete and not outcome.eventful


def test_what_has_to_be_looked_at_again(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "found.py", f'password = "{random_password()}1a"\n')
    outcome = look(workstation(), tmp_path, "found.py", "gone.py")
    assert outcome.eventful == {"found.py", "gone.py"}


def test_a_link_is_read_only_by_who_knows_its_name(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "real", f"DB_PASSWORD={random_password()}\n")
    (tmp_path / ".env").symlink_to("real")
    (tmp_path / "other").symlink_to("real")
    outcome = look(workstation(), tmp_path, ".env", "other", links=frozenset({".env", "other"}))
    assert told(outcome) == [("environment-files", "environment-file-secret", 1)]
    assert outcome.passed == {LINK: (2, 0)}


def test_cancelling_leaves_the_batch_incomplete(workstation: MakeWorkstation, tmp_path: Path) -> None:
    write(tmp_path / "a", "x")
    here = workstation()
    here.cancelled.set()
    assert not look(here, tmp_path, "a").complete


class Failing:
    id = "failing"
    title = "fails"
    calls = 0

    def survey(self, _: Workstation) -> Iterator[Observation]:
        return iter(())

    def claims(self, _: Path) -> bool:
        return True

    def read(self, _: Workstation, __: Path) -> Iterator[Observation]:
        Failing.calls += 1
        raise KeyError("what was read")
        yield


def test_a_failing_check_is_not_asked_again_and_the_others_go_on(workstation: MakeWorkstation, tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / name, "x")
    reader = Reader(workstation(), (Failing(), source_text))
    outcome = reader.look(Batch(str(tmp_path), ("a", "b")))
    assert outcome.failures["failing"].startswith("KeyError in test_batch.py")
    assert Failing.calls == 1
    assert outcome.looked == {"source-text": (2, 2)}
    assert outcome.eventful == {"a"}


def test_paths() -> None:
    assert Batch("/top/a", ("c",)).path("c") == "/top/a/c"
    assert Batch("/", ("c",)).path("c") == "/c"
