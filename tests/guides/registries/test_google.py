"""Google's client against the double, every exchange held against Google's discovery documents."""

from __future__ import annotations

import base64
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.registries.api import ApiError, Forbidden, NotSent, NotUnderstood, RateLimited, ServerFailed, Unauthorised
from guides.registries.google import UNPROVEN, Google, TimeRefused
from guides.registries.google_keys import ServiceKey, Shape, SignerMissing, in_shape, service_key, shape_of
from guides.registries.network import CutOff, Network
from tests.services.contracts import Watcher
from tests.services.double import Fault
from tests.services.google_discovery import Discovery
from tests.services.google_double import GoogleDouble, GoogleKey

EMAIL = "ci@acme.iam.gserviceaccount.com"
NOW = time.time()


@pytest.fixture
def google() -> Iterator[GoogleDouble]:
    with GoogleDouble() as double:
        watcher = Watcher(Discovery("iam.v1", "policyanalyzer.v1"))
        double.watch = watcher.see
        yield double
        assert watcher.complaints == []


@pytest.fixture
def client(google: GoogleDouble, tmp_path: Path) -> Google:
    return Google(Network({}, tmp_path, tmp_path), google.base_url)


def key_of(made: GoogleKey) -> ServiceKey:
    found = service_key(made.file, {})
    assert found
    return found


def test_the_life_of_a_key(client: Google, google: GoogleDouble) -> None:
    """One more first; then disabled, enabled, deleted; each time the real signature is tried."""
    old, admin = key_of(google.issue(EMAIL)), google.admin()
    assert not client.is_dead(old, NOW)
    making = client.create_key(admin, EMAIL)
    assert "all others stay" in making.shown and not making.final and len(google.keys) == 1
    new = service_key(making.perform(), {})
    assert new and not client.is_dead(new, NOW)
    assert {one.id for one in client.keys(admin, EMAIL)} == {old.id, new.id}
    client.set_enabled(admin, EMAIL, old.id, enabled=False).perform()
    held = client.key(admin, EMAIL, old.id)
    assert held and held.disabled and client.is_dead(old, NOW)
    client.set_enabled(admin, EMAIL, old.id, enabled=True).perform()
    assert not client.is_dead(old, NOW)
    ending = client.delete_key(admin, EMAIL, old.id)
    assert ending.final
    ending.perform()
    assert client.key(admin, EMAIL, old.id) is None
    assert client.is_dead(old, NOW) and not client.is_dead(new, NOW)


def test_who_may_do_it(client: Google, google: GoogleDouble) -> None:
    old, admin = key_of(google.issue(EMAIL)), google.admin()
    own = client.exchange(old, NOW)
    with pytest.raises(Forbidden, match="Service Account Key Admin"):
        client.keys(own, EMAIL)
    google.managing.add(EMAIL)
    assert client.keys(own, EMAIL)
    with pytest.raises(Forbidden):
        client.last_sign_in(admin, "acme", EMAIL, old.id)
    google.viewers.add(admin.reveal())
    found = client.last_sign_in(admin, "acme", EMAIL, old.id)
    assert found and found.year == 2027
    with pytest.raises(Unauthorised, match="print-access-token"):
        client.keys(Secret("ya29.gone"), EMAIL)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (
            Fault("status", 400, content={"error": "invalid_grant", "error_description": "Check your iat and exp"}),
            TimeRefused,
        ),
        (Fault("status", 400, content={"error": "invalid_scope"}), NotUnderstood),
        (Fault("status", 429, content={}), RateLimited),
        (Fault("status", 503, content={}), ServerFailed),
        (Fault("html", 401), NotUnderstood),
        (Fault("half"), NotUnderstood),
        (Fault("lost"), CutOff),
        (Fault("redirect"), NotUnderstood),
    ],
    ids=["clock", "scope", "limit", "down", "page", "half", "lost", "redirect"],
)
def test_none_of_these_is_a_dead_key(
    client: Google, google: GoogleDouble, fault: Fault, error: type[Exception]
) -> None:
    old = key_of(google.issue(EMAIL))
    google.fail(fault, "POST", "/token")
    with pytest.raises(error) as caught:
        client.is_dead(old, NOW)
    assert type(caught.value) is error
    assert len(google.log) == 1 and "assertion" not in str(caught.value)


def test_the_key_goes_to_google_and_never_where_its_file_says(client: Google, google: GoogleDouble) -> None:
    made = google.issue(EMAIL)
    assert "elsewhere.example.com" in made.file.reveal()
    client.exchange(key_of(made), NOW)
    assert [one.path for one in google.log] == ["/token"]
    assert google.log[0].fields == ("assertion", "grant_type")


@pytest.mark.parametrize("shape", list(Shape))
def test_every_shape_in_which_a_key_is_found(google: GoogleDouble, shape: Shape, tmp_path: Path) -> None:
    """A new key takes the shape of the old one; a private key alone finds its file."""
    made = google.issue(EMAIL)
    value = in_shape(made.file, shape)
    assert shape_of(value) is shape
    found = service_key(value, {"key.json": made.file.reveal().encode()})
    assert found and (found.id, found.email, found.project) == (made.id, EMAIL, "acme")
    if shape in (Shape.PEM, Shape.ESCAPED):
        assert service_key(value, {"other.json": google.issue(EMAIL).file.reveal().encode()}) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "authorized_user"}', '{"type": "service_account"}', "?"])
def test_what_is_no_key(text: str) -> None:
    assert service_key(Secret(text), {}) is None
    assert service_key(Secret(base64.b64encode(text.encode()).decode()), {}) is None


def test_a_key_that_cannot_sign_is_not_sent(client: Google, google: GoogleDouble) -> None:
    with pytest.raises(NotSent, match="cannot be read"):
        client.exchange(replace(key_of(google.issue(EMAIL)), private_key=Secret("no key")), NOW)
    assert not google.log


def test_without_the_extra_it_says_what_to_install(
    client: Google, google: GoogleDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = key_of(google.issue(EMAIL))
    for name in [one for one in sys.modules if one.split(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SignerMissing, match=r"pip install 'dockhygiene\[google\]'"):
        client.exchange(old, NOW)


def test_a_new_key_that_is_none_is_said(client: Google, google: GoogleDouble) -> None:
    google.fail(Fault("status", 200, content={"name": "x", "privateKeyData": "?"}), "POST")
    with pytest.raises(ApiError, match="delete what was made"):
        client.create_key(google.admin(), EMAIL).perform()


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in UNPROVEN.values())
    assert json.dumps(dict(UNPROVEN))
