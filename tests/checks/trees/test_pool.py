from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks import source_text
from checks.model.finding import Finding, Skipped
from checks.trees.batch import Batch, Outcome
from checks.trees.pool import Pool, cores, look_here, readers
from tests.checks.conftest import MakeWorkstation, random_token, write
from tests.services.processes import wait_until

pytestmark = [
    pytest.mark.timeout(60),
    # pytest-xdist runs tests beside a thread of its own; the program forks before it has any
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]
CHECKS = (source_text,)


def tree(top: Path, folders: int) -> list[Batch]:
    for number in range(folders):
        write(top / str(number) / "f", f"token {random_token('dckr_pat_', 27)}\n")
    return [Batch(str(top / str(number)), ("f",)) for number in range(folders)]


def summary(looked: Iterator[tuple[Batch, Outcome]]) -> list[tuple[str, str]]:
    return sorted((batch.folder, one.rule) for batch, out in looked for _, one in out.told if isinstance(one, Finding))


def test_a_pool_sees_what_one_process_sees(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here, batches = workstation(), tree(tmp_path / "top", 150)
    with readers(here, 3) as pool:
        assert pool
        alone = summary(look_here(here, CHECKS, iter(batches)))
        assert len(alone) == 150
        assert summary(pool.look(here, CHECKS, iter(batches))) == alone
        assert summary(pool.look(here, CHECKS, iter(batches))) == alone  # any number of times


def test_secrets_cross_as_secrets(workstation: MakeWorkstation, tmp_path: Path) -> None:
    token = random_token("dckr_pat_", 27)
    write(tmp_path / "f", token)
    here = workstation()
    with readers(here, 2) as pool:
        assert pool
        ((_, outcome),) = pool.look(here, CHECKS, iter([Batch(str(tmp_path), ("f",))]))
    ((_, finding),) = outcome.told
    assert isinstance(finding, Finding) and finding.secret
    assert finding.secret.kind == "docker-hub-pat"
    assert token not in repr(outcome)


def test_cancelling_ends_it_and_the_next_scan_is_whole(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here, batches = workstation(), tree(tmp_path / "top", 200)
    stopped = workstation()
    with readers(here, 2) as pool:
        assert pool
        looking = pool.look(stopped, CHECKS, iter(batches))
        next(looking)
        stopped.cancelled.set()
        assert len(list(looking)) < 150
        assert len(summary(pool.look(here, CHECKS, iter(batches)))) == 200


@pytest.mark.timeout(60)
def test_a_big_file_is_left_when_cancelled(workstation: MakeWorkstation, tmp_path: Path) -> None:
    """What is under way ends too: a reader asks between two places of a text. To its end it would read for longer."""
    write(tmp_path / "f", b"password = ${X}\n" * 2_800_000)
    here = workstation()

    def batches() -> Iterator[Batch]:
        yield Batch(str(tmp_path), ("f",))
        here.cancelled.set()  # it has been handed over by now

    with readers(here, 2) as pool:
        assert pool
        assert list(pool.look(here, CHECKS, batches())) == []


def test_a_reader_that_is_killed_is_told_and_the_others_go_on(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here, batches = workstation(), tree(tmp_path / "top", 300)
    with readers(here, 2) as pool:
        assert pool
        victim = children()[0]
        os.kill(victim, signal.SIGSTOP)  # so that it has not done all of its batches before it is killed
        looking = pool.look(here, CHECKS, iter(batches))
        outcomes = [next(looking)]
        os.kill(victim, signal.SIGKILL)
        outcomes += list(looking)
    lost = [one for _, outcome in outcomes for _, one in outcome.told if isinstance(one, Skipped)]
    found = summary(iter(outcomes))
    assert lost
    assert len(found) + len(lost) == 300
    assert all("not looked at" in one.reason for one in lost)


def test_without_any_reader_left_everything_is_told_as_not_looked_at(
    workstation: MakeWorkstation, tmp_path: Path
) -> None:
    here, batches = workstation(), tree(tmp_path / "top", 20)
    with readers(here, 2) as pool:
        assert pool
        for child in children():
            os.kill(child, signal.SIGKILL)
        outcomes = list(pool.look(here, CHECKS, iter(batches)))
    assert sum(isinstance(one, Skipped) for _, outcome in outcomes for _, one in outcome.told) == 20


def test_long_names_do_not_block_either_end(workstation: MakeWorkstation, tmp_path: Path) -> None:
    here = workstation()
    names = [os.fsdecode(b"\xff" * 200 + str(number).encode()) for number in range(400)]
    for name in names:
        (tmp_path / name).write_text(f"a {random_token('dckr_pat_', 27)}\n" * 20)
    batches = [Batch(str(tmp_path), tuple(names[at : at + 100])) for at in range(0, 400, 100)]
    with readers(here, 2) as pool:
        assert pool
        assert len(summary(pool.look(here, CHECKS, iter(batches)))) == 8000


def test_one_reader_needs_no_process(workstation: MakeWorkstation) -> None:
    with readers(workstation(), 1) as pool:
        assert pool is None
    assert cores() >= 1


PARENT = """
import os, signal, sys
from pathlib import Path
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from checks.trees.pool import Pool
pool = Pool(Workstation(Path("/"), {}, FingerprintKey(b"")), 2)
print(*[process.pid for process in pool._processes], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_readers_end_with_the_program_however_it_ends() -> None:
    done = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=False)
    pids = [int(word) for word in done.stdout.split()]
    assert len(pids) == 2
    wait_until(lambda: not any(alive(pid) for pid in pids), 30, "the readers ended")


def children() -> list[int]:
    tasks = Path("/proc/self/task")
    return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except FileNotFoundError:
        return False


def test_closing_twice_is_harmless(workstation: MakeWorkstation) -> None:
    pool = Pool(workstation(), 2)
    pool.close()
    pool.close()
