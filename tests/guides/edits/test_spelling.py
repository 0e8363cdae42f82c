"""However a format writes a value, the stretch is found; what is encoded is encoded again in the same manner."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.secret import Secret
from guides.edits.spelling import Form, decoded, is_inert, nearest, respelled, spellings
from tests.checks.conftest import encoded
from tests.quality.quoting import (
    FISH_DOUBLE,
    FISH_SINGLE,
    HCL,
    PROPERTIES,
    SHELL_BARE,
    SHELL_DOUBLE,
    YAML_SINGLE,
    Quote,
    base64_of,
    json_ascii,
    json_text,
    login,
    shell_single,
    url,
    xml,
)

WRITTEN: dict[str, Quote] = {
    "as it is": str, "JSON": json_text, "JSON in ASCII": json_ascii, "shell, single quotes": shell_single,
    "shell, double quotes": SHELL_DOUBLE, "shell, bare": SHELL_BARE, "YAML, single quotes": YAML_SINGLE,
    "fish": FISH_SINGLE, "fish, double quotes": FISH_DOUBLE, "HCL": HCL, "properties": PROPERTIES, "URL": url,
    "XML": xml,
    "decimal in XML": lambda value: "".join(f"&#{ord(char)};" for char in value),
    "hexadecimal in XML": lambda value: "".join(f"&#x{ord(char):X};" for char in value),
    "C, hexadecimal": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
    "C, octal": lambda value: "".join(f"\\{byte:03o}" for byte in value.encode()),
}  # fmt: skip
VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=126) | st.sampled_from("äß€漢😀 "), min_size=6, max_size=20
).filter(lambda value: value.strip("\"' ") == value)


@pytest.mark.parametrize("manner", WRITTEN)
@given(value=VALUES)
def test_the_stretch_is_found(manner: str, value: str) -> None:
    written = WRITTEN[manner](value)
    if written is None:
        return
    text = f"# a line\nname: {written} \n# the end\n"
    start = text.index(written, 10)
    found = nearest(text, Secret(value), 9, text.index("\n", 9), start)
    assert found is not None
    assert (found.start, found.end) == (start, start + len(written))


@given(old=VALUES, new=VALUES)
def test_base64_is_encoded_again(old: str, new: str) -> None:
    for written, plain in ((base64_of(old), new), (login("me")(old), f"me:{new}")):
        assert written
        text = f"auth: {written}\n"
        found = nearest(text, Secret(old), 0, len(text), 6)
        assert found is not None
        made = respelled(text, found, Secret(old), Secret(new))
        assert made is not None
        assert decoded(made) == plain


def test_padding_and_line_breaks_stay() -> None:
    old, new = "correct-horse-9", "battery-staple-77"
    bare = base64_of(old + "x").rstrip("=")
    assert bare != base64_of(old + "x")
    found = nearest(bare, Secret(old + "x"), 0, len(bare), 0)
    assert found
    assert "=" not in (respelled(bare, found, Secret(old + "x"), Secret(new + "yy")) or "=")
    data = base64_of(json.dumps({"auths": {"a.io": {"auth": encoded("me", old)}}}))
    wrapped = "\n  ".join(data[at : at + 20] for at in range(0, len(data), 20))
    text = f"x: |\n  {wrapped}\nname: y\n"
    found = nearest(text, Secret(old), 0, len(text), 7)
    assert found
    assert found.form is Form.BASE64
    assert text[found.end :] == "\nname: y\n"
    made = respelled(text, found, Secret(old), Secret(new)) or ""
    assert max(map(len, made.split("\n  "))) == 20
    plain = json.loads(base64.b64decode("".join(made.split())))
    assert plain == {"auths": {"a.io": {"auth": encoded("me", new)}}}


def test_where_a_url_has_its_login_it_is_percent_encoded() -> None:
    for text in ("https://me:secret1@x.org", "https://secret1@x.org", "https://secret1:x-oauth-basic@x.org"):
        found = nearest(text, Secret("secret1"), 0, len(text), text.index("secret1"))
        assert found
        assert respelled(text, found, Secret("secret1"), Secret("a/b@c")) == "a%2Fb%40c"


def test_of_several_the_nearest() -> None:
    text = "admin admin admin"
    found = nearest(text, Secret("admin"), 0, len(text), 6)
    assert found
    assert found.start == 6


def test_nothing_is_found_of_nothing() -> None:
    assert not list(spellings("abc", Secret(""), 0, 3))
    assert not list(spellings("abc", Secret("x" * 5000), 0, 3))
    assert decoded("???") is None


@pytest.mark.parametrize("text", ["A" * 200_000, "'\"" * 50_000, "\\" * 100_000, "%41" * 50_000, "QUFB\n" * 20_000])
def test_hostile_text_ends_the_search(text: str) -> None:
    """The search ends, however many combinations of ways to write it a text offers."""
    for value in ("AAAAAAAAAB", "'\"'\"'\"'\"x", "\\\\\\\\x", "secret-1"):
        assert not any(one.form is Form.PLAIN for one in spellings(text, Secret(value), 0, len(text)))


@pytest.mark.parametrize("value", ["", "-a", "a-", "a b", "a:b", "~a", "=a", "a.", "ä1", "a$b", "a\nb", "a\n"])
def test_what_could_mean_something_is_not_inert(value: str) -> None:
    assert not is_inert(value)
