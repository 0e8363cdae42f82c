"""The demo's registry, driven by the clients that people use."""

from __future__ import annotations

import base64
import json
import secrets
from http.client import HTTPConnection
from pathlib import Path
from typing import Literal

import pytest

from checks.model.secret import Secret
from guides.demo.contents import digest_of
from guides.demo.made_up import password
from guides.demo.registry import DemoRegistry
from tests.services.docker_client import CLIENTS, docker_cli, login
from tests.services.dockerd import tiny_image
from tests.services.skopeo import skopeo_copy, skopeo_inspect

SCHEMES: tuple[Literal["basic", "token"], ...] = ("basic", "token")


def entry(home: Path, host: str) -> dict[str, str]:
    found = json.loads((home / ".docker/config.json").read_text())["auths"][host]
    assert isinstance(found, dict)
    return found


def ask(
    registry: DemoRegistry, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(registry.host, timeout=10)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def basic(user: str, word: Secret) -> str:
    return "Basic " + base64.b64encode(f"{user}:{word.reveal()}".encode()).decode()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("client", CLIENTS)
def test_docker_logs_in_pushes_pulls_and_is_revoked(
    home: Path, docker_host: str, client: str, scheme: Literal["basic", "token"]
) -> None:
    word = password()
    with DemoRegistry({"mira": word}, scheme) as registry:
        refused = login(home, registry.host, "mira", "wrong", client=client)
        assert refused.returncode != 0
        assert not (home / ".docker/config.json").exists()
        done = login(home, registry.host, "mira", word.reveal(), client=client)
        assert done.returncode == 0, done.stderr
        assert ("identitytoken" in entry(home, registry.host)) == (scheme == "token")

        image = tiny_image(docker_host, f"{registry.host}/team/{secrets.token_hex(4)}:1")
        for args in (("push", image), ("rmi", image), ("pull", image), ("rmi", image)):
            done = docker_cli(home, *args, docker_host=docker_host, client=client)
            assert done.returncode == 0, (args, done.stdout, done.stderr)
        assert {asked.user for asked in registry.asked if asked.status < 300 and asked.path != "/token"} == {"mira"}

        registry.revoke("mira")
        assert docker_cli(home, "pull", image, docker_host=docker_host, client=client).returncode != 0
        assert login(home, registry.host, "mira", word.reveal(), client=client).returncode != 0
        assert not registry.broken


@pytest.mark.parametrize("oauth2", [True, False])
def test_docker_without_identity_tokens(home: Path, docker_host: str, oauth2: bool) -> None:
    word = password()
    with DemoRegistry({"mira": word}, "token", oauth2=oauth2, offline_tokens=False) as registry:
        assert login(home, registry.host, "mira", word.reveal()).returncode == 0
        assert "identitytoken" not in entry(home, registry.host)
        image = tiny_image(docker_host, f"{registry.host}/{secrets.token_hex(4)}:1")
        pushed = docker_cli(home, "push", image, docker_host=docker_host)
        assert pushed.returncode == 0, pushed.stderr
        assert not registry.broken


@pytest.mark.parametrize("scheme", SCHEMES)
def test_skopeo_copies_to_and_from_it(home: Path, scheme: Literal["basic", "token"]) -> None:
    """No daemon is needed: an image is written by hand in the layout that skopeo reads."""
    word = password()
    oci = _oci_layout(home / "image")
    with DemoRegistry({"mira": word}, scheme) as registry:
        image = f"{registry.host}/team/tiny:1"
        assert skopeo_copy(home, oci, f"docker://{image}").returncode != 0
        assert login(home, registry.host, "mira", word.reveal()).returncode == 0
        copied = skopeo_copy(home, oci, f"docker://{image}")
        assert copied.returncode == 0, copied.stderr
        assert skopeo_copy(home, f"docker://{image}", f"docker://{registry.host}/team/other:2").returncode == 0
        assert skopeo_copy(home, f"docker://{image}", f"dir:{home / 'back'}").returncode == 0
        assert (home / "back/manifest.json").is_file()
        seen = skopeo_inspect(home, image)
        assert json.loads(seen.stdout)["RepoTags"] == ["1"], seen.stderr

        registry.revoke("mira")
        assert skopeo_inspect(home, image).returncode != 0
        assert not registry.broken


def test_a_revoked_identity_token_ends_alone(home: Path) -> None:
    word = password()
    with DemoRegistry({"mira": word}, "token") as registry:
        assert login(home, registry.host, "mira", word.reveal()).returncode == 0
        registry.revoke_identity_token(Secret(entry(home, registry.host)["identitytoken"]))
        assert "400 (Bad Request)" in skopeo_inspect(home, f"{registry.host}/team/none:1").stderr
        assert login(home, registry.host, "mira", word.reveal()).returncode == 0


def test_a_new_password_works_beside_the_old_one_until_that_is_revoked(home: Path) -> None:
    """As with access tokens: generate, update everywhere, and only then revoke."""
    old, new = password(), password()
    with DemoRegistry({"mira": old}) as registry:
        registry.add("mira", new)
        assert [login(home, registry.host, "mira", each.reveal()).returncode for each in (old, new)] == [0, 0]
        registry.revoke("mira", old)
        assert login(home, registry.host, "mira", old.reveal()).returncode != 0
        assert login(home, registry.host, "mira", new.reveal()).returncode == 0


def test_challenges() -> None:
    with DemoRegistry({"mira": password()}) as registry:
        status, headers, body = ask(registry, "GET", "/v2/")
        assert (status, headers["www-authenticate"]) == (401, 'Basic realm="dockhygiene demo"')
        assert headers["docker-distribution-api-version"] == "registry/2.0"
        assert json.loads(body)["errors"][0]["code"] == "UNAUTHORIZED"
    with DemoRegistry({"mira": password()}, "token") as registry:
        _, headers, _ = ask(registry, "GET", "/v2/team/app/manifests/1")
        assert headers["www-authenticate"] == (
            f'Bearer realm="http://{registry.host}/token",service="{registry.host}",scope="repository:team/app:pull"'
        )


def test_a_token_for_nobody_or_for_something_else_opens_nothing() -> None:
    """The token endpoint answers 200 to anybody, as the real ones do: a token is no proof."""
    word = password()
    with DemoRegistry({"mira": word}, "token") as registry:
        status, _, body = ask(registry, "GET", "/token?service=s&scope=repository:a:pull")
        assert status == 200
        nobody = "Bearer " + json.loads(body)["token"]
        assert ask(registry, "GET", "/v2/", Authorization=nobody)[0] == 401
        assert ask(registry, "GET", "/v2/a/tags/list", Authorization=nobody)[0] == 401

        _, _, body = ask(registry, "GET", "/token?scope=repository:a:pull", Authorization=basic("mira", word))
        puller = "Bearer " + json.loads(body)["token"]
        assert ask(registry, "GET", "/v2/", Authorization=puller)[0] == 200
        assert ask(registry, "GET", "/v2/a/tags/list", Authorization=puller)[0] == 404
        status, headers, _ = ask(registry, "POST", "/v2/a/blobs/uploads/", Authorization=puller)
        assert status == 401
        assert headers["www-authenticate"].endswith('scope="repository:a:pull,push",error="insufficient_scope"')


def test_uploads_are_checked(home: Path) -> None:
    word = password()
    with DemoRegistry({"mira": word}) as registry:
        me = basic("mira", word)
        wrong = "sha256:" + "0" * 64
        assert ask(registry, "POST", f"/v2/a/blobs/uploads/?digest={wrong}", b"x", Authorization=me)[0] == 400
        _, headers, _ = ask(registry, "POST", "/v2/a/blobs/uploads/", Authorization=me)
        place = headers["location"]
        assert ask(registry, "PATCH", place, b"one", Authorization=me, Content_Range="0-2")[1]["range"] == "0-2"
        assert ask(registry, "PATCH", place, b"two", Authorization=me, Content_Range="9-11")[0] == 416
        assert ask(registry, "DELETE", place, Authorization=me)[0] == 204
        assert ask(registry, "PUT", place + f"?digest={wrong}", b"", Authorization=me)[0] == 404
        no_blob = json.dumps({"config": {"digest": wrong}}).encode()
        for body, code in ((no_blob, "MANIFEST_BLOB_UNKNOWN"), (b"[]", "MANIFEST_INVALID"), (b"{", "MANIFEST_INVALID")):
            _, _, said = ask(
                registry, "PUT", "/v2/a/manifests/1", body, Authorization=me, Content_Type="application/json"
            )
            assert json.loads(said)["errors"][0]["code"] == code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"X_Long": "a" * 60_000, "X_Longer": "b" * 60_000}, 431),
        ({"Content_Length": "99999999999"}, 413),
        ({"Content_Length": "-5"}, 400),
        ({"Content_Length": "many"}, 400),
    ],
)
def test_what_is_too_much_or_not_ours_is_refused(headers: dict[str, str], status: int) -> None:
    word = password()
    with DemoRegistry({"mira": word}) as registry:
        _, answer, _ = ask(registry, "POST", "/v2/a/blobs/uploads/", Authorization=basic("mira", word))
        given = {"Authorization": basic("mira", word)} | headers
        assert ask(registry, "PATCH", answer["location"], None, **given)[0] == status
        assert not registry.broken


def test_a_stopped_registry_holds_nothing_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    word = password()
    registry = DemoRegistry({"mira": word})
    registry.start()
    assert ask(registry, "GET", "/v2/", Authorization=basic("mira", word))[0] == 200
    assert word.reveal() not in repr(registry.asked)
    registry.stop()
    registry.stop()
    assert registry.accounts.by_password("mira", word) is None
    with pytest.raises(ConnectionError):
        ask(registry, "GET", "/v2/")
    assert capfd.readouterr() == ("", "")


def _oci_layout(folder: Path) -> str:
    """An image without layers, in the OCI layout."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def blob(content: object, media_type: str) -> dict[str, object]:
        data = json.dumps(content).encode()
        blobs.joinpath(digest_of(data).removeprefix("sha256:")).write_bytes(data)
        return {"mediaType": media_type, "digest": digest_of(data), "size": len(data)}

    root = {"type": "layers", "diff_ids": []}
    settings = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": root, "history": []}
    config = blob(settings, "application/vnd.oci.image.config.v1+json")
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = blob({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": []}, kind)
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [manifest]}))
    return f"oci:{folder}"
