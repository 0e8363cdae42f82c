"""Where Vault and OpenBao are and how one logs in there, as their own command line finds it out.

`BAO_ADDR` and so on come before `VAULT_ADDR`, as OpenBao's command has it; a token comes from its variable, from
~/.vault-token, or by AppRole from VAULT_ROLE_ID and VAULT_SECRET_ID.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from guides.stores.managers.manager import LoginExpired
from guides.stores.managers.names import server
from guides.stores.store import StoreError, StoreMissing

if TYPE_CHECKING:
    import hvac

SECONDS = 20
TOKEN_FILE = ".vault-token"
LOG_IN = "run `vault login` (or `bao login`), or set VAULT_TOKEN"


def setting(environ: Mapping[str, str], name: str) -> str:
    return environ.get(f"BAO_{name}") or environ.get(f"VAULT_{name}") or ""


def address(environ: Mapping[str, str]) -> str:
    """The server's URL. Raises StoreError where there is none, or none that may be used."""
    given = setting(environ, "ADDR").rstrip("/")
    if not given:
        raise StoreMissing("VAULT_ADDR is not set", "export VAULT_ADDR=https://HOST:8200")
    server(given, "VAULT_ADDR")
    return given


def token(environ: Mapping[str, str]) -> str:
    """The person's token, or an empty text."""
    if given := setting(environ, "TOKEN"):
        return given
    home = environ.get("HOME")
    try:
        return (Path(home) / TOKEN_FILE).read_text("utf-8").strip() if home else ""
    except (OSError, UnicodeDecodeError):
        return ""


def approle(environ: Mapping[str, str]) -> tuple[str, str] | None:
    role, secret = setting(environ, "ROLE_ID"), setting(environ, "SECRET_ID")
    return (role, secret) if role else None


def configured(environ: Mapping[str, str]) -> None:
    """Raises StoreError with what is missing. Connects nowhere."""
    address(environ)
    if not token(environ) and not approle(environ):
        raise LoginExpired("there is no token for Vault", LOG_IN)


def connect(environ: Mapping[str, str]) -> hvac.Client:
    """A client that is logged in. It reads no variables on its own, and follows the server to no other host."""
    configured(environ)
    try:
        import hvac
        import requests
    except ImportError:
        raise StoreMissing("the library for Vault is not installed", "pip install 'dockhygiene[vault]'") from None
    url = address(environ)
    certificates = setting(environ, "CACERT") or setting(environ, "CAPATH")
    if certificates and not Path(certificates).exists():
        raise StoreError("the file that VAULT_CACERT names is not there", "look at VAULT_CACERT")
    own = setting(environ, "CLIENT_CERT"), setting(environ, "CLIENT_KEY")
    session = requests.Session()
    session.trust_env = False  # else ~/.netrc would add a login of its own
    # a session's settings come before the client's
    session.verify = certificates or True
    session.cert = own if all(own) else None
    session.proxies.update(requests.utils.get_environ_proxies(url))
    client = hvac.Client(
        url,
        token=token(environ),
        timeout=SECONDS,
        allow_redirects=False,
        session=session,
        namespace=setting(environ, "NAMESPACE") or None,
    )
    if not client.token and (role := approle(environ)):
        client.auth.approle.login(*role)
    return client
