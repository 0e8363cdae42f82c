"""What the numbers of a bench rest on: planted lines are the lines, a failed run is no result, reports are read."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bench.measuring import Failed, Usage, middle, used
from tests.bench.peers import PEERS, Peer, lines_of
from tests.bench.planted import Planted, home, word


def test_lines_are_remembered_where_the_secret_stands_and_the_mark_is_gone(tmp_path: Path) -> None:
    planted = Planted(tmp_path)
    planted.write("deep/file", f"one\ntwo={word(20)}\nthree\n")
    path = (tmp_path / "deep/file").resolve()
    assert planted.lines == {(str(path), 2)}
    assert len(path.read_text().split("\n")[1]) == len("two=") + 20


def test_a_home_has_other_secrets_each_time_on_the_same_lines(tmp_path: Path) -> None:
    tops = [tmp_path / name for name in ("one", "two")]
    one, two = ({(os.path.relpath(path, top.resolve()), line) for path, line in home(top).lines} for top in tops)
    assert one == two
    for name, line in one:
        first, second = ((top / name).read_text().split("\n")[line - 1] for top in tops)
        assert first != second
        assert len(first) == len(second)


def test_a_run_is_measured_and_a_failed_one_is_no_result() -> None:
    busy = used([sys.executable, "-I", "-S", "-c", "sum(range(10**7))"], os.environ, sampled=True)
    assert busy.cpu > 0
    assert busy.largest > 1_000_000
    with pytest.raises(Failed, match="ended with 3"):
        used([sys.executable, "-I", "-S", "-c", "raise SystemExit(3)"], os.environ, (0, 1))


def test_the_median_of_times_and_the_most_of_memory() -> None:
    assert middle([Usage(3, 1, 10), Usage(1, 9, 30), Usage(2, 5, 20, 7)]) == Usage(2, 5, 30, 7)


REPORTS = {
    "kingfisher": {"findings": [{"finding": {"path": "a/b", "line": 4}}]},
    "betterleaks": {"findings": [{"location": {"path": "a/b", "start_line": 4, "end_line": 5}}]},
    "gitleaks": [{"File": "a/b", "StartLine": 4, "EndLine": 4}],
}


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_the_report_of_a_peer_is_read(tmp_path: Path, peer: Peer) -> None:
    report = tmp_path / "report"
    assert lines_of(peer, report, tmp_path) == (0, set())
    report.write_text(json.dumps(REPORTS[peer.name]))
    count, lines = lines_of(peer, report, tmp_path)
    assert count == 1
    assert (str((tmp_path / "a/b").resolve()), 4) in lines
    assert peer.argv(binary="x", path="/p", report="/r").count("/p") == 1
