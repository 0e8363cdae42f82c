"""Secrets that people choose, or that a program writes in its own way: whether the value can be one at all."""

from __future__ import annotations

import re

from checks import late
from checks.detect.values import not_a_secret
from checks.detect.weak_values import is_weak

_CISCO_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""The constant that every device uses: the form hides the password from a glance, no more."""
_CISCO = late.compile(r"(?P<start>[0-9]{2})(?P<body>(?:[0-9A-Fa-f]{2}){1,100})")
_FEWEST_WORDS = 9
"""Different words in a phrase of twelve: chance repeats none of 2,048."""


def password(value: str) -> bool:
    """False for a placeholder, a reference and a default that everybody knows."""
    return not not_a_secret(value) and not is_weak(value)


def cisco_hidden(value: str) -> bool:
    """Type 7: undone with the constant, it is text."""
    match = _CISCO.fullmatch(value)
    if not match:
        return False
    start, body = int(match["start"]), bytes.fromhex(match["body"])
    return all(32 <= byte ^ _CISCO_KEY[(start + at) % len(_CISCO_KEY)] < 127 for at, byte in enumerate(body))


def phrase(value: str) -> bool:
    """A wallet's phrase repeats hardly any word; a sample of the standard does nothing else."""
    return len(set(value.split())) >= _FEWEST_WORDS


def byte_list(value: str) -> bool:
    """64 numbers of one byte each, not all of one kind: Solana's key file."""
    numbers = [int(number) for number in re.findall(r"[0-9]{1,3}", value[:1000])]
    return len(numbers) == 64 and max(numbers) < 256 and len(set(numbers)) > 20
