"""`name = value`: whether the name says that the value is a secret, and whether the value agrees.

Names are split into words, and the last words decide: `db_password` holds one, `password_url` does not.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from checks.detect.values import not_a_secret
from checks.model.finding import Confidence
from checks.model.token_kinds import kind_of

_CASE_CHANGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STRONG = _words(
    """
    password passwd passphrase passcode pwd secret apikey credential credentials creds psw pswd psswd passw pwrd
    scrt mdp passwort kennwort contraseña clave senha wachtwoord parola hasło lösenord heslo пароль 密码 密钥 パスワード
    비밀번호 pgpassword sshpass authtoken accesstoken
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
_NOT_LAST = _words(
    """
    url uri path file field input label endpoint provider page location source name ref arn id kid length size
    count limit ttl expiry expires expiration age days policy type method algorithm usage encoder strength
    prompt hint reset required enabled placeholder title text message regex pattern format version prefix suffix
    header username user email host hostname port region timeout retries manager store helper service
    """
)
SHORTEST_RANDOM = 16
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_HASH = re.compile(r"(?:sha\d+[:-]|\$(?:2[aby]|argon2\w*|6|5|1|y|apr1)\$).*", re.IGNORECASE | re.DOTALL)


def judge(name: str, value: str) -> Confidence | None:
    """How sure it is that this value is a secret; None where it is not one.

    A token with a known form needs no name. A password needs a name that says it, and a value that is one.
    """
    if not_a_secret(value):
        return None
    kind = kind_of(value.strip())
    if kind and kind.id != "jwt":
        return Confidence.CERTAIN
    words = words_of(name)
    if not words or words[-1] in _NOT_LAST:
        return None
    says = words[-1] in _STRONG or "-".join(words[-2:]) in _PAIRS
    if says or (words[-1] == "secrets" and looks_random(value)):
        return Confidence.LIKELY if _may_be_one(value) else None
    if words[-1] in _WEAK and looks_random(value):
        return Confidence.LIKELY if kind else Confidence.POSSIBLE
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


def entropy(text: str) -> float:
    """Shannon's entropy in bits per character."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values()) if total else 0.0


def _may_be_one(value: str) -> bool:
    """Not a sentence, not a path of a file, not a hash of a password."""
    text = value.strip()
    if _HASH.fullmatch(text) or len(text) > 10_000:
        return False
    if text.startswith(("/", "./", "~/")) and text.count("/") > 1 and not any(char in text for char in "+="):
        return False
    return text.count(" ") < 3
