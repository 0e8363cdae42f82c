"""Checksums in hexadecimal, against sums made by other means."""

from __future__ import annotations

import binascii
import string
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.validity import crc_hex, matrix
from tests.checks.detect.key_parts import digits_of

TEXT = st.text(string.ascii_letters + string.digits, min_size=40, max_size=40)
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


@settings(deadline=None)
@given(TEXT)
def test_grafana_writes_the_least_significant_byte_first(text: str) -> None:
    body = f"glsa_{text[:32]}"
    number = binascii.crc32(body.encode())
    right = "".join(f"{number >> shift & 255:02x}" for shift in (0, 8, 16, 24))
    assert crc_hex.grafana(f"{body}_{right}")
    assert crc_hex.grafana(f"{body}_{right.upper()}")
    assert not crc_hex.grafana(f"{body}_{number ^ 1:08x}")
    assert not crc_hex.grafana(f"{body}x_{right}")


@settings(deadline=None)
@given(TEXT)
def test_cloudflare_sums_the_body_without_its_prefix(text: str) -> None:
    right = f"{binascii.crc32(text.encode()):08x}"
    assert crc_hex.cloudflare(f"cfut_{text}{right}")
    assert not crc_hex.cloudflare(f"cfut_{text}{binascii.crc32(f'cfut_{text}'.encode()):08x}")
    assert not crc_hex.cloudflare(f"cfut_{text[1:]}{right}")


@settings(deadline=None)
@given(TEXT)
def test_synapse_sums_all_that_stands_before(text: str) -> None:
    body = f"syt_{text[:8]}_{text[8:28]}"
    right = digits_of(binascii.crc32(body.encode()), BASE62, 6)
    assert matrix.synapse(f"{body}_{right}")
    assert not matrix.synapse(f"{body}_{'A' if right[0] != 'A' else 'B'}{right[1:]}")
    assert not matrix.synapse(body[1:] + "_" + right)


def test_what_is_no_token_is_none() -> None:
    for text in ("", "_", "é_é", "glsa_", "cfut_" + "é" * 48, "\udcff_" + "0" * 6, str(Random(1).random())):
        assert not crc_hex.grafana(text)
        assert not crc_hex.cloudflare(text)
        assert not matrix.synapse(text)
