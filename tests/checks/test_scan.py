from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.catalog import CHECKS, by_id
from checks.model.finding import Confidence, Finding, Looked, Observation, Place, Severity, Skipped
from checks.model.workstation import Workstation
from checks.scan import CheckFinished, Event, FindingFound, ItemSkipped, Progress, scan
from tests.checks.conftest import MakeWorkstation, write

pytestmark = pytest.mark.timeout(60)


def finding(check: str, path: str = "p") -> Finding:
    return Finding(check, "r", "t", Severity.LOW, Confidence.CERTAIN, Place(path))


@dataclass
class Fake:
    """A check whose looks a test decides."""

    id: str
    looks: Callable[[Workstation], Iterator[Observation]] = lambda _: iter(())
    title: str = "fake"
    claimed: str = ""
    paths: list[Path] = field(default_factory=list)

    def survey(self, workstation: Workstation) -> Iterator[Observation]:
        return self.looks(workstation)

    def claims(self, path: Path) -> bool:
        return path.name == self.claimed

    def read(self, workstation: Workstation, path: Path) -> Iterator[Observation]:
        self.paths.append(path)
        yield from self.looks(workstation)


def kinds(events: list[Event], kind: type) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def finished(events: list[Event]) -> dict[str, CheckFinished]:
    return {event.check: event for event in events if isinstance(event, CheckFinished)}


def test_observations_become_events_and_counts(workstation: MakeWorkstation) -> None:
    skipped = Skipped("a", "s", "reason")
    check = Fake("a", lambda _: iter([finding("a"), Looked("x", 5), skipped, Looked("y", 7)]))
    events = list(scan(workstation(), [check]))
    assert events[:4] == [
        FindingFound(finding("a")),
        Progress("a", 1, 5, "x"),
        ItemSkipped(skipped),
        Progress("a", 2, 12, "y"),
    ]
    last = events[-1]
    assert isinstance(last, CheckFinished)
    assert (last.check, last.items, last.bytes, last.failure) == ("a", 2, 12, "")
    assert last.seconds >= 0


def test_no_checks_no_events(workstation: MakeWorkstation, tmp_path: Path) -> None:
    assert list(scan(workstation(), [])) == []
    assert list(scan(workstation(), [], [tmp_path])) == []


def test_checks_run_side_by_side(workstation: MakeWorkstation) -> None:
    meeting = threading.Barrier(3, timeout=30)

    def wait(_: Workstation) -> Iterator[Observation]:
        meeting.wait()
        yield Looked("x", 1)

    events = list(scan(workstation(), [Fake(name, wait) for name in "abc"]))
    assert all(not one.failure for one in finished(events).values())


def test_events_arrive_while_a_check_still_runs(workstation: MakeWorkstation) -> None:
    seen_it = threading.Event()

    def look(_: Workstation) -> Iterator[Observation]:
        yield finding("a")
        assert seen_it.wait(30)

    events = scan(workstation(), [Fake("a", look)])
    assert next(events) == FindingFound(finding("a"))
    seen_it.set()
    (last,) = events
    assert isinstance(last, CheckFinished)
    assert not last.failure


def fail(_: Workstation) -> Iterator[Observation]:
    yield finding("bad")
    raise KeyError("a secret that was read")


def test_a_failing_check_ends_alone_and_tells_no_secret(workstation: MakeWorkstation) -> None:
    good = Fake("good", lambda _: iter([finding("good")]))
    events = list(scan(workstation(), [Fake("bad", fail), good]))
    done = finished(events)
    assert done["bad"].failure.startswith("KeyError in test_scan.py, line ")
    assert "secret" not in done["bad"].failure
    assert done["good"].failure == ""
    assert len(kinds(events, FindingFound)) == 2


def test_a_failing_check_ends_alone_below_paths_too(workstation: MakeWorkstation, tmp_path: Path) -> None:
    for name in ("a/f", "b/f", "c/f"):
        write(tmp_path / "top" / name, "")
    good, bad = Fake("good", lambda _: iter([Looked("x", 1)]), claimed="f"), Fake("bad", fail, claimed="f")
    done = finished(list(scan(workstation(), [bad, good], [tmp_path / "top"])))
    assert done["bad"].failure
    assert (done["good"].failure, done["good"].items) == ("", 3)
    assert len(bad.paths) == 1


