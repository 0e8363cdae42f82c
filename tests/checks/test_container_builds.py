"""Secrets in Dockerfiles, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import container_builds
from checks.model.finding import Confidence, Finding, Severity
from tests.checks.conftest import random_password, random_token

CLEAN = """\
# syntax=docker/dockerfile:1
ARG VERSION=1.2.3
ARG TOKEN
FROM node:20@sha256:2a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293
ENV NODE_ENV=production \\
    PATH="/app/bin:$PATH" \\
    DB_PASSWORD=$DB_PASSWORD
ENV TOKEN=${TOKEN} SECRET_FILE=/run/secrets/token
ENV API_KEY=changeme
LABEL org.opencontainers.image.source="https://example.com/a/b" maintainer="alice <a@example.com>"
RUN --mount=type=secret,id=token TOKEN="$(cat /run/secrets/token)" npm ci
RUN --mount=type=secret,id=p docker login -u bob --password-stdin < /run/secrets/p
RUN docker login -u "$USER" -p "$(cat /run/secrets/p)" && mkdir -p /x && curl -H "Authorization: Bearer $TOKEN" x
HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1
CMD ["node", "server.js"]
"""


def look(workstation, path: Path, text: str) -> list[Finding]:  # type: ignore[no-untyped-def]
    path.write_text(text)
    return [one for one in container_builds.read(workstation(), path) if isinstance(one, Finding)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("ENV DB_PASSWORD={}", "dockerfile-env-secret"),
        ('ENV A=1 DB_PASSWORD="{}" B=2', "dockerfile-env-secret"),
        ("ENV DB_PASSWORD {}", "dockerfile-env-secret"),
        ("ARG DB_PASSWORD={}", "dockerfile-arg-secret"),
        ("ENV A=1 \\\n    # why\n    DB_PASSWORD={}", "dockerfile-env-secret"),
        ("LABEL password='{}'", "dockerfile-label-secret"),
    ],
)
def test_every_form(workstation, tmp_path: Path, line: str, rule: str) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = f"FROM scratch\n{line.format(word)}\n"
    (found,) = look(workstation, tmp_path / "Dockerfile", text)
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.severity) == (rule, Severity.MEDIUM)
    place = found.place
    assert place.line and place.column
    assert text.splitlines()[place.line - 1][place.column - 1 :].startswith(word)


@pytest.mark.parametrize(
    ("lines", "rule", "registry", "username"),
    [
        ("RUN docker login -u bob -p {} ghcr.io", "run", "ghcr.io", "bob"),
        ("RUN --mount=type=cache,target=/x a \\\n # why\n && curl -u bob:{} https://x.example", "run", None, "bob"),
        ("RUN echo {} | skopeo login \\\n  -u bob --password-stdin quay.io", "run", "quay.io", "bob"),
        ('RUN ["docker", "login", "-u", "bob", "-p", "{}", "ghcr.io"]', "run", "ghcr.io", "bob"),
        ('CMD ["sh", "-c", "docker login -u \\"bob\\" -p \\"{}\\" ghcr.io"]', "cmd", "ghcr.io", "bob"),
        ("ENTRYPOINT mysqld -uroot && mysql -uroot -p{}", "entrypoint", None, "root"),
        ("HEALTHCHECK --interval=5s CMD curl -fu bob:{} http://localhost || exit 1", "healthcheck", None, "bob"),
        ("ONBUILD RUN docker login -u bob -p {}", "run", "docker.io", "bob"),
        ("ONBUILD ENV DB_PASSWORD={}", "env", None, None),
        ("RUN <<EOF\nset -e\ndocker login -u bob -p {} ghcr.io\nEOF", "run", "ghcr.io", "bob"),
        ("RUN docker login -u bob --password-stdin <<EOF\n{}\nEOF", "run", "docker.io", "bob"),
        ("RUN DB_PASSWORD='{}' ./migrate", "run", None, None),
        ("RUN git clone https://bob:{}@git.example/a", "run", None, "bob"),
        ("RUN npm config set //npm.example.com/:_authToken {}", "run", None, None),
        ("ADD https://bob:{}@files.example/a.tar /", "add", None, "bob"),
        ("COPY <<EOF /app/.env\nA=1\nDB_PASSWORD={}\nEOF", "copy", None, None),
        ("COPY --chmod=600 <<EOF /root/.netrc\nmachine ghcr.io\nlogin bob\npassword {}\nEOF", "copy", "ghcr.io", "bob"),
        ("RUN cat > /root/.pgpass <<EOF\ndb:5432:shop:bob:{}\nEOF", "run", None, "bob"),
        ("RUN <<END\ncat > ~/.netrc <<EOF\nmachine ghcr.io\nlogin bob\npassword {}\nEOF\nEND", "run", "ghcr.io", "bob"),
        ("ARG REGISTRY=quay.io\nRUN REGISTRY_PASSWORD={} ./push", "run", "quay.io", None),
    ],
)  # fmt: skip
def test_commands(
    workstation, tmp_path: Path, lines: str, rule: str, registry: str | None, username: str | None
) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    text = f"FROM scratch\n{lines.format(word)}\nUSER nobody\n"
    (found,) = look(workstation, tmp_path / "Dockerfile", text)
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.registry, found.username) == (f"dockerfile-{rule}-secret", registry, username)
    assert found.place.line and found.place.column
    assert text.splitlines()[found.place.line - 1][found.place.column - 1 :].startswith(word)
    assert word not in found.title + found.locator + found.advice


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(workstation, tmp_path: Path, encoding: str) -> None:  # type: ignore[no-untyped-def]
    word = random_password()
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\r\nENV DB_PASSWORD={word}\r\n", encoding=encoding)
    (found,) = [
        one for one in container_builds.read(workstation(), tmp_path / "Dockerfile") if isinstance(one, Finding)
    ]
    assert found.secret and found.secret.reveal() == word
    assert (found.place.line, found.place.column) == (2, 17)


def test_a_token_is_known_under_any_name(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (found,) = look(workstation, tmp_path / "Dockerfile", f"FROM scratch\nENV X={random_token('dckr_pat_', 27)}\n")
    assert (found.confidence, found.severity) == (Confidence.CERTAIN, Severity.CRITICAL)


def test_clean_files_say_nothing(workstation, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert look(workstation, tmp_path / "Dockerfile", CLEAN) == []


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("Dockerfile", True),
        ("Dockerfile.dev", True),
        ("api.dockerfile", True),
        ("Containerfile", True),
        ("docker", False),
    ],
)
def test_which_files_are_ours(name: str, claimed: bool) -> None:
    assert container_builds.claims(Path("/x") / name) is claimed
