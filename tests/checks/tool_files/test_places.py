from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from checks.files.walk import NotWalked
from checks.tool_files.key_places import is_key_name
from checks.tool_files.places import MOST_FILES, known_places, tool_of
from checks.tool_files.tools import TOOLS
from tests.checks.conftest import MakeWorkstation, write


def tool_id(path: str) -> str | None:
    tool = tool_of(PurePosixPath(path))
    return tool.id if tool else None


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        ("/x/.npmrc", "npm"),
        ("/x/.NPMRC.bak", "npm"),
        ("/x/.netrc~", "netrc"),
        ("/x/.git-credentials.old1", "git"),
        ("/r/.git/config", "git-config"),
        ("/r/.git/modules/a/b/config", "git-config"),
        ("/r/.git/worktrees/w/config.worktree", "git-config"),
        ("/x/bare.git/config", "git-config"),
        ("/h/.aws/config", "aws"),
        ("/h/.aws/sso/cache/0a.json", "aws-session"),
        ("/h/.kube/config", "kubernetes"),
        ("/x/prod.kubeconfig", "kubernetes"),
        ("/h/.config/gh/hosts.yml", "gh"),
        ("/h/.config/hub", "hub"),
        ("/x/ci-settings.xml", "maven"),
        ("/x/settings-security.xml", "maven-security"),
        ("/x/NuGet.Config", "nuget"),
        ("/h/.composer/auth.json", "composer"),
        ("/h/.jfrog/jfrog-cli.conf.v6", "jfrog"),
        ("/etc/containerd/certs.d/ghcr.io/hosts.toml", "containerd"),
        ("/etc/containerd/config.toml", "containerd"),
        ("/x/shop-0123456789ab.json", "google"),
        ("/x/service_account-prod.json", "google"),
        ("/x/a.PublishSettings", "azure-publish"),
        ("/h/.gcm/store/git/https/github.com/ann.credential", "git-credential-manager"),
    ],
)
def test_known_by_name(path: str, tool: str) -> None:
    assert tool_id(path) == tool


@pytest.mark.parametrize(
    "path",
    [
        "/x/config",
        "/x/auth.json",
        "/x/hosts.yml",
        "/x/hub",
        "/x/config.json",
        "/h/.docker/config.json",
        "/x/npmrc.md",
        "/x/settings.json",
        "/x/package.json",
        "/x/main.toml",
        "/x/.git/HEAD",
        "/",
        "",
    ],
)
def test_not_known(path: str) -> None:
    assert tool_id(path) is None


def test_every_place_of_a_tool_is_known_below_a_path() -> None:
    for tool in TOOLS:
        for place in (*tool.home, *tool.system):
            path = "/h/" + place.lstrip("/").replace("*", "x")
            assert tool_id(path) == tool.id, path


def test_every_tool_can_be_met() -> None:
    assert [tool.id for tool in TOOLS if not (tool.home or tool.system or tool.names)] == []
    assert all(tool.advice.endswith(".") for tool in TOOLS)


@pytest.mark.parametrize(
    "path",
    [
        "/h/.ssh/work",
        "/h/.ssh/id_rsa",
        "/x/id_ed25519",
        "/x/id_rsa.old",
        "/x/server.key",
        "/x/tls.PEM",
        "/x/win.ppk",
        "/x/deploy_key",
        "/x/ca/AuthKey_1.p8",
        "/h/.docker/ca-key.pem",
    ],
)
def test_names_of_private_keys(path: str) -> None:
    assert is_key_name(PurePosixPath(path))


@pytest.mark.parametrize(
    "path",
    [
        "/h/.ssh/id_rsa.pub",
        "/h/.ssh/known_hosts",
        "/h/.ssh/config",
        "/x/id_rsa.pub",
        "/x/key",
        "/x/id_card",
        "/h/.docker/key.pem",
        "/h/.docker/contexts/tls/0a/docker/key.pem",
    ],
)
def test_names_of_no_private_keys(path: str) -> None:
    assert not is_key_name(PurePosixPath(path))


def places(workstation: object) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tool, place in known_places(workstation):  # type: ignore[arg-type]
        if isinstance(place, Path):
            found.setdefault(tool.id, []).append(str(place))
    return found


def test_variables_come_before_the_usual_places(workstation: MakeWorkstation) -> None:
    found = places(
        workstation(
            {
                "npm_config_userconfig": "/a/npmrc",
                "GRADLE_USER_HOME": "/a/gradle",
                "KUBECONFIG": "/a/one:/a/two:",
                "AWS_CONFIG_FILE": "",
                "XDG_CONFIG_HOME": "/a/xdg",
            }
        )
    )
    assert found["npm"][0] == "/a/npmrc"
    assert found["gradle"][0] == "/a/gradle/gradle.properties"
    assert found["kubernetes"][:2] == ["/a/one", "/a/two"]
    assert len(found["aws"]) == 2
    assert "/a/xdg/gh/hosts.yml" in found["gh"]


def test_places_with_any_name(workstation: MakeWorkstation) -> None:
    station = workstation()
    folder = station.home / ".aws" / "sso" / "cache"
    for name in ("b.json", "a.json", "a.txt"):
        write(folder / name, "{}")
    write(station.home / ".gcm/store/git/https/h.example.com/ann.credential", "x")
    found = places(station)
    assert found["aws-session"] == [str(folder / "a.json"), str(folder / "b.json")]
    assert len(found["git-credential-manager"]) == 1


def test_a_folder_that_cannot_be_listed_is_said(workstation: MakeWorkstation) -> None:
    station = workstation()
    folder = station.home / ".aws" / "sso" / "cache"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(folder)
    (said,) = [place for _, place in known_places(station) if isinstance(place, NotWalked)]
    assert (said.path, said.reason) == (str(folder), "not readable: Too many levels of symbolic links")


def test_a_folder_that_holds_too_much_is_said(workstation: MakeWorkstation) -> None:
    station = workstation()
    folder = station.home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    for number in range(MOST_FILES + 1):
        (folder / f"{number}.json").touch()
    (said,) = [place for _, place in known_places(station) if isinstance(place, NotWalked)]
    assert "more than 1,000 files" in said.reason
    assert len(places(station)["aws-session"]) == MOST_FILES
