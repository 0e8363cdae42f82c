"""What one word of a command says by itself: a URL with a login, `name=value`, a header, a token with a known form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from checks import late
from checks.detect.assignments import judge, may_say, words_of
from checks.detect.registry_variables import RegistryVariable, registry_variable
from checks.detect.telling_words import NAME
from checks.detect.tokens import recognise
from checks.detect.values import not_a_secret
from checks.formats.docker_auth import decode_auth, read_auth_file
from checks.formats.registry_names import provider_of, registry_of
from checks.formats.shell_words import Word
from checks.formats.url_logins import login_in_url
from checks.model.finding import Confidence
from checks.model.secret import Secret
from checks.model.token_kinds import TokenKind


class CommandSecret(NamedTuple):
    """A secret that a command line gives away. `start` and `end` are offsets of how it is written there."""

    secret: Secret
    start: int
    end: int
    registry: str | None
    username: str | None
    what: str
    """For people: "registry login on a command line", "variable PGPASSWORD"; holds names, never values."""
    confidence: Confidence

    @classmethod
    def of(
        cls, value: Word, registry: str | None, username: str | None, what: str, confidence: Confidence
    ) -> CommandSecret:
        start, end, known = value.first(0), value.last(len(value.text)), _known_token(value.text)
        form, sure = known or (None, confidence)
        return cls(Secret(value.text, form), start, end, registry, username, what, max(confidence, sure))

    def moved(self, start: int, end: int) -> CommandSecret:
        return self._replace(start=start, end=end)


_SCHEME = late.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")
_EXAMPLE_HOST = late.compile(r"(?:[\w-]{1,63}\.){0,5}example\.(?:com|org|net)(?::\d+)?", re.IGNORECASE)
_SETTING = late.compile(r"(?P<name>[^\s=,;&?\"'{}]{1,100})=(?=.)", re.DOTALL)
_INNER_SETTING = late.compile(r"(?:\A|[\s,;&?])(?P<name>[\w.\[\]-]{1,100})=(?P<value>[^\s,;&]+)")
_JSON_MEMBER = late.compile(r'"(?P<name>[\w.-]{1,60})"\s{0,8}:\s{0,8}"(?P<value>[^"\\]{1,500})"')
_FLAG = late.compile(r"--?[A-Za-z][\w.-]{0,60}")
_HEADER = late.compile(
    r"(?:header=|-H)?(?P<name>(?:Proxy-)?Authorization|X-JFrog-Art-Api"
    r"|[A-Za-z]\w{0,20}(?:-\w{1,20}){0,4}-(?:Token|Key|Secret|Password|Auth|ApiKey)):\s{0,8}(?P<value>.+)",
    re.IGNORECASE | re.DOTALL,
)
_PUBLIC_HEADERS = late.compile(
    "sec-websocket-key|idempotency-key|.*(?:public|cache|surrogate)-key|.*(?:csrf|xsrf)-token"
)
_SCHEMES = late.compile(r"(?P<scheme>Bearer|Basic|Token|Bot|ApiKey|GenieKey|SSWS|Splunk|Key)\s+", re.IGNORECASE)
_REFERENCES = ("@", "file:", "env:", "fd:", "<(")
_FORMAT = late.compile(r"%[sqd]\W{0,3}n?\W?")
"""A place in a format of printf, with the end of the line behind it."""
_OPTION = late.compile(r"-\D*(?:=.*)?", re.DOTALL)
"""Standard input, or another option, which has no digits: nobody means that for a value."""
_PATTERN = late.compile(r".*\.\*|.*%s|\?\*|[\[\]{}()]|\\\(", re.DOTALL)
"""Regular expressions, and what completion scripts say of a flag."""
_FILE = late.compile(
    r"(?:file(?:name)?|path|value|string|name|key)|[\w./~-]+\.(?:pem|key|crt|cer|der|p12|pfx|json|ya?ml|txt|gpg|asc|pub|env)",
    re.IGNORECASE,
)
_ASKING = frozenset({"no", "ask", "prompt", "with", "show", "change", "reset", "require", "generate", "disable", "use"})
_EXPLICIT = {"token": "auth-token", "pass": "password", "passwd": "password", "pat": "personal-token"}
_OPTIONAL_VALUE = frozenset({"mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "psql"})
_NAMES_A_SECRET = frozenset({"docker", "podman", "nerdctl", "buildah"})
_SEARCHING = frozenset({"sed", "grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "awk", "gawk", "complete", "bind"})
"""Programs whose words are patterns: only a token or a login in a URL is itself there."""
_MESSAGE = frozenset({"-m", "-am", "--message", "--title", "--notes", "--description"})
_TOKEN_LIKE = late.compile(r"(?!\w{1,20}://)[\w.~+/=:-]{16,4000}", re.ASCII)
_SETTING_NAME = late.compile(r"token|oauth|passw|pass\b|secret|_auth\b|bearer|api[-_]?key", re.IGNORECASE)
_NOT_SETTING_NAME = late.compile(r"(?:file|path|url|uri|helper|command|id|name|ttl|type|method)\Z", re.IGNORECASE)
_AUTH_VARIABLE = "DOCKER_AUTH_CONFIG"
_HUB_HOSTS = frozenset({"auth.docker.io", "hub.docker.com"})
_LONGEST_WORD = 64 * 1024
_LONGEST_VALUE = 8 * 1024


def is_literal(value: Word) -> bool:
    """Whether this value is a secret in itself: no expansion, no placeholder, no name of a file or variable."""
    text = value.text
    if value.dynamic or not text or len(text) > _LONGEST_VALUE:
        return False
    not_itself = text.startswith(_REFERENCES) or _OPTION.fullmatch(text) or _FORMAT.fullmatch(text)
    return not (not_itself or not_a_secret(text))


def confidence_of(value: Word, sure: Confidence) -> Confidence | None:
    """For a value that stands where only a secret does: a password that everybody knows is possible at most."""
    if not is_literal(value):
        return None
    return Confidence.POSSIBLE if judge("password", value.text) is Confidence.POSSIBLE else sure


def setting_confidence(name: str, value: str) -> Confidence | None:
    """For `config set NAME VALUE`, where the program's own names say less than a variable's do."""
    if _SETTING_NAME.search(name) and not _NOT_SETTING_NAME.search(name):
        return judge("password", value)
    return judge(name, value)


def registry_of_url(word: Word) -> str | None:
    """The registry of an address: a known one, or whoever serves the registry's interface, `/v2/`."""
    address = _SCHEME.sub("", word.text, count=1)
    host, _, path = address.partition("/")
    host = host.rpartition("@")[2]
    if word.dynamic and not word.part(0, len(word.text) - len(path)).dynamic:
        return registry_of_url(word.part(0, len(word.text) - len(path)))
    if word.dynamic or ("." not in host and ":" not in host):
        return None
    registry = registry_of("docker.io" if host in _HUB_HOSTS else host)
    return registry if provider_of(registry, "") or path.startswith("v2/") else None


