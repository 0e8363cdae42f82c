"""`name = value`: whether the name says that the value is a secret, and whether the value agrees.

Names are split into words, and the last words decide: `db_password` holds one, `password_url` does not.
"""

from __future__ import annotations

import re

from checks import late
from checks.detect.entropy import entropy
from checks.detect.tokens import recognise
from checks.detect.values import not_a_secret
from checks.detect.weak_values import is_weak
from checks.model.finding import Confidence

_CASE_CHANGE = late.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = late.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STRONG = _words(
    """
    password passwd passphrase passcode pwd secret apikey credential credentials creds psw pswd psswd passw pwrd
    scrt mdp passwort kennwort contraseña clave senha wachtwoord parola hasło lösenord heslo пароль 密码 密钥 パスワード
    비밀번호 pgpassword sshpass requirepass masterauth authtoken accesstoken
    """
)
"""Words that say it alone, as the last word of a name."""
_PAIRS = _words(
    """
    api-key access-key secret-key private-key auth-token access-token refresh-token bearer-token id-token
    session-token deploy-token bot-token signing-key encryption-key master-key account-key shared-key
    license-key storage-key security-token api-token hmac-key user-pass store-pass key-pass vault-pass oauth-token
    registry-token job-token npm-token github-token gh-token gitlab-token hub-token docker-token ghcr-token
    cr-pat personal-token service-token admin-token root-token vault-token client-key mysql-pwd rediscli-auth
    config-pass age-key smtp-pass db-pass db-pw admin-pw root-pw registry-pass docker-pass docker-auth
    """
)
"""The last two words of names that say it together."""
_WEAK = _words(
    """
    key token auth pass pw pin pat sas dsn cookie session bearer code seed otp cred authz tkn psk
    """
)
"""Words that say it only where the value looks random."""
_WEAK_BUT_TELLING = _words("token auth pass pw bearer pat psk tkn")
"""Those that mean nothing else beside a long random value."""
_NOT_LAST = _words(
    """
    url uri path file field input label endpoint provider page location source name ref arn id kid length size
    count limit ttl expiry expires expiration age days policy type method algorithm usage encoder strength
    prompt hint reset required enabled placeholder title text message regex pattern format version prefix suffix
    header username user email host hostname port region timeout retries manager store helper service
    """
)
_NOT_PAIRS = _words(
    """
    next-token page-token continuation-token request-token client-token sync-token resume-token starting-token
    pagination-token cursor-token marker-token csrf-token xsrf-token public-key cache-key sort-key partition-key
    primary-key foreign-key object-key idempotency-key host-key site-key publishable-key load-credential
    set-credential
    """
)
"""The last two words of names that mean a place in a list, a request, something public."""
SHORTEST_RANDOM = 16
_UUID = late.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ADDRESS = late.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
_HASH = late.compile(r"(?:sha\d+[:-]|\$(?:2[aby]|argon2\w*|6|5|1|y|apr1)\$).*", re.IGNORECASE | re.DOTALL)


def judge(name: str, value: str) -> Confidence | None:
    """How sure it is that this value is a secret; None where it is not one.

    A token with a known form needs no name. A password needs a name that says it, and a value that is one. A default
    that everybody knows is possible at most.
    """
    if not_a_secret(value):
        return None
    known = recognise(value.strip())
    by_form = known[1] if known else None
    if by_form and by_form > Confidence.POSSIBLE:
        return by_form
    by_name = _by_name(words_of(name), value)
    if by_name and is_weak(value):
        return Confidence.POSSIBLE
    return by_name or by_form


def may_say(words: list[str]) -> bool:
    """Whether a name of these words may say of any value that it is a secret; a registry's variable is such a name."""
    return bool(words) and (words[-1] in _STRONG or words[-1] in _WEAK or words[-1] in ("secrets", "accesskey"))


def _by_name(words: list[str], value: str) -> Confidence | None:
    if not words or words[-1] in _NOT_LAST or "-".join(words[-2:]) in _NOT_PAIRS:
        return None
    last = words[-1]
    if last in _STRONG or "-".join(words[-2:]) in _PAIRS or (last == "secrets" and looks_random(value)):
        return Confidence.LIKELY if _may_be_one(value) else None
    if last in _WEAK and looks_random(value):
        return Confidence.LIKELY if last in _WEAK_BUT_TELLING and len(value) >= 20 else Confidence.POSSIBLE
    return None


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db.password2` are [db, password]."""
    return [word.lower() for word in _WORD.findall(_CASE_CHANGE.sub(" ", name[-200:]))]


def looks_random(value: str) -> bool:
    """Whether no person made this up: long enough, mixed, and as varied as chance would have it."""
    text = value.strip()
    if len(text) < SHORTEST_RANDOM or " " in text or _UUID.fullmatch(text) or _HASH.fullmatch(text):
        return False
    classes = sum(bool(re.search(pattern, text)) for pattern in ("[a-z]", "[A-Z]", "[0-9]"))
    return classes >= 2 and entropy(text) >= 3.0


def _may_be_one(value: str) -> bool:
    """Not a sentence, not a path of a file, not a hash of a password."""
    text = value.strip()
    if _HASH.fullmatch(text) or len(text) > 10_000 or _ADDRESS.match(text):
        return False
    if text.startswith(("/", "./", "~/")) and text.count("/") > 1 and not any(char in text for char in "+="):
        return False
    return text.count(" ") < 3
