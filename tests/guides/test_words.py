"""The guides' words teach every point of the incident guide, each in its own place, plainly and in few words."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guides import words
from guides.words.filled import GENERIC, PLACE, fill, fill_text, open_places

TAUGHT: dict[str, tuple[str, tuple[str, ...]]] = {
    # What it is, and its uses
    "D0": ("docker-credential", ("who you are", "password", "api token", "registry")),
    "D1": ("docker-credential", ("user names, passwords, api keys", "together", "scattered")),
    "D2": ("docker-credential", ("docker login", "pull and push", "private images")),
    "D3": ("docker-credential", ("nobody who types", "plain text", "dockerfile or a script")),
    # Environment variables
    "E0": ("environment", ("reads the credential from its environment", "missing")),
    "E1": ("environment", ("commit", "repository")),
    "E2": ("environment", ("one container",)),
    "E3": ("environment", ("without touching the code", "accident")),
    "E4": ("environment", ("literal", "never print", "standard input", ".env", ".gitignore", ".dockerignore")),
    # The three managers
    "A0": ("aws", ("fetches it by name", "when it runs")),
    "A1": ("aws", ("kms", "tls", "iam", "cloudtrail", "rotate", "regions", "lambda")),
    "A2": ("aws", ("literal", "getsecretvalue", "never print")),
    "V0": ("vault", ("vault", "strong")),
    "V1": ("vault", ("token", "policies", "path by path", "on demand", "revoke whole groups", "audit devices")),
    "V2": ("vault", ("literal", "version 2", "data/")),
    "V3": ("vault", ("vault_addr", "vault_token", "replace", "your vault server", "your own token")),
    "V4": ("vault", ("api_key", "field")),
    "V5": ("vault", ("path and field names", "adapt")),
    "C0": ("conjur", ("conjur", "when it asks")),
    "C1": ("conjur", ("api key", "access token", "jwt", "ci")),
    "C2": ("conjur", ("conjur_appliance_url", "conjur_account", "conjur_cert_file", "conjur_authn_login", "%2f")),
    # How to generate one
    "G1": ("generate", ("sign in", "browser", "command line", "single sign-on")),
    "G2": ("generate", ("settings", "page for credentials")),
    "G3": ("generate", ("tokens, ssh keys, and a user name", "least", "end date", "registries do not use ssh keys")),
    "G4": ("generate", ("once", "store", "entitled")),
    "G5": ("generate", ("--password-stdin", "credential helper", "images")),
    # Why one leaks
    "L1": ("why-it-leaks", ("dockerfile", "repository", "plain text")),
    "L2": ("why-it-leaks", ("permissions", "wider", "share")),
    "L3": ("why-it-leaks", ("without encryption", "reads the login")),
    "L4": ("why-it-leaks", ("every container", "shared machine", "on purpose or by accident")),
    "L5": ("why-it-leaks", ("takes over the container", "layer")),
    # What can happen
    "R0": ("what-can-happen", ("pulled and pushed", "way in", "systems")),
    "R1": ("what-can-happen", ("strangers", "take data away", "nobody approved")),
    "R2": ("what-can-happen", ("pushes images", "your systems start them", "spreads")),
    "R3": ("what-can-happen", ("cloud", "pays")),
    "R4": ("what-can-happen", ("customers and partners", "trust")),
    "R5": ("what-can-happen", ("guarded", "look for", "replace")),
    # Best practices
    "B1": ("best-practice", ("out of code", "environment variable", "secrets manager")),
    "B2": ("best-practice", ("store made for secrets", "password manager")),
    "B3": ("best-practice", ("intervals", "not good for long")),
    "B4": ("best-practice", ("least privilege", "only what the job needs")),
    "B5": ("best-practice", ("log regularly", "odd hours", "refused attempts")),
    "B6": ("best-practice", ("few people", "second factor")),
    "B7": ("best-practice", ("aws secrets manager", "cyberark")),
    "B8": ("best-practice", ("lower the risk", "safer")),
    "B9": ("best-practice", ("deleting the commit", "does not help", "within minutes", "revoke", "without a login")),
    # Was it used by somebody else?
    "M0": ("malicious-use", ("calm", "plan", "cheat sheet")),
    "M1": ("malicious-use", ("access logs", "addresses that you do not know", "allowed", "odd hours", "last use")),
    "M2": ("malicious-use", ("sudden peak", "data transferred", "new networks")),
    "M3": ("malicious-use", ("connected", "operations", "database", "tokens", "digests", "public", "ci secrets")),
    "M4": ("malicious-use", ("api", "logs or monitoring", "cloudtrail", "docker hub")),
    # Revoking it
    "P0": ("revoking", ("misuse", "carefully", "services", "early", "written down")),
    "P1a": ("revoking", ("log in to the account", "owns")),
    "P1b": ("revoking", ("page for tokens or api keys", "new key")),
    "P2a": ("revoking", ("each service", "new key in its place", "compromised")),
    "P2b": ("revoking", ("every application and service", "before the old one is switched off")),
    "P3a": ("revoking", ("until every service runs well on the new key",)),
    "P3b": ("revoking", ("on the page where the new one was made",)),
    "P4a": ("revoking", ("watch", "services run smoothly")),
    "P4b": ("revoking", ("unauthorised access attempts", "refused logins")),
    # Which services will stop working
    "S1": ("services", ("every service and application", "same secret", "same user", "same registry")),
    "S2": ("services", ("depend on the key", "one person", "list")),
    "S3": ("services", ("staging", "while the old one still works", "pull one real image")),
    "S4": ("services", ("critical service fails", "get back", "never brought back")),
    # Other secrets
    "O0": ("other-secrets", ("350", "four places")),
    "O1": ("other-secrets", ("pre-commit", "pre-push", "git hooks")),
    "O2": ("other-secrets", ("github, gitlab and bitbucket", "push protection")),
    "O3": ("other-secrets", ("circleci", "travis ci", "jenkins", "github actions", "literal")),
    "O4": ("other-secrets", ("layers", "history", "environment")),
}
"""Each ID of the incident guide: the subject that teaches it, and what its title and text must say."""

ALSO = {
    ("malicious-use", "blind"): ("docker hub", "no pull events", "harbor", "weak"),
    ("malicious-use", "nothing-seen"): ('not "not used"', "revoked all the same"),
    ("revoking", "rotate-calls"): ("rotate", "regenerate", "same moment"),
    ("revoking", "second"): ("another token", "delete the first"),
    ("revoking", "control"): ("accepted", "made-up login must be refused"),
    ("revoking", "evidence-first"): ("before the old one ends", "last used", "never holds up"),
    ("revoking", "disable-first"): ("off and on again", "way back"),
    ("revoking", "confirm"): ("cannot be undone", "typed word", "owner"),
    ("revoking", "one-check"): ("once", "only reads", "gitlab", "never a second rotate", "family"),
    ("revoking", "remaining-life"): ("ten minutes", "twelve hours"),
    ("revoking", "chain"): ("next secret", "chain"),
    ("revoking", "history-last"): (
        "after the secret is dead",
        "filter-repo",
        "bfg",
        "reflog",
        "backups",
        "config.json",
    ),
    ("two-orders", "revoke-first"): ("public repository", "nobody can say"),
    ("two-orders", "revoke-first-order"): ("evidence, revoke or disable, generate, update, verify, monitor",),
    ("two-orders", "revoke-first-price"): ("stands still",),
    ("two-orders", "generate-first"): ("this workstation only",),
    ("two-orders", "generate-first-order"): ("evidence, generate, update, verify, revoke, monitor",),
    ("two-orders", "generate-first-price"): ("valid a little longer",),
    ("two-orders", "unsure"): ("revoke first",),
    ("two-orders", "outage"): ("switch the application over",),
    ("environment", "limits"): ("every process", "debug logs", "docker inspect", "/run/secrets", "service by service"),
    ("environment", "build"): ("arg and env", "--mount=type=secret"),
    ("update", "in-place"): ("still plain text",),
    ("update", "variable"): ("environment or a store",),
    ("update", "nothing"): ("docker reads the login from the store",),
    ("update", "history"): ("standard input",),
    ("update", "open-shells"): ("writes its own lines back", "close the shells"),
    ("update", "verify"): ("read again", "gone"),
    ("monitoring", "came-back"): ("docker login", "past the store"),
    ("monitoring", "new-one"): ("once a day", "approved"),
    ("monitoring", "foreign"): ("never sent again",),
    ("closing", "write-down"): ("what leaked", "since when", "what was done", "dead"),
    ("closing", "remains"): ("backups", "never brought back"),
    ("closing", "prevent"): ("hook", "push protection"),
    ("figures", "rwth"): ("337,171", "8.5 %", "source:"),
    ("figures", "gitguardian-2022"): ("10,000", "4.6 %", "source:"),
    ("figures", "gitguardian-2024"): ("30,000", "85 %", "source:"),
    ("figures", "gitguardian-15m"): ("15 million", "100,000", "source:"),
    ("figures", "flare"): ("10,456", "75 %", "source:"),
    ("figures", "gap"): ("config.json",),
    ("figures", "lesson"): ("revoking",),
    ("cheat-sheet", "M0"): ("calm", "plan"),
    ("managers", "enough"): ("one program on one machine", "environment variable"),
    ("managers", "adds"): ("one place", "for each person", "record", "version before"),
    ("managers", "team"): ("never the value", "whom to ask", "the old one"),
    ("managers", "vault"): ("exactly one path", "new version"),
    ("managers", "aws"): ("exactly one secret", "updatesecretversionstage", "awsprevious"),
    ("managers", "keepass"): ("master password", "old copies"),
}
"""What stands beside the IDs: traps, prices, limits, sources."""

UNFILLED = frozenset(
    [
        "best-practice",
        "cheat-sheet",
        "docker-credential",
        "figures",
        "kinds",
        "rotate",
        "stores",
        "what-can-happen",
        "why-it-leaks",
    ]
)
"""Subjects that are shown as they are."""

TEAM = {"registry", "username", "masked", "places", "uses", "when", "contact"}
_SLOGANS = re.compile(
    r"\b(we|we're|our|ours|us|seamless\w*|robust|powerful|simply|easily|best-in-class)\b", re.IGNORECASE
)


def every_section() -> Iterator[tuple[str, words.Section]]:
    for name in words.subjects():
        for section in words.subject(name).values():
            yield name, section


def told(section: words.Section) -> str:
    return f"{section.title}\n{section.text}".lower()


def test_the_list_of_ids_is_whole() -> None:
    spans = "D0-3 E0-4 A0-2 V0-5 C0-2 G1-5 L1-5 R0-5 B1-9 M0-4 S1-4 O0-4"
    ids = {
        f"{span[0]}{number}"
        for span in spans.split()
        for number in range(int(span[1]), int(span.rpartition("-")[2]) + 1)
    }
    ids |= {"P0", "P1a", "P1b", "P2a", "P2b", "P3a", "P3b", "P4a", "P4b"}
    assert set(TAUGHT) == ids


@pytest.mark.parametrize("id_", TAUGHT)
def test_each_point_is_taught(id_: str) -> None:
    subject, ideas = TAUGHT[id_]
    section = words.section(subject, id_)
    assert len(section.text.split()) >= 8, "a sentence, not a tag"
    assert not [idea for idea in ideas if idea not in told(section)]


@pytest.mark.parametrize(("subject", "id_"), ALSO)
def test_traps_prices_and_limits_are_taught(subject: str, id_: str) -> None:
    section = words.section(subject, id_)
    assert not [idea for idea in ALSO[subject, id_] if idea not in told(section)]


@pytest.mark.parametrize("subject", words.subjects())
def test_sections_are_short_plain_and_titled(subject: str) -> None:
    assert words.subject(subject)
    for id_, section in words.subject(subject).items():
        # One line each in lists of commands and kinds; the message is a letter.
        assert section.title or subject == "kinds", id_
        assert len(section.text.split()) <= 90, (id_, len(section.text.split()))
        assert not _SLOGANS.search(section.text), (id_, _SLOGANS.search(section.text))
        if subject != "messages":
            assert len(re.findall(r"[.?!](?:\s|$)", section.text)) <= 5, id_
            assert section.text[-1] in ".?:", id_


def test_no_section_is_lost_to_a_second_one_of_its_name() -> None:
    for name in words.subjects():
        text = (resources.files("guides.words") / f"{name}.md").read_text("utf-8")
        ids = re.findall(r"^## (\S+)", text, re.MULTILINE)
        assert len(ids) == len(set(ids)) == len(words.subject(name)), name


def test_lines_are_of_a_length_that_a_diff_shows() -> None:
    for name in words.subjects():
        text = (resources.files("guides.words") / f"{name}.md").read_text("utf-8")
        assert text.startswith("# ") and text.endswith("\n") and not text.endswith("\n\n"), name
        assert max(map(len, text.splitlines())) <= 120, name
        assert text.isascii(), name


def test_every_open_place_is_known() -> None:
    for name, section in every_section():
        assert open_places(section) <= GENERIC.keys(), (name, section.id)
        assert name not in UNFILLED or not open_places(section), (name, section.id)


def test_without_a_finding_every_text_still_reads() -> None:
    for _name, section in every_section():
        filled = fill(section, GENERIC)
        assert not PLACE.search(filled.text) and not PLACE.search(filled.title)
    assert fill(words.section("generate", "G1"), GENERIC).text.startswith("Sign in to the provider with the account")


def test_the_message_names_everything_that_the_team_needs() -> None:
    message = words.section("messages", "team")
    assert open_places(message) == TEAM
    values = {place: f"<{place}>" for place in TEAM} | {"uses": "publish.yml, line 21\nJenkins job nightly"}
    text = fill(message, values).text
    assert all(value in text for value in values.values())
    assert "never by mail or chat" in text and "somewhere that is not listed" in text


def test_the_cheat_sheet_is_one_page_in_order() -> None:
    sheet = words.subject("cheat-sheet")
    assert list(sheet) == ["M0", *map(str, range(1, 10))]
    page = [line for one in sheet.values() for line in ("", one.title, *textwrap.wrap(one.text, 76))]
    assert len(page) <= 60
    titles = " ".join(one.title for one in sheet.values())
    order = ("Stay calm", "Understand", "order", "evidence", "uses", "Generate", "Update", "Revoke", "Monitor", "Close")
    assert [titles.index(word) for word in order] == sorted(titles.index(word) for word in order)


@given(st.text(), st.text())
def test_values_are_text_and_nothing_else(username: str, registry: str) -> None:
    """Braces, markup and line breaks of a hostile file arrive as they are, and fill no further place."""
    text = fill_text("{username} at {registry}", {"username": username, "registry": registry})
    assert text == f"{username} at {registry}"


def test_a_value_is_no_place() -> None:
    section = words.Section("x", "To {registry}", ("For {username}.", "[b]{registry}[/b]"))
    filled = fill(section, {"username": "{registry}", "registry": "{username} [red]"})
    assert filled.title == "To {username} [red]"
    assert filled.paragraphs == ("For {registry}.", "[b]{username} [red][/b]")


def test_what_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="masked"):
        fill(words.section("messages", "team"), {"username": "alice", "registry": "ghcr.io"})
    with pytest.raises(KeyError, match="nowhere"):
        fill(words.Section("x", "", ("{nowhere}",)), GENERIC)
    with pytest.raises(KeyError, match="Z9"):
        words.section("generate", "Z9")
