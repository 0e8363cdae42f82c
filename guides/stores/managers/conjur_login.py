"""Where Conjur is and how one logs in there, as its own command line finds it out.

Variables (CONJUR_APPLIANCE_URL, CONJUR_ACCOUNT, CONJUR_CERT_FILE, CONJUR_AUTHN_LOGIN, CONJUR_AUTHN_API_KEY,
CONJUR_AUTHN_TOKEN_FILE) come before ~/.conjurrc, and the API key before the one in ~/.netrc.
"""

from __future__ import annotations

import netrc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from guides.stores.managers.manager import LoginExpired
from guides.stores.managers.names import server
from guides.stores.store import StoreError, StoreMissing

if TYPE_CHECKING:
    from conjur_api import Client

MOST_BYTES = 1 << 20
_LOG_IN = "conjur login, or set CONJUR_AUTHN_LOGIN and CONJUR_AUTHN_API_KEY"


@dataclass(frozen=True, slots=True)
class ConjurLogin:
    """A server, an account, and either an API key or an access token that lives for minutes."""

    url: str
    account: str
    certificates: str
    user: str
    api_key: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def conjur_login(environ: Mapping[str, str]) -> ConjurLogin:
    """Raises StoreError with what is missing. Connects nowhere."""
    kept = _conjurrc(environ)
    url = (environ.get("CONJUR_APPLIANCE_URL") or kept.get("conjur_url") or kept.get("appliance_url") or "").rstrip("/")
    account = environ.get("CONJUR_ACCOUNT") or kept.get("conjur_account") or kept.get("account") or ""
    if not url or not account:
        raise StoreMissing("Conjur's address or account is not set", "conjur init, or set CONJUR_APPLIANCE_URL")
    server(url, "CONJUR_APPLIANCE_URL")
    certificates = environ.get("CONJUR_CERT_FILE") or kept.get("cert_file") or ""
    if certificates and not Path(certificates).is_file():
        raise StoreError("the file that CONJUR_CERT_FILE names is not there", "conjur init fetches it anew")
    user, key = environ.get("CONJUR_AUTHN_LOGIN", ""), environ.get("CONJUR_AUTHN_API_KEY", "")
    token = "" if user and key else _token(environ)
    if not (user and key) and not token:
        user, key = _netrc(environ, url)
    if not token and not (user and key):
        raise LoginExpired("there is no login for Conjur", _LOG_IN)
    return ConjurLogin(url, account, certificates, user, key, token)


def connect(login: ConjurLogin) -> Client:
    """The official client, which would set up logging for the whole program if it were let."""
    import logging

    from conjur_api import Client
    from conjur_api.models import ConjurConnectionInfo, CredentialsData, SslVerificationMode
    from conjur_api.providers import AuthnAuthenticationStrategy, SimpleCredentialsProvider, TokenAuthenticationStrategy

    provider = SimpleCredentialsProvider()
    provider.save(
        CredentialsData(
            machine=login.url, username=login.user, api_key=login.api_key or None, api_token=login.token or None
        )
    )
    strategy = TokenAuthenticationStrategy if login.token else AuthnAuthenticationStrategy
    mode = SslVerificationMode.CA_BUNDLE if login.certificates else SslVerificationMode.TRUST_STORE
    info = ConjurConnectionInfo(login.url, login.account, login.certificates or None)
    root = logging.getLogger()
    before = list(root.handlers)
    client = Client(info, mode, strategy(provider))
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
    return client


def _conjurrc(environ: Mapping[str, str]) -> dict[str, str]:
    home = environ.get("HOME", "")
    for path in filter(None, (environ.get("CONJURRC"), f"{home}/.conjurrc" if home else "", "/etc/conjur.conf")):
        try:
            data = yaml.safe_load(_text(Path(path)))
        except (yaml.YAMLError, RecursionError):
            raise StoreError("conjurrc is no YAML", "conjur init writes it anew") from None
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if isinstance(key, str) and isinstance(value, str)}
    return {}


def _token(environ: Mapping[str, str]) -> str:
    path = environ.get("CONJUR_AUTHN_TOKEN_FILE")
    return _text(Path(path)).strip() if path else ""


def _netrc(environ: Mapping[str, str], url: str) -> tuple[str, str]:
    """User and API key of this server; its command line writes `machine URL/authn`."""
    for path in _netrc_files(environ):
        try:
            hosts = netrc.netrc(str(path)).hosts
        except (OSError, netrc.NetrcParseError, UnicodeDecodeError):
            continue
        for machine in (f"{url}/authn", url, urlsplit(url).netloc, urlsplit(url).hostname or ""):
            if machine in hosts:
                user, _, key = hosts[machine]
                return user or "", key or ""
    return "", ""


def _netrc_files(environ: Mapping[str, str]) -> Iterator[Path]:
    if given := environ.get("NETRC"):
        yield Path(given)
    if home := environ.get("HOME"):
        yield Path(home, ".netrc")


def _text(path: Path) -> str:
    """Its text, or an empty one where it is not there or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
