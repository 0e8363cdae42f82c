"""Whether what reads a file is known to be started through us."""

from __future__ import annotations

from pathlib import Path

import pytest

from guides.references.consumers import handed_on, launcher


@pytest.mark.parametrize(
    ("name", "text", "known"),
    [
        ("shop/Makefile", "up:\n\tdockhygiene run --env-file .env -- docker compose up\n", True),
        ("shop/package.json", '{"scripts": {"start": "dockhygiene run --env-file=.env -- node a.js"}}', True),
        ("run.sh", "dockhygiene run --env-file ./shop/.env -- ./serve\n", True),
        ("run.sh", "dockhygiene run --env-file .env -- ./serve\n", False),
        ("shop/Makefile", "up:\n\t# dockhygiene run --env-file .env -- x\n\tdocker compose up\n", False),
        ("shop/Makefile", "up:\n\tdockhygiene run --env-file other.env -- x\n", False),
        ("../Makefile", "up:\n\tdockhygiene run --env-file top/shop/.env -- x\n", False),
    ],
)
def test_a_launcher_that_names_the_file(tmp_path: Path, name: str, text: str, known: bool) -> None:
    top = tmp_path / "top"
    (top / "shop").mkdir(parents=True)
    (top / ".git").mkdir()
    (top / name).write_text(text)
    assert bool(launcher(top / "shop/.env")) is known


def test_a_compose_file_is_known_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("up:\n\tdockhygiene run --env-file .env -- docker compose up\n")
    assert launcher(tmp_path / "compose.yaml") == str(tmp_path / "Makefile")


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ("services:\n  a:\n    env_file: .env\n", True),
        ("services:\n  a:\n    env_file:\n      - ./other.env\n      - path: ./.env\n        required: false\n", True),
        ("services:\n  a:\n    env_file:\n    - .env\n", True),
        ("services:\n  a:\n    env_file: [a.env, '.env']\n", True),
        ("services:\n  a:\n    env_file: shop.env\n    image: .env\n", False),
        ("services:\n  a:\n    environment:\n      A: .env\n", False),
    ],
)
def test_a_file_that_compose_gives_to_a_container(tmp_path: Path, text: str, handed: bool) -> None:
    (tmp_path / "docker-compose.yml").write_text(text)
    assert bool(handed_on(tmp_path / ".env")) is handed
