"""Names of images, and the commands that remove them: nothing of a foreign name reaches a shell as more than a word."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from guides.images.removing import here, in_registry, may_have_been_pushed, pushed_as, reference_of

DIGEST = f"sha256:{'ab' * 32}"


@pytest.mark.parametrize(
    ("name", "shown", "provider", "pushed"),
    [
        ("shop:1", "docker.io/library/shop:1", "docker-hub", False),
        ("acme/shop", "docker.io/acme/shop", "docker-hub", True),
        ("docker.io/acme/shop:2", "docker.io/acme/shop:2", "docker-hub", True),
        ("ghcr.io/acme/shop:1", "ghcr.io/acme/shop:1", "ghcr", True),
        ("registry.gitlab.com/acme/shop/web:1", "registry.gitlab.com/acme/shop/web:1", "gitlab", True),
        ("localhost/made:latest", "localhost/made:latest", "distribution", False),
        (f"reg.lan:5000/shop@{DIGEST}", f"reg.lan:5000/shop@{DIGEST}", "distribution", True),
    ],
)
def test_a_name_tells_its_registry(name: str, shown: str, provider: str, pushed: bool) -> None:
    reference = reference_of(name)
    assert reference and (str(reference), reference.provider) == (shown, provider)
    assert may_have_been_pushed(reference) is pushed
    assert list(in_registry(reference))


@pytest.mark.parametrize("name", ["", DIGEST, "a b", "x;rm -rf ~", "$(id)", "\x1b[31mred", "UPPER/case"])
def test_what_is_no_name_is_none(name: str) -> None:
    assert reference_of(name) is None


def test_a_registry_of_ones_own_deletes_by_digest() -> None:
    reference = reference_of("reg.lan:5000/acme/shop:1")
    assert reference
    commands = [command for _, command in in_registry(reference)]
    assert commands[0] == "skopeo inspect --format '{{.Digest}}' docker://reg.lan:5000/acme/shop:1"
    assert commands[1] == "skopeo delete docker://reg.lan:5000/acme/shop@sha256:DIGEST"


def test_foreign_names_stay_one_word() -> None:
    odd = "x'; rm -rf ~ #\n\u202e"
    rows = [*here([odd], [f"/tmp/{odd}.tar"], Path("/home/a")), pushed_as(odd)]
    for _, command in rows:
        assert "\n" not in command and "\u202e" not in command
    assert len(shlex.split(rows[0][1])) == 4 and len(shlex.split(rows[-1][1])) == 6
