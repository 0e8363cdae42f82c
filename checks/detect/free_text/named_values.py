"""A value whose name says that it is a secret: `db_password = "..."`, in whatever language.

Assignments, members, second arguments (`getenv("PASSWORD", "...")`), calls (`.password("...")`), elements and
attributes of XML, `"name": "X_PASSWORD", "value": "..."`, `IDENTIFIED BY '...'`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.detect.assigned import LONGEST_VALUE, AssignedSecret, assigned_secret
from checks.detect.assignments import looks_random
from checks.detect.free_text.code_names import is_code_name
from checks.detect.free_text.found import Context, Found, Probe
from checks.detect.validity.base64_values import decoded_text
from checks.detect.values import not_a_secret
from checks.detect.weak_values import is_weak
from checks.model.finding import Confidence

_FULL_WORDS = (
    "password", "passwd", "passphrase", "passcode", "passwort", "kennwort", "pwd", "secret", "token", "apikey",
    "api_key", "api-key", "accesskey", "access_key", "access-key", "privatekey", "private_key", "private-key",
    "account_key", "accountkey", "signing_key", "signingkey", "encryption_key", "encryptionkey", "master_key",
    "masterkey", "auth_key", "authkey", "app_key", "appkey", "secretkey", "service_key", "license_key", "storage_key",
    "sharedkey", "shared_key", "credential", "contrase\u00f1a", "senha", "wachtwoord", "has\u0142o", "l\u00f6senord",
    "\u043f\u0430\u0440\u043e\u043b\u044c", "\u5bc6\u7801", "identified by",
)  # fmt: skip
_SHORT_WORDS = ("pass", "pw", "psw", "pat", "auth", "dsn")
"""Parts of so many words that they count only between what ends a name before and behind them."""
WORDS = tuple(word.encode() for word in _FULL_WORDS) + tuple(
    f"{before}{word}{behind}".encode()
    for word in _SHORT_WORDS
    for before in ("_", "-", ".")
    for behind in ("=", ":", " =", '"', "'")
)

_NAME_BEFORE = late.compile(rb"[\w.$\x80-\xff-]{0,80}\Z")
_LONGEST_NAME = 80
_VALUE = late.compile(
    rb"""
    (?P<name> (?i:identified[ ]by) | [\w.\x80-\xff-]{1,80}+ )
    (?: \\?["'] ,? [ \t\r\n]{0,80}+ \\?["']? [Vv]alue \\?["']? [ \t]{0,8}+ [:=] [ \t]{0,8}+ (?= \\?["'] )
      | \\?["'`]? \]? [ \t]{0,20}+
        (?: (?: \?? : [ \t]{0,8}+ (?: &(?:'static[ ])? )? [\w.\[\]|? ]{1,40}? =
            | (?<=[ ]) [\w.*\[\]]{1,20}+ [ ]{1,4}+ = (?=[ ]?["`])
            | => | := | \?= | \|\|= | =(?!=) | :(?P<default>-) | :(?![:?+=-]) )
            (?P<assigned> [ \t]{0,40}+ )
          | \)? [ ]? (?P<fallback> \|\| | \?\? | \?: | or ) [ ]? (?= ["'`] )
          | (?<=["'`]) (?P<second> , ) [ \t\r\n]{0,40}+ (?= [\w@]{0,2}["'`] )
          | \( [ \t]{0,8}+ (?= [\w@]{0,2}["'`] )
          | > (?P<element>)
          | (?<= [yY][ ] ) (?= ' )
          | (?: (?<= (?i:with[ ]password[ ]) ) | (?<= (?i:login[ ]password[ ]) ) | (?<= (?i:encrypted[ ]password[ ]) ) )
            (?= ' )
        )
    )
    (?: (?P<flag> [A-Za-z@$]{0,2} )
        (?: " (?P<double> [^"\\\n]{1,4096}+ (?>(?: \\. [^"\\\n]{0,4096}+ ){0,99}) ) "
          | ' (?P<single> [^'\\\n]{1,4096}+ (?>(?: \\. [^'\\\n]{0,4096}+ ){0,99}) ) '
          | ` (?P<back> [^`\\\n]{1,4096}+ ) `
          | \\" (?P<escaped> [^"\\\n]{1,4096}+ ) \\" )
      | (?P<bare> [^\s"'`<>;&\\]{1,512}+ ) )
    """,
    re.VERBOSE,
)
_ARGUMENT = late.compile(rb"\(\s{0,20}[\w@]{0,2}[\"'`]\Z")
_FORMS = ("double", "single", "back", "escaped", "bare")
_CODE_WORD = late.compile(r"[A-Za-z_$][\w$]*+(?>(?:(?:\.|::|->)[A-Za-z_$][\w$]*+)*)(?:\(.*)?")
_PLAIN_WORD = late.compile(
    r"[a-z]+(?:[-_. :/](?:[0-9]{1,2})?[a-z]+)*|[A-Z]+(?:[-_ ][A-Z]+)*|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*[:!?.]?", re.DOTALL
)
_ALPHABET = late.compile(r"a-zA-Z|A-Za-z|a-z0-9|A-Z0-9|\[\^?[aA]-[zZ]|0-9\]|\\d|\.\*|(?i:abcdefgh)")
"""Of regular expressions and tables of characters."""
_FORMATTED = late.compile(
    r"\{[\w.!\[\]()'\"]*(?::[^}]*)?\}|%[sdr]|%\(\w+\)s|\$\{|\$\(|#\{|<\w+>|\\[wds]|\(\?|\[\^|\{\{"
    r"|(?<![^\s/:=@,'\"-])\$[A-Za-z_]"
)
_STANDS_FOR_ONE = late.compile(r"[A-Za-z0-9+/]{4,400}+={0,2}")
_MESSAGE = late.compile(r"\s\S+\s\S+\s|[.:!?]\s|\s(?:is|are|for|the|of|to|not|must|your|with)\s")


def _find(data: bytes, start: int, context: Context) -> Iterator[Found]:
    match = _VALUE.match(data, start)
    form = next((form for form in _FORMS if match and match[form] is not None), "")
    if not match or (form == "bare" and not _may_be_bare(match, context)):
        return
    written = match[form][:LONGEST_VALUE].decode("utf-8", "surrogateescape")
    if form == "bare" and match["element"] is None:
        written = _without_ends(written)
    if not written or not _plausible(written, match["flag"] or b"", form):
        return
    begin = _name_begin(data, start)
    if match["second"] and not _ARGUMENT.search(data, max(0, begin - 40), begin):
        return  # one of a list of words
    if data[begin - 1 : begin] == b":" and data[begin - 2 : begin - 1].isalnum():
        return  # a part of an address: `arn:aws:secretsmanager:eu-west-1:1:secret:name`
    name = _name(data, begin, match.end("name"))
    found = assigned_secret(name, written, {})
    confidence = _confidence(found, written, context) if found else None
    if found and confidence:
        value = match.start(form) + _size(written[: found.start])
        yield Found(
            "named-secret", f"{_shown(name)} in plain text", found.severity, confidence, found.secret,
            value, value + _size(written[found.start : found.end]), found.registry, found.username, named=True,
        )  # fmt: skip


def _name_begin(data: bytes, start: int) -> int:
    before = _NAME_BEFORE.search(data, max(0, start - _LONGEST_NAME), start)
    return before.start() if before else start


def _name(data: bytes, begin: int, end: int) -> str:
    """The whole name of which a word was found, as it is judged: SQL's IDENTIFIED BY is a password's."""
    name = data[begin:end].decode("utf-8", "replace").lstrip("-")
    return "password" if name[-2:].lower() == "by" and " " in name else name


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _may_be_bare(match: re.Match[bytes], context: Context) -> bool:
    """Without quotes a value is one only in an element, behind `=` and `:` outside of programs, or within a string."""
    behind = match.string[match.end() : match.end() + 2]
    if match["element"] is not None:
        return behind == b"</"
    if match["assigned"] is None:
        return False
    before = match.string[max(0, match.start() - 1) : match.start()]
    within = (
        before in (b";", b'"', b"'", b"?", b"&") and behind[:1] in (b";", b'"', b"'", b"&") and not match["assigned"]
    )
    return within or (not context.code and behind[:1] not in (b'"', b"'", b"`"))


def _plausible(value: str, flag: bytes, form: str) -> bool:
    """Whether a value as a whole may be one: no format string, no message, no name of something."""
    if b"f" in flag.lower() or _FORMATTED.search(value) or _ALPHABET.search(value):
        return False
    if value.startswith("-----BEGIN"):
        return False  # private keys have rules of their own
    if form == "bare" and _CODE_WORD.fullmatch(value) and any(mark in value for mark in ("(", ".", "::", "->")):
        return False
    return not _MESSAGE.search(value)


def _unescaped(value: str) -> str:
    from html import unescape  # all the names of HTML: only for who has met one

    return unescape(value)


def _confidence(found: AssignedSecret, value: str, context: Context) -> Confidence | None:
    """A password that is a plain word is one in a setting; in a program it is mostly the name of something."""
    if "&" in value and not_a_secret(_unescaped(value)):
        return None  # in XML `&lt;password&gt;`
    if found.secret.form:
        return min(found.confidence, Confidence.POSSIBLE) if context.example else found.confidence
    if _STANDS_FOR_ONE.fullmatch(value) and (plain_text := decoded_text(value)):
        if not_a_secret(plain_text):
            return None
        if is_weak(plain_text):
            return Confidence.POSSIBLE
    confidence = found.confidence
    plain = bool(_PLAIN_WORD.fullmatch(value)) or len(value) < 6 or is_code_name(value)
    if context.locked:
        return None
    if context.code or context.example:
        if plain:
            return None
        confidence = min(confidence, Confidence.LIKELY if looks_random(value) or _mixed(value) else Confidence.POSSIBLE)
        if context.example:
            confidence = Confidence.POSSIBLE
    elif plain:
        confidence = Confidence.POSSIBLE
    return confidence


def _without_ends(value: str) -> str:
    """Without what closes the list or the call around it: a bracket that was opened within belongs to the value."""
    while value and value[-1] in ",)}]":
        opened = {",": "", ")": "(", "}": "{", "]": "["}[value[-1]]
        if opened and opened in value:
            break
        value = value[:-1]
    return value


def _mixed(value: str) -> bool:
    """Letters and digits or marks, as people are told to choose passwords."""
    return len(value) >= 8 and any(c.isalpha() for c in value) and any(c.isdigit() for c in value) and " " not in value


def _shown(name: str) -> str:
    return name if len(name) <= 40 else f"...{name[-37:]}"


NAMED_VALUES = Probe(WORDS, _find, begins=_VALUE.match)
