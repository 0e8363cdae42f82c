from __future__ import annotations

from checks.model.finding import Confidence, Finding, Looked, Place, Severity
from checks.model.secret import Secret
from checks.model.token_kinds import TokenKind
from checks.trees.merge import new_to
from tests.checks.conftest import random_password

FORM = TokenKind("kind", "Kind", "", "k_", 0)


def finding(secret: Secret | None, line: int | None, end_line: int | None = None) -> Finding:
    return Finding("c", "r", "t", Severity.LOW, Confidence.LIKELY, Place("/f", line=line, end_line=end_line), secret)


def test_the_same_secret_on_the_same_line_is_told_once() -> None:
    password = random_password()
    told = [finding(Secret(password), 3)]
    assert list(new_to(told, [finding(Secret(password), 3)])) == []
    elsewhere = finding(Secret(password), 9)
    assert list(new_to(told, [elsewhere])) == [elsewhere]


def test_a_line_that_was_understood_is_not_judged_by_its_names_again() -> None:
    told = [finding(Secret(random_password()), 3, 5)]
    assert list(new_to(told, [finding(Secret("another"), 4)])) == []
    token = finding(Secret("k_another", FORM), 4)
    assert list(new_to(told, [token])) == [token]


def test_everything_else_goes_through() -> None:
    rest = [Looked("/f", 1), finding(None, 3), finding(Secret("x"), None)]
    assert list(new_to([finding(Secret("y"), 3)], rest)) == rest
    assert list(new_to([], [finding(Secret("x"), 1)])) == [finding(Secret("x"), 1)]


def test_a_finding_of_a_million_lines_is_bounded() -> None:
    assert list(new_to([finding(Secret("y"), 1, 10**9)], [])) == []
