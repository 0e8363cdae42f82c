"""The demo's project: a repository whose files hold the demo registry's password, or only name it, and a history."""

from __future__ import annotations

from pathlib import Path

from guides.demo.workstation import Login

GIT = """[core]
\trepositoryformatversion = 0
[remote "origin"]
\turl = https://git.example.com/acme/shop.git
"""
WORKFLOW = """name: publish
on: push
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: mira-example
          password: ${{ secrets.GHCR_TOKEN }}
      - run: docker build -t ghcr.io/acme/shop . && docker push ghcr.io/acme/shop
"""


def plant_project(home: Path, basic: Login) -> tuple[Path, ...]:
    """Writes `src/shop` and a shell history below the demo's home; the files that hold the registry's password."""
    shop, password = home / "src/shop", basic.secret.reveal()
    _write(shop / ".git/HEAD", "ref: refs/heads/main\n")
    _write(shop / ".git/config", GIT)
    for folder in ("objects", "refs"):  # git's own layout, before the first commit
        (shop / ".git" / folder).mkdir(mode=0o700)
    _write(shop / ".github/workflows/publish.yml", WORKFLOW)
    _write(shop / "compose.yaml", f"services:\n  shop:\n    image: {basic.registry}/acme/shop:latest\n")
    env = f"# for compose\nREGISTRY={basic.registry}\nREGISTRY_USER=mira\nREGISTRY_PASSWORD={password}\nPORT=8080\n"
    history = f"cd src/shop\ndocker login {basic.registry} -u mira -p {password}\ndocker compose up -d\n"
    return _write(shop / ".env", env), _write(home / ".bash_history", history)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, "utf-8")
    return path
