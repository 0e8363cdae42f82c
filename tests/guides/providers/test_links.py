"""Addresses: what a finding holds is data in them, and never another host or another page."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides.providers.links import filled_link, link_fault

PAGE = "https://{host}/{project}/-/settings?name={name}&scopes={scopes}"


@given(name=st.text(st.characters(exclude_categories=["Cs"])), project=st.text("ab/.%?#&\\@: ", min_size=1))
def test_values_stay_where_they_are_put(name: str, project: str) -> None:
    values = {"host": "git.example.com", "project": project, "name": name, "scopes": "read_registry"}
    try:
        address = urlsplit(filled_link(PAGE, values))
    except ValueError as refused:
        assert "climb" in str(refused)
        return
    assert (address.scheme, address.netloc, address.fragment) == ("https", "git.example.com", "")
    assert address.path.endswith("/-/settings") and ".." not in address.path.split("/")
    assert parse_qs(address.query, keep_blank_values=True) == {"name": [name], "scopes": ["read_registry"]}


@pytest.mark.parametrize(
    "host",
    ["", "evil.example/x", "a@b.example", "a b", "-a.example", "a.example:port", "[::1]", "a\n", "a.example#", "é"],
)
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        filled_link("https://{host}/", {"host": host})


@pytest.mark.parametrize("place", ["name", "project", "repository", "namespace", "username"])
def test_nothing_climbs_out(place: str) -> None:
    with pytest.raises(ValueError, match="climb"):
        filled_link(f"https://github.com/x/{{{place}}}", {place: "../settings/tokens"})
    with pytest.raises(ValueError, match="climb"):
        filled_link(f"https://github.com/x/{{{place}}}/y", {place: ".."})


def test_a_missing_value_is_named_and_braces_in_values_are_text() -> None:
    with pytest.raises(KeyError, match="name"):
        filled_link("https://a.example/?n={name}", {})
    assert filled_link("https://a.example/?n={name}", {"name": "{host}"}) == "https://a.example/?n=%7Bhost%7D"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("https://{host}/x", ""),
        ("https://a.example/{project}?x={name}", ""),
        ("http://a.example/", "https"),
        ("ftp://a.example/", "https"),
        ("https:///x", "host"),
        ("https://{name}/x", "only {host}"),
        ("https://{host}.example/x", "only {host}"),
        ("https://a@b.example/", "host"),
        ("https://a.example/{nothing}", "unknown place nothing"),
        ("https://a.example/a b", "percent"),
        ("https://a.example/ä", "percent"),
    ],
)
def test_templates_are_looked_at(template: str, fault: str) -> None:
    assert fault in link_fault(template) and bool(link_fault(template)) == bool(fault)
