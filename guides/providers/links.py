"""Addresses of a provider's pages, filled with what a finding holds: nothing in it can lead to another host."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from guides.words.filled import PLACE

LINK_PLACES = frozenset({"host", "name", "namespace", "project", "repository", "scopes", "username"})
"""What an address may leave open. `host` is the provider's web host, `project` and `repository` may hold slashes."""
_SLASHES = {"project": "/", "repository": "/", "scopes": ",:"}
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_DOTS = re.compile(r"(?:^|/)\.{1,2}(?=/|$)")


def filled_link(template: str, values: Mapping[str, str]) -> str:
    """The address; an empty template stays empty. KeyError: a value is missing. ValueError: one is refused."""
    return PLACE.sub(lambda place: _encoded(place[1], values[place[1]]), template)


def is_host(text: str) -> bool:
    """Whether this is a host name, with or without a port."""
    return bool(_HOST.fullmatch(text))


def link_fault(template: str) -> str:
    """What is wrong with a template, or an empty text."""
    if unknown := sorted(set(PLACE.findall(template)) - LINK_PLACES):
        return f"unknown place {unknown[0]}"
    address = urlsplit(PLACE.sub("x", template))
    if address.scheme != "https":
        return "an address begins with https://"
    if not is_host(address.netloc):
        return "an address names a host"
    if "{" in template.split("/")[2] and not template.startswith("https://{host}/"):
        return "only {host} may stand where the host does"
    return "" if template.isascii() and " " not in template else "an address is percent-encoded ASCII"


def _encoded(place: str, value: str) -> str:
    if place == "host":
        if not is_host(value):
            raise ValueError("the host of an address holds letters, digits, dots and hyphens")
        return value
    if _DOTS.search(value):
        raise ValueError(f"{place} would climb out of its address")
    return quote(value, safe=_SLASHES.get(place, ""))
