"""Jenkins: Jenkinsfiles, the credentials that it keeps, and configuration as code.

Syntax: jenkins.io, "Using Docker with Pipeline" and the Credentials Binding plugin's steps; form of `credentials.xml`
in checks/formats/jenkins_credentials.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.jenkins_credentials import read_jenkins_credentials
from checks.formats.registry_names import HUB_CONTAINERS_NAME
from checks.formats.xml_positions import Element
from checks.model.secret import Secret
from checks.model.use import Use
from checks.uses.commands import login_use, logins
from checks.uses.references import Held, held, reference_in
from checks.uses.registries import implied_registry
from checks.uses.source import Source, first, first_text, walk
from checks.uses.updating import jenkins_credential

KIND = "jenkins"
_STRING = r"""(?:"(?P<{0}d>[^"\n]{{0,300}}+)"|'(?P<{0}s>[^'\n]{{0,300}}+)'|(?P<{0}w>[A-Za-z_][\w.]{{0,100}}+))"""
_WITH_REGISTRY = late.compile(
    rf"withRegistry\s{{0,20}}\(\s{{0,20}}{_STRING.format('url')}(?:\s{{0,20}},\s{{0,20}}{_STRING.format('id')})?"
)
_CREDENTIALS_ID = late.compile(
    rf"(?P<field>registryCredentialsId|credentialsId)\s{{0,20}}[:=]?\s{{0,20}}{_STRING.format('id')}"
)
_CREDENTIALS = late.compile(rf"\bcredentials\(\s{{0,20}}{_STRING.format('id')}\s{{0,20}}\)")
_VARIABLE = late.compile(r"""\b(?:passwordV|v|usernameV)ariable\s{0,20}:\s{0,20}["'](?P<name>\w{1,100})["']""")
_ENVIRONMENT = late.compile(r"\b(?P<name>\w{1,100}+)[ \t]{0,20}=[ \t]{0,20}credentials\(")
_REGISTRY_URL = late.compile(rf"registryUrl\s{{0,20}}[:=]?\s{{0,20}}{_STRING.format('url')}")
_ASSIGNED = late.compile(
    rf"^[ \t]*+(?:def[ \t]++)?(?P<name>\w{{1,100}}+)[ \t]*+=[ \t]*+{_STRING.format('v')}", re.MULTILINE
)
_QUOTE = late.compile(r"""\'{3}|"{3}|["']|//[^\n]*+|/\*""")
_LONGEST_STEP = 20_000
_MOST_UNCLOSED = 50
"""Long strings without an end: each costs a search."""
_ESCAPE = late.compile(r"\\(.)")
_REACH = 1500
"""Characters behind a binding in which a login may use it."""
_IDS_OF_LOGINS = late.compile(
    r"docker|registry|ghcr|quay|harbor|nexus|artifactory|container|ecr|acr|gcr", re.IGNORECASE
)
_ENCRYPTED = late.compile(r"\{[A-Za-z0-9+/\s]+={0,2}\s*\}")


def read_jenkinsfile(source: Source) -> Iterator[Use]:
    """`docker.withRegistry`, agents' registries, and bindings of credentials beside a login."""
    variables = {match["name"]: _string(match, "v") for match in _ASSIGNED.finditer(source.text)}
    told: set[str] = set()
    for match in _WITH_REGISTRY.finditer(source.text):
        url, name = _told(match, "url", variables), _told(match, "id", variables)
        if name:
            told.add(name)
            registry = url if url or match["urlw"] else HUB_CONTAINERS_NAME
            yield source.with_need(
                _use(source, "docker.withRegistry", match.start("url" + _kind(match, "url")), name, registry)
            )
    found = [(match.start(), _string(match, "id")) for match in _CREDENTIALS_ID.finditer(source.text)]
    found += [(match.start(), _string(match, "id")) for match in _CREDENTIALS.finditer(source.text)]
    shells = list(_shell_logins(source))
    for start, written in sorted(found):
        name = variables.get(written, written)
        if not name or name in told:
            continue
        registry = _registry_near(source.text, start) or _login_near(shells, source, start)
        if registry or implied_registry(name) or _IDS_OF_LOGINS.search(name):
            told.add(name)
            yield source.with_need(_use(source, "binding of a credential", start, name, registry))
    bound = _bound(source.text)
    yield from (source.with_need(use) for _, use in shells if use.name not in bound)


def _bound(text: str) -> set[str]:
    """Variables that a binding fills: who logs in with them is told where the credential is named."""
    found = {match["name"] for match in _VARIABLE.finditer(text)}
    assigned = [match["name"] for match in _ENVIRONMENT.finditer(text)]
    return found | {name + ending for name in assigned for ending in ("", "_PSW", "_USR")}


def _use(source: Source, title: str, offset: int, name: str, registry: str) -> Use:
    line = source.lines.at(offset)[0]
    return source.use(KIND, title, line, registry=registry, value=Held(name), update=jenkins_credential(name))


