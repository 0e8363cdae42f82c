"""A small real registry on loopback: docker and skopeo log in, push and pull. In memory, it ends with the demo."""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

from checks.model.secret import Secret
from guides.demo.accounts import Accounts, Pass
from guides.demo.contents import Contents
from guides.demo.distribution import Distribution

Scheme = Literal["basic", "token"]
REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that was answered: enough to show who used a credential, and nothing secret."""

    method: str
    path: str
    user: str
    status: int


class DemoRegistry:
    """`users` may push and pull. With the scheme "token" a docker login gets an identity token.

    `oauth2` off: POST /token answers 404, as older registries do. `offline_tokens` off: no identity tokens.
    """

    def __init__(
        self,
        users: Mapping[str, Secret] | Accounts,
        scheme: Scheme = "basic",
        *,
        oauth2: bool = True,
        offline_tokens: bool = True,
    ) -> None:
        self.scheme = scheme
        self.oauth2 = oauth2
        self.offline_tokens = offline_tokens
        self.accounts = users if isinstance(users, Accounts) else Accounts(users)
        self.contents = Contents()
        self.asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self.broken: deque[str] = deque(maxlen=REMEMBERED)  # kinds of errors in our own code, for tests
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._port = 0

    def __enter__(self) -> DemoRegistry:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Takes a free port of 127.0.0.1. Answers as soon as this returns."""
        self._server = _Server(self)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name=f"demo registry {self._port}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends it and forgets everything it held. A second call does nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None
        self.accounts = Accounts({})
        self.contents = Contents()

    @property
    def host(self) -> str:
        """What docker calls it: `127.0.0.1:PORT`."""
        return f"127.0.0.1:{self._port}"

    @property
    def names(self) -> tuple[str, str]:
        """What a client may write into its Host header."""
        return self.host, f"localhost:{self._port}"

    @property
    def realm(self) -> str:
        return f"http://{self.host}/token"

    def add(self, user: str, password: Secret) -> None:
        """One more password for a user, as a provider's page makes one more access token. Older ones stay good."""
        self.accounts.add(user, password)

    def revoke(self, user: str, password: Secret | None = None) -> None:
        """Ends one password of the user, or all, and the tokens that were given for it."""
        self.accounts.revoke(user, password)

    def issue_identity_token(self, user: str) -> Secret:
        """An identity token as a login would get it, for planting one."""
        return Secret(self.accounts.issue_identity(Pass(user)))

    def revoke_identity_token(self, token: Secret) -> None:
        self.accounts.revoke_identity(token)

    def remember(self, method: str, path: str, user: str, status: int) -> None:
        self.asked.append(Asked(method, path, user, status))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, registry: DemoRegistry) -> None:
        self.registry = registry
        super().__init__(("127.0.0.1", 0), Distribution)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Bound to loopback already; this holds should anybody ever bind it elsewhere."""
        return ipaddress.ip_address(client_address[0]).is_loopback

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The base class prints a traceback over the person's screen. A client that went away is no error."""
        error = sys.exception()
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.registry.broken.append(type(error).__name__)
