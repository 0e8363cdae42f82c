"""A provider's file is read strictly: each fault names the file and the key."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
import yaml

from guides.providers.reading import ProviderError, read_provider


def written() -> dict[str, Any]:
    text = (resources.files("guides.providers") / "unknown.yaml").read_text("utf-8")
    loaded = yaml.safe_load(text)
    assert isinstance(loaded, dict)
    return loaded


def read(change: Callable[[Any, Any], object]) -> None:
    """The unknown provider's file with one change; `change` gets the whole and its only kind."""
    whole = written()
    change(whole, whole["kinds"][0])
    read_provider(yaml.safe_dump(whole).encode(), "a.yaml")


def test_it_is_well_before_it_is_spoiled() -> None:
    read(lambda whole, kind: None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda w, k: w.pop("title"), "a.yaml.title: missing"),
        (lambda w, k: w.update(titel="x"), "a.yaml.titel: unknown"),
        (lambda w, k: w.update(kinds=[]), "kinds: at least one"),
        (lambda w, k: w["kinds"].append(k), "an id of its own"),
        (lambda w, k: w.update(hosts=["https://a.example"]), "hosts: https://a.example is no host"),
        (lambda w, k: w.update(api_host="a/b"), "api_host: a/b is no host"),
        (lambda w, k: k.pop("cells"), "kinds[0].cells: missing"),
        (lambda w, k: k["cells"].pop("disable"), "kinds[0].cells.disable: missing"),
        (lambda w, k: k["cells"].update(rotate=k["cells"]["verify"]), "cells.rotate: unknown"),
        (lambda w, k: k["cells"]["verify"].pop("source"), "cells.verify.source: missing"),
        (lambda w, k: k["cells"]["verify"].update(source="somewhere"), "cells.verify.source: a document"),
        (lambda w, k: k["cells"]["verify"].update(can="maybe"), "maybe is none of yes, condition, browser, no"),
        (lambda w, k: k["cells"]["verify"].update(can=True), "cells.verify.can: one line of text"),
        (lambda w, k: k["cells"]["verify"].update(proof="sure"), "sure is none of real server, double"),
        (lambda w, k: k.update(forms=["password", "passwort"]), "kinds.unknown.forms"),
        (lambda w, k: k.update(forms=["jwt"]), "exactly one without usernames takes the form password"),
        (lambda w, k: k.update(forms="password"), "kinds[0].forms: a list is wanted"),
        (lambda w, k: k.update(client="curl"), "client: curl is none of"),
        (lambda w, k: k.update(expiry_days="90"), "expiry_days: a number of days"),
        (lambda w, k: k.update(expiry_days=True), "expiry_days: a number of days"),
        (lambda w, k: k.update(expiry_days=-1), "expiry_days: a number of days"),
        (lambda w, k: k.update(links={"create": "http://a.example/"}), "links.create: an address begins with https"),
        (lambda w, k: k.update(links={"log": "https://a.example/{x}"}), "links.log: unknown place x"),
        (lambda w, k: k.update(links={"page": "https://a.example/"}), "links.page: unknown"),
        (lambda w, k: k["looks"][0].update(where="somewhere"), "looks.where: an address"),
        (lambda w, k: k["looks"][0].update(way="M5"), "looks: M5 is none of"),
        (lambda w, k: k["looks"].pop(), "looks: nothing for M4"),
        (lambda w, k: k["choices"].append("{nobody}"), "choices: unknown place nobody"),
        (lambda w, k: k.update(unlocks=""), "kinds[0].unlocks: one line of text"),
        (lambda w, k: k.update(unlocks="two\nlines"), "kinds[0].unlocks: one line of text"),
        (lambda w, k: k.update(id="Un known"), "id: small letters"),
    ],
)
def test_every_fault_names_its_place(change: Callable[[Any, Any], object], told: str) -> None:
    with pytest.raises(ProviderError) as caught:
        read(change)
    assert str(caught.value).startswith("a.yaml") and told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("- a", "keys and values"),
        ("a: [", "no YAML"),
        ("id: x\nid: y\n", "a.yaml.id: stands there twice"),
        ("kinds:\n- {id: x, id: y}\n", "a.yaml.kinds[0].id: stands there twice"),
        ("id: !!python/object/apply:os.getcwd []\n", "no YAML"),
    ],
)
def test_what_is_no_provider_at_all(text: str, told: str) -> None:
    with pytest.raises(ProviderError) as caught:
        read_provider(text.encode(), "a.yaml")
    assert told in str(caught.value)
