"""Logins out of a credential file and back into it, and everything else of it untouched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from checks.formats.docker_auth import AuthFile, read_auth_file
from checks.formats.json_positions import Node
from checks.model.secret import Secret
from guides.edits.credential_file import Rewrite, hand_over, meaning, put_back, take_out
from guides.stores.store import TOKEN_USER, Record
from tests.guides.edits.documents import FIELDS, Document, documents, spellings
from tests.guides.move.machine import HUB, auth, docker_text, entry, fresh, token_entry

HOST = "registry.example:5000"


def read(text: str) -> AuthFile:
    return read_auth_file(text.encode("utf-8", "surrogateescape"))


def out_and_back(text: str, secrets: dict[int, str], helpers: dict[str, str], store: str | None) -> tuple[str, str]:
    """The text without the logins, and the text after they were put back."""
    rewrite = take_out(read(text), dict.fromkeys(secrets, FIELDS), helpers, store)
    back = put_back(read(rewrite.text), rewrite, {index: Secret(value) for index, value in secrets.items()})
    return rewrite.text, back.reveal()


@pytest.mark.parametrize("store", [None, "pass"])
def test_dockers_own_layout_comes_back_byte_for_byte(store: str | None) -> None:
    word, token = fresh(), fresh()
    text = docker_text({"auths": {HOST: entry("alice", word), "ghcr.io": token_entry("bob", token)}, "psFormat": "x"})
    without, back = out_and_back(text, {0: word, 1: token}, {HOST: "pass", "ghcr.io": "pass"}, store)
    assert back == text
    expected: dict[str, Any] = {"auths": {HOST: {}, "ghcr.io": {}}, "psFormat": "x"}
    expected["credHelpers"] = {HOST: "pass", "ghcr.io": "pass"}
    assert without == docker_text(expected | ({"credsStore": store} if store else {}))


@pytest.mark.parametrize(
    "layout",
    [
        {"indent": 2},
        {"indent": 4, "ensure_ascii": True},
        {"indent": "\t"},
        {"indent": None},
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_other_layouts_are_kept(layout: dict[str, Any], ending: str) -> None:
    word = fresh()
    document = {"currentContext": "m\u00fcnchen", "auths": {HOST: entry("alice", word), "z.example": {}}}
    text = json.dumps(document, **layout).replace("\n", ending) + ending
    without, back = out_and_back(text, {0: word}, {HOST: "pass"}, "pass")
    assert back == text
    document["auths"][HOST] = {}  # type: ignore[index]
    document |= {"credHelpers": {HOST: "pass"}, "credsStore": "pass"}
    assert without == json.dumps(document, **layout).replace("\n", ending) + ending


def test_unknown_members_of_an_entry_stay_in_their_order() -> None:
    word = fresh()
    held = {"x-first": [1, {"y": None}], "auth": auth("alice", word), "email": "a@b.example", "x-last": 1.50}
    text = docker_text({"auths": {HOST: held}})
    without, back = out_and_back(text, {0: word}, {}, None)
    assert back == text
    assert list(json.loads(without)["auths"][HOST].items()) == [
        ("x-first", [1, {"y": None}]),
        ("email", "a@b.example"),
        ("x-last", 1.5),
    ]


def test_names_are_found_and_kept_whatever_their_case() -> None:
    word = fresh()
    login = json.dumps({HOST: {"AuTh": auth("alice", word)}})
    text = f'{{"AUTHS": {login}, "CREDHELPERS": {{"x": "pass"}}, "CredsStore": "desktop"}}'
    without, back = out_and_back(text, {0: word}, {HOST: "pass"}, "pass")
    assert back == text
    assert json.loads(without) == {
        "AUTHS": {HOST: {}},
        "CREDHELPERS": {"x": "pass", HOST: "pass"},
        "CredsStore": "pass",
    }


def test_duplicated_objects_are_merged_like_docker_merges_them() -> None:
    """The last one of two `credHelpers` wins where they differ, so that is the one to change."""
    first, second = fresh(), fresh()
    parts = [
        '"auths": ' + json.dumps({"a.example": entry("alice", first)}),
        '"credHelpers": {"k": "one"}',
        '"auths": ' + json.dumps({"b.example": entry("alice", second)}),
        '"credHelpers": {"k": "two"}',
    ]
    text = "{" + ", ".join(parts) + "}"
    rewrite = take_out(read(text), {0: FIELDS, 1: FIELDS}, {"a.example": "pass", "b.example": "pass"}, "pass")
    after = read(rewrite.text)
    assert after.cred_helpers == {"k": "two", "a.example": "pass", "b.example": "pass"}
    assert not any(held.secrets for held in after.entries)
    assert put_back(after, rewrite, {0: Secret(first), 1: Secret(second)}).reveal() == text


def test_helpers_that_were_named_before_are_named_again() -> None:
    word = fresh()
    text = docker_text(
        {"auths": {HOST: entry("a", word)}, "credHelpers": {"k": "k", HOST: "old"}, "credsStore": "gone"}
    )
    without, back = out_and_back(text, {0: word}, {HOST: "pass", "new": "pass"}, "pass")
    assert back == text
    assert json.loads(without)["credHelpers"] == {"k": "k", HOST: "pass", "new": "pass"}
    assert json.loads(without)["credsStore"] == "pass"


def test_a_null_where_helpers_belong() -> None:
    word = fresh()
    text = docker_text({"auths": {HOST: entry("alice", word)}, "credHelpers": None, "credsStore": None})
    without, back = out_and_back(text, {0: word}, {HOST: "pass"}, "pass")
    after = read(without)
    assert after.cred_helpers == {HOST: "pass"}
    assert after.creds_store == "pass"
    assert meaning(read(back)) == meaning(read(text))


def test_what_follows_the_first_value_stays() -> None:
    word = fresh()
    text = docker_text({"auths": {HOST: entry("alice", word)}}) + "\n}} left by an editor\n"
    without, back = out_and_back(text, {0: word}, {HOST: "pass"}, "pass")
    assert back == text
    assert without.endswith("\n}} left by an editor\n")


def test_bytes_that_are_no_text_stay() -> None:
    word = fresh()
    data = b'{"x": "\xff\xfe", "auths": {"h": {"auth": "%s"}}}' % auth("alice", word).encode()
    before = read_auth_file(data)
    rewrite = take_out(before, {0: FIELDS}, {"h": "pass"}, None)
    assert rewrite.text.encode("utf-8", "surrogateescape").startswith(b'{"x": "\xff\xfe", "auths": {"h": {}}')
    back = put_back(read(rewrite.text), rewrite, {0: Secret(word)}).reveal()
    assert back.encode("utf-8", "surrogateescape") == data


def test_line_breaks_inside_auth_are_no_other_meaning() -> None:
    word = fresh(40)
    encoded = auth("alice", word)
    text = docker_text({"auths": {HOST: {"auth": encoded[:30] + "\r\n" + encoded[30:]}}})
    _, back = out_and_back(text, {0: word}, {}, None)
    assert back != text
    assert meaning(read(back)) == meaning(read(text))


def test_another_password_or_order_is_another_meaning() -> None:
    one, other = entry("alice", "one"), entry("alice", "other")
    base = {"auths": {"a": one, "b": other}}
    changed = [
        {"auths": {"a": one, "b": one}},
        {"auths": {"b": other, "a": one}},
        {"auths": {"a": one, "b": other}, "x": None},
        {"auths": {"a": one, "b": other, "c": {}}},
        {"auths": {"a": {"auth": auth("alicf", "one")}, "b": other}},
    ]
    meanings = [meaning(read(docker_text(each))).reveal() for each in (base, *changed)]
    assert len(set(meanings)) == len(meanings)


def test_neither_text_nor_secret_shows_in_a_repr() -> None:
    word = fresh()
    before = read(docker_text({"auths": {HOST: {**entry("alice", word), "x": word}}}))
    rewrite = take_out(before, {0: FIELDS}, {}, None)
    back = put_back(read(rewrite.text), rewrite, {0: Secret(word)})
    assert word not in f"{before!r} {rewrite!r} {back!r} {meaning(before)!r}"


def test_handing_over_to_another_helper() -> None:
    text = docker_text({"auths": {HOST: {}}, "credHelpers": {HOST: "own", "k": "k"}, "credsStore": "own"})
    after = json.loads(hand_over(read(text), {HOST: "pass"}, "pass", {}).reveal())
    assert after == {"auths": {HOST: {}}, "credHelpers": {HOST: "pass", "k": "k"}, "credsStore": "pass"}


@pytest.mark.parametrize("auths", [{HOST: {"email": "a@b.example"}}, {}, None])
def test_handing_back_to_the_file(auths: dict[str, Any] | None) -> None:
    word, token = fresh(), fresh()
    document = {"credHelpers": {HOST: "own"}, "credsStore": "own", "x": 1}
    text = docker_text({"auths": auths, **document} if auths is not None else document)
    logins = {HOST: Record(HOST, "alice", Secret(word)), HUB: Record(HUB, TOKEN_USER, Secret(token))}
    after = json.loads(hand_over(read(text), {HOST: None}, "", logins).reveal())
    kept = (auths or {}).get(HOST, {})
    assert after == {"auths": {HOST: {"auth": auth("alice", word), **kept}, HUB: {"identitytoken": token}}, "x": 1}


@given(documents())
def test_out_and_back_means_the_same(document: Document) -> None:
    before = document.read()
    rewrite = taken_out(document)
    after = read(rewrite.text)
    assert not after.problem
    secrets = {index: Secret(document.secrets[index]) for index in document.moving}
    assert meaning(read(put_back(after, rewrite, secrets).reveal())) == meaning(before)


@given(documents())
def test_no_spelling_of_a_moved_secret_is_left(document: Document) -> None:
    text = taken_out(document).text
    for index in document.moving:
        for spelling in spellings(document.secrets[index]):
            assert spelling not in text


@given(documents())
def test_untouched_text_is_kept_byte_for_byte(document: Document) -> None:
    before, after = document.read(), read(taken_out(document).text)
    assert before.root and after.root
    assert after.text[: after.root.start] == before.text[: before.root.start]
    assert after.text[after.root.end :] == before.text[before.root.end :]
    changed = {"auths", "credhelpers", "credsstore"}
    old, new = raws(before.text, before.root), raws(after.text, after.root)
    assert [one for one in new if one[0].casefold() not in changed] == [
        one for one in old if one[0].casefold() not in changed
    ]
    for index, (one, other) in enumerate(zip(before.entries, after.entries, strict=True)):
        kept = raws(after.text, other.node)
        wanted = [each for each in raws(before.text, one.node) if each[0].casefold() not in FIELDS]
        assert kept == (wanted if index in document.moving else raws(before.text, one.node))
    assert gaps(before)[: len(gaps(before)) - 1] == gaps(after)[: len(gaps(before)) - 1]


def taken_out(document: Document) -> Rewrite:
    helpers = {document.read().entries[index].key: "pass" for index in document.moving}
    return take_out(document.read(), document.moving, helpers, "pass")


def raws(text: str, node: Node) -> list[tuple[str, str]]:
    return [(held.name, text[held.start : held.value.end]) for held in node.members]


def gaps(auth_file: AuthFile) -> list[str]:
    """What stands between the members of the root."""
    root = auth_file.root
    assert root
    ends = [root.start + 1, *(held.value.end for held in root.members)]
    starts = [*(held.start for held in root.members), root.end - 1]
    return [auth_file.text[end:start] for end, start in zip(ends, starts, strict=True)]
