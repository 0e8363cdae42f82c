"""Which Dockerfile made an image: by its history as builders write it, else by what the findings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.images.model import HistoryLine
from checks.model.secret import FingerprintKey
from checks.model.workstation import Workstation
from guides.images.matching import Traces, archive_steps, best_of, dockerfiles, history_steps
from guides.images.told import Told
from tests.guides.images.scenes import DOCKERFILE, TAG, archive, image

BUILT = {
    "classic": [
        "/bin/sh -c #(nop)  ENV LEVEL=3",
        "/bin/sh -c #(nop) COPY file:0123abcd in /app/.npmrc ",
        "|1 T=x /bin/sh -c npm ci   && make",
    ],
    "BuildKit": ["ENV LEVEL=3", "COPY .npmrc /app/.npmrc # buildkit", "RUN /bin/sh -c npm ci   && make # buildkit"],
    "buildah": [
        "/bin/sh -c #(nop) ENV LEVEL=3",
        "/bin/sh -c #(nop) COPY file:0123abcd in /app/.npmrc ",
        "/bin/sh -c npm ci   && make",
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        "right/Dockerfile": "FROM x AS a\nENV LEVEL=3\nCOPY .npmrc /app/.npmrc\nFROM a\nRUN npm ci \\\n  && make\n",
        "other/Dockerfile": "FROM x\nENV LEVEL=3\nCOPY . /srv\nRUN go build\n",
        "told/web.Dockerfile": "FROM x\nARG T\nCOPY ci.env /etc/ci.env\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def candidates(folder: Path) -> list[Path]:
    workstation = Workstation(folder / "home", {}, FingerprintKey(b"m" * 32), root=folder / "root")
    return list(dockerfiles(workstation, [folder]))


@pytest.mark.parametrize("builder", BUILT)
def test_by_the_history(folder: Path, builder: str) -> None:
    steps = frozenset(history_steps([HistoryLine(one, makes_layer=True) for one in BUILT[builder]]))
    assert best_of(candidates(folder), Traces(steps, Told())) == (folder / "right/Dockerfile",)
    assert best_of(candidates(folder), Traces(frozenset([("RUN", "ls")]), Told(("T",)))) == ()


def test_by_what_findings_name(folder: Path) -> None:
    told = Told(("T",), ("/etc/ci.env",))
    assert best_of(candidates(folder), Traces(frozenset(), told)) == (folder / "told/web.Dockerfile",)
    assert best_of(candidates(folder), Traces(frozenset(), Told())) == ()


def test_by_the_history_in_an_archive(tmp_path: Path) -> None:
    saved = archive(tmp_path / "a.tar", image("made-up"))
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    steps = frozenset(archive_steps(saved, [TAG]))
    assert best_of([tmp_path / "Dockerfile"], Traces(steps, Told())) == (tmp_path / "Dockerfile",)
    assert not list(archive_steps(saved, ["another:1"])) and not list(archive_steps(tmp_path / "none.tar", [TAG]))
