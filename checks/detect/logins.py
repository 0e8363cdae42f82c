"""What the entries of a credential file mean for the person: shared by every check that meets such a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from checks.detect.values import is_unfilled
from checks.formats.display import printable
from checks.formats.docker_auth import AuthEntry, AuthFile, EntrySecret
from checks.formats.located import Located, decoded
from checks.formats.registry_names import is_hub_shadow, is_namespaced, is_web_login_record, registry_of
from checks.formats.url_logins import without_login
from checks.model.finding import Confidence, Finding, Place, PlaceKind, Severity

_RULES = {
    "auth": ("plain-text-login", "plain-text login"),
    "password": ("plain-text-login", "plain-text login"),
    "identitytoken": ("plain-text-identity-token", "identity token in plain text"),
    "registrytoken": ("plain-text-registry-token", "registry token in plain text"),
}
_MOVE = "Move it into a credential store (dockhygiene move), then rotate it: it lay in plain text."
_NAMESPACED = "Log in to the whole registry instead, through a helper, then rotate this one: no helper takes a path."
_LOG_IN_AGAIN = "Remove it and log in again: no credential helper can hold a registry token."


class Source(NamedTuple):
    """Where a credential file lies: which check reads it, and the place it stands at."""

    check: str
    path: str
    kind: PlaceKind = PlaceKind.FILE
    advice: str = _MOVE
    reader: str = "docker"
    """The client whose file it is: podman, helm, docker-py. What docker would say of the file is then no matter."""

    def place(self, auth_file: AuthFile, offset: int, field: str) -> Place:
        line, column = auth_file.lines.at(offset)
        return Place(self.path, self.kind, line=line, end_line=line, column=column, field=field)


def login_findings(auth_file: AuthFile, source: Source) -> Iterator[Finding]:
    """A finding for each secret, for each entry the client cannot use, and for a file it refuses."""
    if auth_file.problem:
        yield _refused_file(auth_file, source)
    hidden: Counter[str] = Counter()
    for entry in auth_file.entries:
        for held in entry.secrets:
            finding = _login(auth_file, entry, held, source)
            if entry.replaced or held.replaced:
                hidden[finding.locator] += 1
                finding = replace(finding, locator=f"{finding.locator}#{hidden[finding.locator]}")
            yield finding
        if entry.problem:
            yield _malformed_entry(auth_file, entry, source)
    flat = replace(auth_file, entries=() if auth_file.flat else auth_file.flat_entries(), flat=True)
    for entry in flat.entries:
        for held in entry.secrets:
            yield _login(flat, entry, held, source._replace(reader="docker-py"))


def _is_unfilled(held: EntrySecret) -> bool:
    """Whether a template stands there: clients send `<password>` and `${PASSWORD}` as they are, which nobody has.

    Any other word may be a password in use, `changeme` too.
    """
    written = held.node.text
    plain = decoded(Located(written, 0, 0, 0)) if held.field == "auth" else None
    return is_unfilled(plain.partition(":")[2] if plain else written)


def _login(auth_file: AuthFile, entry: AuthEntry, held: EntrySecret, source: Source) -> Finding:
    rule, title = _RULES[held.field]
    if is_web_login_record(entry.key):
        rule, title = "plain-text-web-login", "Docker Hub web login in plain text"
    line, column = auth_file.lines.at(held.node.start + 1)
    end_line, _ = auth_file.lines.at(held.node.end - 1)
    locator = f"{'' if auth_file.flat else 'auths/'}{without_login(entry.key)}/{held.field}"
    return Finding(
        check=source.check,
        rule=rule,
        title=title + _remark(entry, held, source),
        severity=_severity(held),
        confidence=Confidence.POSSIBLE if _is_unfilled(held) else Confidence.CERTAIN,
        place=Place(source.path, source.kind, line=line, end_line=end_line, column=column, field=locator),
        secret=held.secret,
        registry=registry_of(entry.key) or None,
        username=entry.username or None,
        advice=_advice(entry, held, source),
        locator=locator,
    )


def _advice(entry: AuthEntry, held: EntrySecret, source: Source) -> str:
    if source.advice != _MOVE:
        return source.advice
    if held.field == "registrytoken":
        return _LOG_IN_AGAIN
    return _NAMESPACED if _for_one_namespace(entry, source) else _MOVE


def _for_one_namespace(entry: AuthEntry, source: Source) -> bool:
    return source.reader != "docker" and is_namespaced(entry.key)


def _severity(held: EntrySecret) -> Severity:
    """A token with a known form opens an account from anywhere; a password may be a local registry's."""
    return Severity.CRITICAL if held.secret.kind not in ("password", "jwt") else Severity.HIGH


def _remark(entry: AuthEntry, held: EntrySecret, source: Source) -> str:
    if entry.replaced or held.replaced:
        return ", hidden by a later entry of the same name"
    if _for_one_namespace(entry, source):
        return f" for {printable(without_login(entry.key))} alone, which no helper can hold"
    if source.reader == "docker-py":
        return ", in the old form that docker-py still reads"
    if held.field == "password" and entry.get("auth"):
        return ", beside the `auth` that docker uses"
    if source.reader == "docker" and is_hub_shadow(entry.key):
        return ", unused by docker, used by podman"
    return ""


def _malformed_entry(auth_file: AuthFile, entry: AuthEntry, source: Source) -> Finding:
    locator = f"{'' if auth_file.flat else 'auths/'}{without_login(entry.key)}"
    return Finding(
        check=source.check,
        rule="malformed-login",
        title=f"{source.reader} cannot read this login: {printable(entry.problem)}",
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        place=source.place(auth_file, entry.name_start, locator),
        registry=registry_of(entry.key),
        advice="Repair or delete the entry: the next login would empty the other logins of this file.",
        locator=locator,
    )


def _refused_file(auth_file: AuthFile, source: Source) -> Finding:
    problem = auth_file.problem
    assert problem
    return Finding(
        check=source.check,
        rule="malformed-file",
        title=f"{source.reader} cannot read this file: {printable(problem.reason)}",
        severity=Severity.MEDIUM,
        confidence=Confidence.CERTAIN,
        place=source.place(auth_file, problem.offset, ""),
        advice="Repair the file before the next login, which would write it anew without these logins.",
        locator="file",
    )
