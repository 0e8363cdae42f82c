"""The docker SDK's transports on a session that reads nothing of this machine's settings."""

from __future__ import annotations

from docker import APIClient
from docker.constants import DEFAULT_NUM_POOLS
from docker.tls import TLSConfig
from docker.transport import UnixHTTPAdapter

from checks.engine.contexts import Tls
from checks.engine.endpoints import Endpoint

_SECONDS = 60
"""For whoever names no limit."""


class Session(APIClient):
    """The SDK's own constructor reads the logins of `config.json`, and raises where one of them is damaged."""

    def __init__(self, endpoint: Endpoint) -> None:
        super(APIClient, self).__init__()
        self.trust_env = False  # no proxy, and no password of ~/.netrc for "localhost"
        if endpoint.socket:
            adapter = UnixHTTPAdapter(f"http+unix://{endpoint.socket}", _SECONDS, DEFAULT_NUM_POOLS)
            self.mount("http+docker://", adapter)
            self.base_url = "http+docker://localhost"
        else:
            host = endpoint.url.partition("://")[2]
            self.base_url = f"{'https' if endpoint.tls else 'http'}://{host}"
        if endpoint.tls:
            _config(endpoint.tls).configure_client(self)


def _config(tls: Tls) -> TLSConfig:
    """Raises the SDK's TLSParameterError where a key is missing."""
    ca, cert, key = (str(tls.folder / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    pair = (cert, key) if (tls.folder / "cert.pem").exists() else None
    return TLSConfig(client_cert=pair, ca_cert=ca if (tls.folder / "ca.pem").exists() else None, verify=tls.verify)