def assignment_secrets(name: str, value: Word, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """What a variable holds: a registry's password, another secret, a URL with a login, docker's whole file."""
    text = value.text
    if not text or len(text) > _LONGEST_WORD:
        return
    if name == _AUTH_VARIABLE and not value.dynamic:
        yield from auth_file_secrets(value, f"variable {_AUTH_VARIABLE}")
        return
    what = f"variable {name}"
    urls = list(_urls(value))
    yield from urls
    if urls or value.dynamic or len(text) > _LONGEST_VALUE:
        return
    variable = registry_variable(name, text, variables)
    if variable and variable.encoded:
        username, secret, problem = decode_auth(text)
        if secret and not problem:
            found = CommandSecret.of(value, _registry(variable.registry), username or None, what, variable.confidence)
            yield found._replace(secret=secret)
    elif variable and not not_a_secret(text):
        yield _of_registry(value, variable, what)
    elif confidence := _judged(name, text):
        yield CommandSecret.of(value, None, None, what, confidence)


def word_secrets(words: tuple[Word, ...], variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """Secrets whose own word, or the flag before it, says that they are one: in commands of any program."""
    program = words[0].text.rsplit("/", 1)[-1]
    for position, word in enumerate(words):
        text = word.text
        if len(text) > _LONGEST_WORD:
            continue
        if "://" in text:
            yield from _urls(word)
        if program not in _SEARCHING and (not position or words[position - 1].text not in _MESSAGE):
            if "=" in text:
                yield from _pairs(word, variables)
            if ":" in text:
                yield from _header(word)
                yield from _json(word)
            yield from _flag_and_value(program, words[position : position + 3])
        if (known := _known_token(text)) and not word.dynamic:
            yield CommandSecret.of(word, None, None, "token on a command line", known[1])


def _flag_and_value(program: str, words: tuple[Word, ...]) -> Iterator[CommandSecret]:
    """`--password value`, `--creds user:value`, jq's `--arg name value`."""
    flag = words[0].text
    if len(words) < 2 or len(flag) < 4 or not flag.startswith("-") or not _FLAG.fullmatch(flag):
        return
    value, name = words[1], flag
    if flag == "--arg" and len(words) > 2:
        name, value = words[1].text, words[2]
    parts = words_of(name) if NAME.search(name) else []
    if not parts or parts[0] in _ASKING or program in _OPTIONAL_VALUE or not is_literal(value):
        return
    if program in _NAMES_A_SECRET and parts == ["secret"]:
        return
    username = None
    if parts[-1] in ("creds", "auth") and ":" in value.text:
        username = value.text.partition(":")[0]
        value = value.part(len(username) + 1)
    if confidence := _judged_flag(name, value):
        yield CommandSecret.of(value, None, username or None, f"{flag} on a command line", confidence)


def _judged_flag(name: str, value: Word) -> Confidence | None:
    """A flag is asked for by the program: `--token` and `--pass` say more than a variable of that name."""
    definition = name.startswith(("-D", "-P"))
    if definition and not may_say(words_of(name)) and may_say(words_of(name[2:])):
        name = name[2:]  # `-Dpassword=`, but not `-Password`
    words = words_of(name)
    if (
        not words
        or words[0] in _ASKING
        or (words[-1] == "token" and value.text.isdigit())
        or _FILE.fullmatch(value.text)
    ):
        return None
    explicit = len(words) == 1 or definition
    return _judged(_EXPLICIT.get(words[-1], name) if explicit else name, value.text)


def _judged(name: str, value: str) -> Confidence | None:
    words = words_of(name)
    if _PATTERN.match(value) or (" " in value and words and words[-1] in value.lower()):
        return None  # `cat_passwd='getent passwd'` is a command, `--password='[the password]'` a help text
    if len(words) > 1 and words[-1] == "pass" and (name.isupper() or words[-2] in ("become", "ssh")):
        name = "password"
    return judge(name, value)


def _urls(word: Word) -> Iterator[CommandSecret]:
    for scheme in _SCHEME.finditer(word.text):
        login = login_in_url(word.text[scheme.start() : scheme.end() + 2048])
        if login:
            start, end = scheme.start() + login.start, scheme.start() + login.end
            value, username = word.part(start, end), login.username
            if login.secret == Secret("x-oauth-basic"):
                value, username = word.part(scheme.end(), start - 1), ""
        elif found := _token_as_user(word, scheme.end()):
            value, username = found, ""
        else:
            continue
        if confidence := confidence_of(value, Confidence.LIKELY):
            host = login.host if login else ""
            if _EXAMPLE_HOST.fullmatch(host):
                confidence = Confidence.POSSIBLE
            registry = registry_of(host) if host and provider_of(registry_of(host), "") else None
            found_one = CommandSecret.of(value, registry, username or None, "password in a URL", confidence)
            encoded = login and username and "%" in value.text
            yield found_one._replace(secret=login.secret) if login and encoded else found_one


def _token_as_user(word: Word, start: int) -> Word | None:
    """`https://TOKEN@host`: only a token with a known form, as anything else is a name."""
    end = word.text.find("@", start, start + 512)
    return word.part(start, end) if end > 0 and _known_token(word.text[start:end]) else None


def _pairs(word: Word, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    """`NAME=value`, `--password=value`, `--from-literal=name=value`, `host=x password=y`, `a=b&token=c`."""
    text, position = word.text, 0
    for _ in range(3):
        match = _SETTING.match(text, position)
        if not match:
            break
        value, name = word.part(match.end()), match["name"].lstrip("-")
        parameters = "://" in match["name"] or ("&" in value.text and "=" in value.text)
        if NAME.search(name) is None and not _known_token(value.text):
            position = match.end()
            continue
        if is_literal(value) and not parameters and words_of(name)[:1] != ["header"]:
            found = list(_named(match["name"], value, variables))
            yield from found
            if found:
                return
        position = match.end()
    for inner in _INNER_SETTING.finditer(text):
        if not NAME.search(inner["name"]) or (inner["value"][0] == "<" and ">" not in inner["value"]):
            continue  # `NAME=<your token>` has two words
        value, name = word.part(*inner.span("value")), inner["name"]
        explicit = "password" if name == "pass" else name
        confidence = _judged_flag(name, value) if name.startswith("-") else _judged(explicit, value.text)
        if confidence and is_literal(value):
            yield CommandSecret.of(value, None, None, f"{inner['name']} on a command line", confidence)


def _named(name: str, value: Word, variables: Mapping[str, str]) -> Iterator[CommandSecret]:
    if name.startswith("-"):
        confidence = _judged_flag(name, value)
    else:
        variable = registry_variable(name, value.text, variables)
        if variable and not variable.encoded:
            yield _of_registry(value, variable, f"variable {name}")
            return
        confidence = _judged(name, value.text)
    if confidence:
        yield CommandSecret.of(value, None, None, f"{name} on a command line", confidence)


def _header(word: Word) -> Iterator[CommandSecret]:
    """`Authorization: Bearer ...`, `PRIVATE-TOKEN: ...`, also behind a flag's equals sign."""
    match = _HEADER.search(word.text[:200]) if ":" in word.text[:200] else None
    if not match or _PUBLIC_HEADERS.fullmatch(match["name"].lower()):
        return
    name, start = match["name"].lower(), match.start("value")
    scheme = _SCHEMES.match(word.text, start)
    value = word.part(scheme.end() if scheme else start).stripped()
    if not is_literal(value) or _PATTERN.match(value.text) or " " in value.text:
        return
    what = f"{name} header on a command line"
    if scheme and scheme["scheme"].lower() == "basic":
        username, secret, problem = decode_auth(value.text)
        if secret and not problem:
            found = CommandSecret.of(value, None, username or None, what, Confidence.LIKELY)
            yield found._replace(secret=secret)
    elif confidence := confidence_of(value, Confidence.LIKELY):
        yield CommandSecret.of(value, None, None, what, confidence)


def _json(word: Word) -> Iterator[CommandSecret]:
    for member in _JSON_MEMBER.finditer(word.text):
        value = word.part(*member.span("value"))
        if is_literal(value) and (confidence := judge(member["name"], value.text)):
            yield CommandSecret.of(value, None, None, f"{member['name']} in JSON on a command line", confidence)


def auth_file_secrets(value: Word, what: str) -> Iterator[CommandSecret]:
    """The logins of docker's whole credential file."""
    from checks.detect.document_values import is_stand_in  # it imports this module

    auth_file = read_auth_file(value.text.encode("utf-8", "surrogatepass"))
    for entry in auth_file.entries:
        for held in entry.secrets:
            written, registry = value.part(held.node.start + 1, held.node.end - 1), registry_of(entry.key)
            if written.dynamic or not_a_secret(written.text) or is_stand_in(written.text):
                continue
            found = CommandSecret.of(written, registry, entry.username or None, what, Confidence.CERTAIN)
            yield found._replace(secret=held.secret)


def _of_registry(value: Word, variable: RegistryVariable, what: str) -> CommandSecret:
    confidence = confidence_of(value, variable.confidence) or variable.confidence
    return CommandSecret.of(value, _registry(variable.registry), variable.username, what, confidence)


def _registry(named: str | None) -> str | None:
    return registry_of(named) if named else None


def _known_token(text: str) -> tuple[TokenKind, Confidence] | None:
    known = recognise(text) if _TOKEN_LIKE.fullmatch(text) else None
    return (known[0].kind, known[1]) if known and known[1] > Confidence.POSSIBLE else None