def test_a_failing_walk_fails_every_check(workstation: MakeWorkstation, tmp_path: Path) -> None:
    class Broken(Fake):
        def claims(self, path: Path) -> bool:
            raise KeyError(path)

    write(tmp_path / "top/f", "")
    done = finished(list(scan(workstation(), [Fake("a", claimed="f"), Broken("b")], [tmp_path / "top"])))
    assert all(one.failure.startswith("KeyError") for one in done.values())


def test_paths_are_handed_to_the_checks_that_claim_them(workstation: MakeWorkstation, tmp_path: Path) -> None:
    top = tmp_path / "top"
    for name in ("x/one", "y/two", "y/other"):
        write(top / name, "")
    checks = [Fake("a", claimed="one"), Fake("b", claimed="two")]
    events = list(scan(workstation(), checks, [top, top / "x/one"]))
    assert [check.paths for check in checks] == [[top / "x/one", top / "x/one"], [top / "y/two"]]
    assert set(finished(events)) == {"a", "b"}


def test_folders_that_cannot_be_walked_are_told(workstation: MakeWorkstation, tmp_path: Path) -> None:
    deep = tmp_path / "top/1/2"
    deep.mkdir(parents=True)
    here = workstation()
    shallow = Workstation(here.home, {}, here.key, limits=type(here.limits)(depth=0))
    (skipped,) = kinds(list(scan(shallow, [Fake("a")], [tmp_path / "top"])), ItemSkipped)
    assert isinstance(skipped, ItemSkipped)
    assert skipped.skipped.check == "walk"


def endless(_: Workstation) -> Iterator[Observation]:
    while True:
        yield Looked("x", 1)


def test_cancelling_ends_every_check(workstation: MakeWorkstation) -> None:
    here = workstation()
    events = scan(here, [Fake("a", endless), Fake("b", endless)])
    next(events)
    here.cancelled.set()
    assert set(finished(list(events))) == {"a", "b"}


def test_closing_the_iterator_ends_every_check(workstation: MakeWorkstation, tmp_path: Path) -> None:
    for number in range(300):
        write(tmp_path / f"top/{number}/f", "")
    for paths, looks in (([], endless), ([tmp_path / "top"], lambda _: iter([Looked("x", 1)]))):
        here = workstation()
        before = threading.active_count()
        events = scan(here, [Fake("a", looks, claimed="f"), Fake("b", looks, claimed="f")], paths)
        next(events)
        events.close()  # type: ignore[attr-defined]
        assert here.cancelled.is_set()
        assert threading.active_count() == before


def test_a_finished_scan_leaves_the_workstation_uncancelled(workstation: MakeWorkstation) -> None:
    here = workstation()
    list(scan(here, [Fake("a")]))
    assert not here.cancelled.is_set()


def test_the_catalog_is_sound(workstation: MakeWorkstation, tmp_path: Path) -> None:
    names = [check.id for check in CHECKS]
    assert len(set(names)) == len(names)
    for check in CHECKS:
        assert by_id(check.id) is check
        module = getattr(check, "__name__", "")
        assert module.rpartition(".")[2].replace("_", "-") == check.id
        assert check.title
    assert by_id("nothing") is None
    events = list(scan(workstation(), CHECKS))
    assert set(finished(events)) == set(names)
    assert all(not one.failure for one in finished(events).values())


def test_a_scan_changes_nothing(workstation: MakeWorkstation, tmp_path: Path) -> None:
    files = [write(tmp_path / "home/.docker/config.json", '{"auths": {"h": {"auth": "dTpw"}}}')]
    files += [write(tmp_path / "home/.docker/config.json.bak", "{"), write(tmp_path / "home/.dockercfg", "auth = dTpw")]
    before = [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in files]
    listing = sorted(tmp_path.rglob("*"))
    list(scan(workstation(), CHECKS))
    list(scan(workstation(), CHECKS, [tmp_path]))
    assert [(path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in files] == before
    assert sorted(tmp_path.rglob("*")) == listing
