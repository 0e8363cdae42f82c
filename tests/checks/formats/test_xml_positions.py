from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.xml_positions import DEEPEST, Element, parse

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\u2028"))
BOMB = (
    '<!DOCTYPE x [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><x><password>first</password><y>&a11;</y></x>"
)


def root_of(text: str) -> Element:
    root = parse(text).root
    assert root
    return root


@given(texts, texts)
def test_any_text_and_attribute(value: str, attribute: str) -> None:
    text = f"<?xml version='1.0'?>\n<!-- ü -->\n<a>\n  <b k={quoteattr(attribute)}>{escape(value)}</b>\n</a>"
    parsed = parse(text)
    assert not parsed.problem
    held = root_of(text).child("b")
    known = ElementTree.fromstring(text).find("b")
    assert held
    assert known is not None
    assert (held.value.text if held.value else "") == (known.text or "").strip()
    assert held.attributes == known.attrib
    if held.value:
        assert held.value.line == 4
        assert text.split("\n")[3][held.value.column - 1 :].startswith(escape(held.value.text[0]))
    located = parsed.attribute(held, "k")
    assert located
    assert (located.line, located.column) == (4, len("  <b k='") + 1)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("<a>X</a>", 1, 4),
        ("<a>\n\n  X  \n</a>", 3, 3),
        ("<a><![CDATA[X]]></a>", 1, 13),
        ("<ü>\U0001f600é<a>X</a></ü>", 1, 9),
        ("<a>\r\nX</a>", 2, 1),
        ("<n:a xmlns:n='u'>X</n:a>", 1, 18),
    ],
)
def test_positions(text: str, line: int, column: int) -> None:
    (found,) = [one.value for _, one in root_of(text).walk() if one.value and one.value.text == "X"]
    assert (found.line, found.column) == (line, column)


def test_the_version_of_jenkins() -> None:
    assert root_of("<?xml version='1.1' encoding='UTF-8'?>\n<a><b>x</b></a>").text("b") == "x"


def test_a_declared_encoding_is_not_believed() -> None:
    assert root_of("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>").value is not None


@pytest.mark.parametrize(
    "text", [BOMB, BOMB.replace("<y>", "<y z='&a11;'>"), BOMB.replace("<!ENTITY", "<!ENTITY %", 1)]
)
def test_entities_are_refused(text: str) -> None:
    assert parse(text).problem


def test_no_file_is_read() -> None:
    text = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;<b>y</b></a>'
    assert "root:" not in repr(parse(text))


def test_what_stood_before_a_mistake_is_kept() -> None:
    parsed = parse("<a>\n<b>x</b>\n<c></d></a>")
    assert parsed.problem == "not XML in line 3"
    assert parsed.root
    assert parsed.root.text("b") == "x"


def test_depth_is_bounded() -> None:
    parsed = parse("<a>" * 300_000)
    assert "levels" in parsed.problem
    assert parsed.root
    assert len(list(parsed.root.walk())) <= DEEPEST


def test_attributes_where_they_stand() -> None:
    text = '<r>\n<n:a  y = \'k="1"\'\n x="&lt;2"/></r>'
    parsed = parse(text)
    (element,) = root_of(text).children
    found = {name: (one.text, one.line, one.column) for name, one in parsed.attributes(element).items()}
    assert found == {"y": ('k="1"', 2, 12), "x": ("<2", 3, 5)}
    assert parsed.attribute(element, "z") is None


@pytest.mark.parametrize("sign", ["<", "x", "<a/>", "&", "<!--", "\0", "<a>x</a>", "<a b='", "]]>"])
@pytest.mark.parametrize("start", ["", "<r>"])
def test_a_megabyte_of_anything(start: str, sign: str) -> None:
    parse(start + sign * (2**20 // len(sign)))


@given(st.text(st.characters() | st.sampled_from("<>/&;!-[]='\"a \n\0")))
def test_any_text_at_all(text: str) -> None:
    parse(text)
    parse(f"<a>{text}</a>")
