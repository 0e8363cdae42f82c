"""What is not a secret although it stands where one would: placeholders, references, encrypted values.

The forms come from the tools' own syntaxes; docs/sources.md names them. Each test looks at the value alone.
"""

from __future__ import annotations

import re

from checks import late

LONGEST_PLACEHOLDER = 100
"""Characters beyond which nobody writes a placeholder by hand."""

_PLACEHOLDER = late.compile(
    r"""<.*> | \[.*\] | (.)\1* | \** | [.\-_*x\u2022]+ | %\w+% | __\w+__ | \{[\w .-]*\}
    | (?:change|replace|fix)[-_ ]?(?:me|this|it|with).*
    | (?:insert|enter|set|put|fill)[-_ ](?:me|this|it|here|in|with).*
    | (?:my|your|the|some|an?|insert|enter|replace)[-_ ]?(?:[a-z]+[-_ ]){0,4}
      (?:password|passwd|token|secret|pat|key|credentials?)(?:[-_ ]?here)?
    | password | passwd | token | secret | api[-_]?key | placeholder | dummy | example | sample | fake | redacted
    | .*(?<![./@])example(?![.]\w).*
    | .*(?:placeholder|redacted|change[-_ ]?me|change[-_]?it|\.{3}|x{6}|\*{4}|\u2026).* | \d+\.\d+
    | .*\{(?:[a-z_][a-z_.-]{2,40} | [A-Za-z_][\w.-]{1,40}:[\w.,<>^=+-]{1,20})\}.*
    | masked | hidden | filtered | none | null | nil | undefined | todo | fixme | tbd | true | false | yes | no | on
    | off | [01] | test | n/?a | unset | default | empty | string | str""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REFERENCE = late.compile(
    r"""\$\w+ | \$\{[^}]*\} | \$\(.*\) | `.*` | \$env:\w+ | \$\[.*\] | %\(?[\w.]+\)?[s%]
    | \{\{.*\}\} | \$\{\{.*\}\} | \#\{.*\}\#? | <%.*%> | @\w+@ | <<.*>>
    | (?:op|vault|ref\+\w+|sm|bws|infisical|akv|gcp|awssm|ssm|keyring|pass|env|file|dockhygiene|secret)://?.+
    | vault:[\w/.-]+[\#:][\w.-]+ | arn:aws[\w-]*:(?:secretsmanager|ssm|kms):.+ | @Microsoft\.KeyVault\(.*\)
    | (?:os\.environ|os\.getenv|process\.env|getenv|ENV|System\.getenv|std::env::var|env)\b[.\[(].*
    | (?:\w[\w.-]*(?:/[\w.-]+)+(?:[ ][\w.-]+)?[ ]?\|[ ]?[A-Za-z_]\w*;?\s*)+  # for actions of managers
    | (?:var|local|data|module)\.[\w.\[\]"]+ | !(?:Ref|Sub|GetAtt|reference|vault|ENV)\b.*""",
    re.VERBOSE | re.DOTALL,
)
_ENCRYPTED = late.compile(
    r"""\$ANSIBLE_VAULT;.* | ENC\[.* | ENC\(.*\) | \{cipher\}.* | \{AES[^}]*\}.* | !\[.*\] | encrypted:.+
    | U2FsdGVkX1.* | AQICAH.* | age-encryption\.org.* | -----BEGIN[ ](?:PGP[ ]MESSAGE|AGE[ ]ENCRYPTED).*
    | \{[A-Za-z0-9+/]{20,}={0,2}\} | v1:[A-Za-z0-9+/=:]{24,}
    | (?:Whxqht[+]dQJax1aZeCGLx|DHzAexF2RZGcSwvqCLwg|k6iUCUh0RJCQyvL8k8q1|[+]vfrk0HjQSyhpDb5Wik2).*  # systemd-creds""",
    re.VERBOSE | re.DOTALL,
)
_DEFAULT = late.compile(r"\$\{\w+:?[-=](?P<literal>.*)\}", re.DOTALL)
LONGEST_REFERENCE = 4096
_BRACKETED = late.compile(r"<[^<>]{1,100}>")


def not_a_secret(value: str) -> bool:
    """Whether this value holds no secret: it is empty, stands for one, points to one, or is encrypted."""
    text = literal_of(value)
    return not text or is_placeholder(text) or bool(_ENCRYPTED.fullmatch(text))


def is_placeholder(value: str) -> bool:
    """Whether this value stands for a secret without being one: empty, `changeme`, `<token>`, `${TOKEN}`, `xxxx`."""
    text = literal_of(value)
    by_hand = len(text) <= LONGEST_PLACEHOLDER and bool(_PLACEHOLDER.fullmatch(text))
    return not text or by_hand or _points_elsewhere(text)


def is_unfilled(value: str) -> bool:
    """Whether this is a place of a template that was never filled in: `<password>`, `${PASSWORD}`, `{{ password }}`."""
    text = unquoted(value)
    return bool(_BRACKETED.fullmatch(text)) or _points_elsewhere(text)


def is_reference(value: str) -> bool:
    """Whether this value is looked up somewhere else; a literal default in it is judged as any value."""
    text = literal_of(value)
    return _points_elsewhere(text) or (text != unquoted(value) and not_a_secret(text))


def literal_of(value: str) -> str:
    """The value without quotes; of `${NAME:-default}` the default, which is what stands there in plain text."""
    text = unquoted(value)
    while len(text) <= LONGEST_REFERENCE and (default := _DEFAULT.fullmatch(text)):
        text = unquoted(default["literal"])
    return text


def unquoted(value: str) -> str:
    return value.strip().strip("\"'")


def _points_elsewhere(text: str) -> bool:
    return len(text) <= LONGEST_REFERENCE and bool(_REFERENCE.fullmatch(text))
