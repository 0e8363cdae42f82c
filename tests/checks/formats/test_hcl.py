from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.hcl import EXPRESSION, parse_hcl
from checks.formats.yaml_positions import Node, at, text_at, walk

TEXT = """\
# a comment with "quotes" and {
terraform { required_version = ">= 1.5" }
provider "docker" {
  registry_auth {
    address  = "quay.io"   // where
    username = "bob"
  }
}
/* resource "no" { a = "b" } */
resource "aws_db" "main" {
  name     = "a${var.x["q"]}b"
  count    = 3
  password = var.password
  tags = {
    "k 1" = "v1"
    k2    : "v2",
  }
  list = ["a", "b",
    { c = "d" }]
  call = jsonencode({ inner = "x" })
  doc  = <<-EOT
    one
    two ${x}
  EOT
  cond = var.a ? "yes" : "no"
  last = "end"
}
"""


def texts(node: Node | None) -> list[str]:
    return [item.text for item in node.items] if node else []


def test_what_it_reads() -> None:
    parsed = parse_hcl(TEXT)
    (root,) = parsed.documents
    assert parsed.problem is None
    main = at(root, "resource", "aws_db", "main")
    assert text_at(root, "terraform", "required_version") == ">= 1.5"
    assert text_at(root, "provider", "docker", "registry_auth", "address") == "quay.io"
    assert text_at(main, "name") == 'a${var.x["q"]}b'
    assert (text_at(main, "count"), text_at(main, "last")) == ("3", "end")
    assert [text_at(main, "tags", name) for name in ("k 1", "k2")] == ["v1", "v2"]
    assert texts(at(main, "list"))[:2] == ["a", "b"]
    assert text_at(main, "call", "inner") == "x"
    assert text_at(main, "doc") == "    one\n    two ${x}\n"
    for name in ("password", "cond"):
        found = at(main, name)
        assert found and found.tag == EXPRESSION
    assert at(root, "resource", "no") is None


def test_positions() -> None:
    (root,) = parse_hcl(TEXT).documents
    lines = TEXT.split("\n")
    strings = [node for _, node in walk(root) if node.kind == "scalar" and node.style == '"']
    assert len(strings) > 10
    for node in strings:
        assert lines[node.line - 1][node.column - 1 :].startswith(node.text)


@pytest.mark.parametrize(
    "text",
    [
        'a {\n  b = "c"\n',
        'a }\n  b = "c"\n',
        'x = "open\nb = "c"\n',
        'x = <<EOT\nb = "c"\n',
        'x = [1, (2\n]\n}\nb = "c"',
        '= = =\nb = "c"',
    ],
)
def test_broken_texts_keep_what_can_be_read(text: str) -> None:
    (root,) = parse_hcl(text).documents
    assert "c" in [node.text for _, node in walk(root) if node.style == '"']


@given(st.text() | st.from_regex(r'(?:a|"|\$\{|\}|\{|\[|\]|\(|\)|=|:|<<E\n|E\n|\\|/\*|,|#|\n| )*'))
def test_nothing_raises(text: str) -> None:
    parsed = parse_hcl(text)
    assert len(parsed.documents) == 1
    assert sum(1 for _ in walk(parsed.documents[0])) <= 4 * len(text) + 10


@pytest.mark.timeout(60)  # it takes a second; work that grows with the square of the size would take minutes
@pytest.mark.parametrize("part", ['a = "', "a {", "[", "<<E\n", '"${"', "/*", "a = 1\n", "x ", "=", "((", "<<A\nA\n"])
def test_ends_on_long_nonsense(part: str) -> None:
    assert len(parse_hcl(part * 50_000).documents) == 1
