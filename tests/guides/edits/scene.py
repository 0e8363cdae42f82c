"""A throw-away workstation with one file in which a secret lies, and what an edit of it must keep to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checks import source_text
from checks.catalog import CHECKS
from checks.model.check import Check
from checks.model.finding import Finding
from checks.model.secret import FingerprintKey, Secret
from checks.model.workstation import Workstation
from guides.edits.applying import EditRecord, apply, undo
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.value_edit import plan_edit


@dataclass(frozen=True)
class Scene:
    """Everything below one folder; the state folder is in its home."""

    top: Path

    @property
    def workstation(self) -> Workstation:
        home = self.top / "home"
        home.mkdir(exist_ok=True)
        return Workstation(home=home, environment={}, key=FingerprintKey(b"e" * 32), root=self.top / "root")

    def write(self, name: str, data: str | bytes, mode: int = 0o600) -> Path:
        path = self.top / "home" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        path.chmod(mode)
        return path

    def found(self, path: Path, check: Check | None = None) -> list[Secret]:
        """The secrets that this check, or all together, find in the file."""
        checks = [check] if check else [one for one in CHECKS if one.claims(path)]
        seen = [one for each in checks for one in each.read(self.workstation, path)]
        return [one.secret for one in seen if isinstance(one, Finding) and one.secret]

    def finder(self, path: Path, secret: Secret) -> Check | None:
        """The first check that finds it there."""
        claiming = [one for one in CHECKS if one is not source_text and one.claims(path)]
        return next((one for one in (*claiming, source_text) if secret in self.found(path, one)), None)

    def plan(self, path: Path, old: str, new: str | None, way: Way, name: str = "") -> ValueEdit | ToDo:
        secret = Secret(old)
        check = self.finder(path, secret)
        assert check, "no check finds the old secret"
        return plan_edit(self.workstation, check, path, secret, Secret(new) if new else None, way, name)

    def edit(self, path: Path, old: str, new: str | None, way: Way = Way.VALUE, name: str = "") -> ValueEdit:
        planned = self.plan(path, old, new, way, name)
        assert isinstance(planned, ValueEdit), planned
        return planned

    def left(self, path: Path, old: str, new: str | None, way: Way = Way.VALUE, name: str = "") -> ToDo:
        planned = self.plan(path, old, new, way, name)
        assert isinstance(planned, ToDo), planned.preview
        return planned

    def nothing_is_left_over(self) -> None:
        """No temporary file, and nothing in the state folder but what belongs there."""
        names = [path for path in self.top.rglob("*") if "dockhygiene-" in path.name or "reading-" in path.name]
        assert not names


def made(edit: ValueEdit) -> EditRecord:
    """Applies the edit as the guide does: the record is there before."""
    record = EditRecord.from_json(EditRecord.of(edit).as_json())
    apply(edit, Path(record.temporary))
    return record


def there_and_back(scene: Scene, edit: ValueEdit) -> bytes:
    """Applies it and takes it back; the bytes in between. The old ones are the same again."""
    before, mode = edit.path.read_bytes(), edit.path.stat().st_mode
    record = made(edit)
    between = edit.path.read_bytes()
    assert edit.path.stat().st_mode == mode
    undo(record, edit.removed, scene.workstation.key)
    assert edit.path.read_bytes() == before
    assert edit.path.stat().st_mode == mode
    scene.nothing_is_left_over()
    return between


def assert_shows_nothing(edit: ValueEdit, *values: str) -> None:
    """Neither value nor any part of it that says much stands in what is shown, or in a repr."""
    shown = "\n".join((*edit.preview, *edit.notes, repr(edit)))
    for value in values:
        if len(value) >= 4:
            assert value not in shown
