"""A repository that would run something of its own: each payload fires under plain git, and never under ours."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.git.runner import Git
from guides.history.cleaning import check, clean, plan
from guides.history.trouble import CleaningFailed
from tests.guides.history.repositories import Repo
from tests.guides.history.test_cleaning import order_for, text


def payload(repo: Repo, name: str, then: str = "cat") -> tuple[Path, Path]:
    """A program, and the file by which one knows that it ran."""
    fired, program = repo.folder.parent / f"fired-{name}", repo.folder.parent / f"payload-{name}"
    program.write_text(f"#!/bin/sh\ntouch {fired}\n{then}\n")
    program.chmod(0o755)
    return program, fired


def hook(repo: Repo, program: Path) -> list[str]:
    target = repo.folder / ".git/hooks/reference-transaction"
    target.parent.mkdir(exist_ok=True)
    target.write_text(f"#!/bin/sh\n{program} </dev/null\n")
    target.chmod(0o755)
    return ["tag", "plain"]


def hooks_path(repo: Repo, program: Path) -> list[str]:
    folder = repo.folder.parent / "hooks"
    folder.mkdir()
    (folder / "post-checkout").write_text(f"#!/bin/sh\n{program} </dev/null\n")
    (folder / "post-checkout").chmod(0o755)
    repo.git("config", "core.hooksPath", str(folder))
    return ["checkout", "-q", "-b", "plain"]


def fsmonitor(repo: Repo, program: Path) -> list[str]:
    repo.git("config", "core.fsmonitor", str(program))
    return ["status"]


def clean_filter(repo: Repo, program: Path) -> list[str]:
    (repo.folder / ".git/info").mkdir(exist_ok=True)
    (repo.folder / ".git/info/attributes").write_text("* filter=mine\n")
    repo.git("config", "filter.mine.clean", str(program))
    repo.git("config", "filter.mine.smudge", str(program))
    (repo.folder / "new").write_text("new")
    return ["add", "new"]


def included(repo: Repo, program: Path) -> list[str]:
    more = repo.folder.parent / "more.config"
    more.write_text(f"[core]\n\tfsmonitor = {program}\n")
    repo.git("config", "include.path", str(more))
    return ["status"]


def upload_pack(repo: Repo, program: Path) -> list[str]:
    """A remote whose upload-pack is a program, from which missing objects would be fetched."""
    repo.git("config", "remote.origin.url", f"file://{repo.folder}")
    repo.git("config", "remote.origin.uploadpack", str(program))
    return ["fetch", "origin"]


PAYLOADS: dict[str, Callable[[Repo, Path], list[str]]] = {
    "hook": hook,
    "hooksPath": hooks_path,
    "fsmonitor": fsmonitor,
    "filter": clean_filter,
    "include": included,
    "uploadpack": upload_pack,
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_of_it_runs(tmp_path: Path, name: str) -> None:
    repo = Repo(tmp_path / "shop")
    text(repo)
    program, fired = payload(repo, name, "exit 1" if name == "uploadpack" else "cat")
    plain = PAYLOADS[name](repo, program)
    subprocess.run([repo.program, *plain], cwd=repo.folder, env=repo.environment, capture_output=True, timeout=60)
    assert fired.exists(), "the payload does not fire under plain git: it would prove nothing"
    fired.unlink()
    assert plan(repo.reading, repo.secret, "alice").parts
    order = order_for(repo)
    list(clean(repo.reading, order))
    check(Git(repo.program, order.clone), repo.secret, "alice")
    assert not fired.exists()


def test_missing_objects_are_not_fetched(tmp_path: Path) -> None:
    """A partial clone whose remote would start a program: the cleaning says that it is not whole."""
    repo = Repo(tmp_path / "shop")
    text(repo)
    repo.git("config", "uploadpack.allowFilter", "true")
    partial = tmp_path / "partial"
    repo.git("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repo.folder}", str(partial))
    program, fired = payload(repo, "lazy", "exit 1")
    repo.folder = partial
    repo.git("config", "remote.origin.uploadpack", str(program))
    subprocess.run(
        [repo.program, "checkout", "main"], cwd=partial, env=repo.environment, capture_output=True, timeout=60
    )
    assert fired.exists()
    fired.unlink()
    with pytest.raises(CleaningFailed, match="could not be read whole"):
        list(clean(repo.reading, order_for(repo)))
    assert not fired.exists() and not (tmp_path / "cleaned").exists()
