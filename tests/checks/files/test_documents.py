from __future__ import annotations

from pathlib import Path

from checks.files.documents import read_document
from checks.files.reading import Document
from checks.model.finding import Skipped


def test_a_file_or_why_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("12345")
    found = read_document("c", tmp_path / "f", 5)
    assert isinstance(found, Document) and found.data == b"12345"
    assert read_document("c", tmp_path / "missing", 5) == ()
    (large,) = read_document("c", tmp_path / "f", 4)  # type: ignore[misc]
    assert large == Skipped("c", str(tmp_path / "f"), "too large: 5 bytes, the limit is 4 bytes", size=5)