def _shell_logins(source: Source) -> Iterator[tuple[int, Use]]:
    for start, text in _strings(source.text):
        for login in logins(_ESCAPE.sub(r"\1", text) if "\n" not in text else text):
            line = source.lines.at(start)[0] + text.count("\n", 0, min(login.start, len(text)))
            yield line, login_use(source, KIND, login, line, jenkins_credential(""))


def _strings(text: str) -> Iterator[tuple[int, str]]:
    """The strings of a Groovy text with their offsets; a long one that does not end is none."""
    position, unclosed = 0, 0
    while match := _QUOTE.search(text, position):
        quote, position = match.group(), match.end()
        if quote == "/*":
            end = text.find("*/", position)
            position = end + 2 if end >= 0 else len(text)
        elif not quote.startswith("/"):
            stop = min(position + _LONGEST_STEP, len(text)) if len(quote) == 3 else _line_end(text, position)
            end = _closing(text, quote, position, stop) if unclosed < _MOST_UNCLOSED else -1
            unclosed += end < 0 and len(quote) == 3
            if end >= 0:
                yield position, text[position:end]
                position = end + len(quote)


def _closing(text: str, quote: str, start: int, stop: int) -> int:
    """Where the quote comes that no backslash escapes."""
    end = text.find(quote, start, stop)
    while end > start and text[end - 1] == "\\" and len(quote) == 1:
        end = text.find(quote, end + 1, stop)
    return end


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position, position + _LONGEST_STEP)
    return end if end >= 0 else min(position + _LONGEST_STEP, len(text))


def _login_near(shells: list[tuple[int, Use]], source: Source, start: int) -> str:
    """The registry of the first login that follows the binding."""
    line, last = source.lines.at(start)[0], source.lines.at(min(start + _REACH, len(source.text)))[0]
    return next((use.registry or "" for at, use in shells if line <= at <= last), "")


def _registry_near(text: str, start: int) -> str:
    near = text[max(start - 300, 0) : start + 300]
    match = _REGISTRY_URL.search(near)
    return _string(match, "url") if match else ""


def _kind(match: re.Match[str], group: str) -> str:
    return next((letter for letter in "dsw" if match[group + letter] is not None), "d")


def _string(match: re.Match[str], group: str) -> str:
    return match[group + _kind(match, group)] or ""


def _told(match: re.Match[str], group: str, variables: dict[str, str]) -> str:
    """The string, or what the variable of that name was given; an unknown one is no text."""
    text = _string(match, group)
    if match[f"{group}w"] is not None:
        return variables.get(text.removeprefix("env."), "" if group == "url" else text)
    name = reference_in(text)
    return variables.get(name, text) if name else text


def read_credentials_xml(source: Source) -> Iterator[Use]:
    """Entries with a user and a password whose id or description speaks of a registry; the value where it is plain."""
    plain = {login.secret.line: login for login in read_jenkins_credentials(source.text).found}
    for _, element in source.xml.root.walk() if source.xml.root else ():
        name, password = element.text("id"), element.child("password")
        if not element.name.endswith("UsernamePasswordCredentialsImpl") or not password or not password.value:
            continue
        described = f"{name} {element.text('description')}"
        line = password.value.line
        known = line in plain and not plain[line].doubtful and not _ENCRYPTED.fullmatch(password.value.text)
        secret = Secret(password.value.text) if known else None
        if secret or _IDS_OF_LOGINS.search(described):
            yield source.use(
                KIND,
                f"credential {name}",
                line,
                registry=_host_in(element),
                username=element.text("username"),
                value=Held(name, secret),
                update=jenkins_credential(name),
            )


def _host_in(element: Element) -> str:
    """A host that id or description name; else none, and the id may imply one."""
    words = re.findall(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?", f"{element.text('id')} {element.text('description')}"[:500])
    return words[0] if words else ""


def read_configuration(source: Source) -> Iterator[Use]:
    """Configuration as code: `credentials.system.domainCredentials[].credentials[].usernamePassword`."""
    for root in source.yaml:
        for path, node in walk(root):
            if path and path[-1] == "usernamePassword" and node.kind == "mapping":
                name, password = first_text(node, "id"), first(node, "password")
                if password and _IDS_OF_LOGINS.search(f"{name} {first_text(node, 'description')}"):
                    value = source.held(password)
                    yield source.use(
                        KIND,
                        f"credential {name} of the configuration",
                        password,
                        username=first_text(node, "username"),
                        value=Held(value.name or name, value.secret),
                        update=jenkins_credential(name),
                    )


def read_job(source: Source) -> Iterator[Use]:
    """A job's `config.xml`: credentials by id, where it speaks of a registry beside."""
    for path, element in source.xml.root.walk() if source.xml.root else ():
        if element.name in ("credentialsId", "registryCredentialsId") and element.value and element.value.text:
            around = " ".join(path)
            name = element.value.text
            if _IDS_OF_LOGINS.search(around) or _IDS_OF_LOGINS.search(name):
                yield source.use(
                    KIND,
                    "credential of a job",
                    element.value.line,
                    value=held_name(name),
                    update=jenkins_credential(name),
                )


def held_name(text: str) -> Held:
    value = held(text)
    return value if value.name else Held(text)
