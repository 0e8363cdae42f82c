"""GitHub's API, as far as a credential of ghcr.io needs it: whose it is, what it may, and revoking it.

Source: GitHub's OpenAPI description (npm package @octokit/openapi 23.0.2), against which the tests hold every request;
github/docs for the two headers and for the hash in the audit log. No endpoint makes a personal access token.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import Api, Call, NotSent, Response, bearer
from guides.registries.network import Network
from guides.registries.trouble import Forbidden

GITHUB = "https://api.github.com"
VERSION = "2022-11-28"
REVOCABLE = {
    "ghp_": "personal access token (classic)",
    "github_pat_": "fine-grained personal access token",
    "gho_": "OAuth app token, such as the gh command's",
    "ghu_": "user token of a GitHub App",
    "ghr_": "refresh token of a GitHub App",
}
"""Kinds that the revoke endpoint takes. `ghs_`, the GITHUB_TOKEN of a workflow, ends with its job."""
MOST_REVOKED = 1000

UNPROVEN: Mapping[str, str] = {
    "expiry-header": "the header github-authentication-token-expiration: in use everywhere, in no description",
    "packages-refusal": "the status for a token without read:packages: the description names 200 and 400 only",
    "revoke-delay": "how long a revocation takes: the answer 202 says that it has begun",
    "ghcr-refusal": "how ghcr.io's token endpoint answers a login that is refused",
}
"""What the official description does not say, by name; docs/provider-clients.md tells what follows."""

_HINTS = {403: "too many wrong logins lock an address out for a while, a right login too: try again later"}


class NotRevocable(NotSent):
    """Nothing was sent: the endpoint does not take this kind of token."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is. `scopes` of a classic token; None where GitHub names none, as for a fine-grained one."""

    login: str
    scopes: tuple[str, ...] | None
    expires_at: datetime.datetime | None


class GitHub:
    """Raises ApiError and NetworkFailure throughout. Every question sends the token to `host`."""

    def __init__(self, network: Network, base_url: str = GITHUB) -> None:
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": VERSION}
        self._api = Api(network, base_url, headers=headers)

    @property
    def host(self) -> str:
        return self._api.host

    def whoami(self, token: Secret) -> Identity:
        """Raises Unauthorised for a dead token."""
        answer = self._api.ask("/user", login=bearer(token), hints=_HINTS)
        return Identity(answer.fields().text("login"), _scopes(answer), _expiry(answer))

    def packages_readable(self, token: Secret) -> bool:
        """Whether it may list the user's container packages, which takes read:packages."""
        query = {"package_type": "container", "per_page": "1"}
        try:
            self._api.ask("/user/packages", login=bearer(token), query=query).items()
        except Forbidden:
            return False
        return True

    def is_dead(self, token: Secret) -> bool:
        """True for a 401, False for an accepted one. A 403 is neither, and raises: it may be a lock-out."""
        answer = self._api.ask("/user", login=bearer(token), expect=(200, 401), hints=_HINTS)
        answer.fields()  # a 401 that is none of GitHub's own proves nothing
        return answer.status == 401

    def revoke(self, tokens: Sequence[Secret]) -> Call[None]:
        """Ends these tokens for good, whoever has them. Without a login: with one the answer is 403.

        The endpoint takes 60 requests an hour from an address. What it accepts (202) is done a little later: ask
        `is_dead` until it is. Raises NotRevocable, before anything is sent.
        """
        if not 0 < len(tokens) <= MOST_REVOKED:
            raise NotRevocable(f"{len(tokens)} tokens: nothing was sent; GitHub takes 1 to {MOST_REVOKED} at once")
        for token in tokens:
            if not _is_revocable(token):
                raise NotRevocable(
                    f"{token.masked} is no kind that GitHub revokes this way: nothing was sent; use the web page"
                )
        named = tuple(token.masked for token in tokens)
        return self._api.call(
            "POST",
            "/credentials/revoke",
            effect=f"revokes {', '.join(named[:5])}{' ...' if len(named) > 5 else ''} for good: nobody can undo it, "
            "it happens within moments, and GitHub tells the owner",
            read=lambda answer: None,
            expect=(202,),
            sends=named,
            final=True,
            body={"credentials": list(tokens)},
            hints={422: "one of them is no token that GitHub knows the form of: check what was found"},
        )


def audit_search(token: Secret) -> str:
    """What to search an organisation's audit log for, to see what this token did; made here, nothing is sent.

    It is the base64 of the token's SHA-256, as github/docs describes. Only for GitHub's own long random tokens: of
    anything that can be guessed a bare hash would give it away. Raises NotRevocable for others.
    """
    if not _is_revocable(token):
        raise NotRevocable(f"{token.masked} is no token of GitHub's: its hash is not computed")
    digest = hashlib.sha256(token.reveal().encode()).digest()
    return f'hashed_token:"{base64.b64encode(digest).decode()}"'


def _is_revocable(token: Secret) -> bool:
    return token.form is not None and token.form.prefix in REVOCABLE


def _scopes(answer: Response) -> tuple[str, ...] | None:
    given = answer.answer.headers.get("X-OAuth-Scopes")
    return None if given is None else tuple(printable(one.strip()) for one in given.split(",") if one.strip())


def _expiry(answer: Response) -> datetime.datetime | None:
    """From `2026-12-31 10:00:00 UTC` or with an offset; None where it never ends, or is written in another way."""
    given = answer.answer.header("github-authentication-token-expiration").replace(" UTC", " +0000")
    try:
        return datetime.datetime.strptime(given, "%Y-%m-%d %H:%M:%S %z").astimezone(datetime.UTC) if given else None
    except ValueError:
        return None
