"""How one comes in at a demo registry: Basic authentication, or tokens from its own /token endpoint."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from checks.model.secret import Secret
from guides.demo.accounts import LIFETIME, Pass
from guides.demo.contents import Refused
from guides.demo.exchange import Answer, Exchange, form_fields, json_answer

LARGEST_FORM = 64 * 1024
NOBODY = Pass("")


class SignIn(Exchange):
    """The part of an exchange that knows users and tokens."""

    def admit(self, repository: str = "", *actions: str) -> None:
        """Lets the request in, or refuses it with the challenge that tells a client how to come in."""
        if self.registry.scheme == "basic":
            holder, challenge = self._by_basic(), 'Basic realm="dockhygiene demo"'
        else:
            holder = self._by_bearer()
            challenge = f'Bearer realm="{self.registry.realm}",service="{self.registry.host}"'
            if repository:
                challenge += f',scope="repository:{repository}:{",".join(actions)}"'
            if holder and not all(holder.allows(repository, action) for action in actions):
                holder, challenge = None, challenge + ',error="insufficient_scope"'
        if holder is None or not holder.name:
            raise Refused(401, "UNAUTHORIZED", "authentication required", (("WWW-Authenticate", challenge),))
        self.user = holder.name

    def token(self, query: Mapping[str, list[str]]) -> Answer:
        """GET with Basic authentication or none, POST with an OAuth2 form."""
        if self.command == "POST" and self.registry.oauth2:
            try:
                return self._by_grant(form_fields(self.body(LARGEST_FORM).decode()))
            except UnicodeDecodeError:
                return json_answer(400, {"error": "invalid_request"})
        if self.command != "GET":
            return json_answer(404, {"error": "not_found"})
        holder = self._by_basic() if self.headers.get("Authorization") else NOBODY
        if holder is None:
            return json_answer(401, {"details": "incorrect username or password"})
        return self._issue(holder, query, offline=_first(query, "offline_token") == "true")

    def _by_grant(self, form: Mapping[str, list[str]]) -> Answer:
        accounts = self.registry.accounts
        match _first(form, "grant_type"):
            case "refresh_token":
                known = _first(form, "refresh_token")
                holder = accounts.by_identity(Secret(known))
                if holder is None:
                    return json_answer(400, {"error": "invalid_grant"})
                return self._issue(holder, form, refresh_token=known)
            case "password":
                holder = accounts.by_password(_first(form, "username"), Secret(_first(form, "password")))
                if holder is None:
                    return json_answer(401, {"error": "invalid_grant"})
                return self._issue(holder, form, offline=_first(form, "access_type") == "offline")
        return json_answer(400, {"error": "unsupported_grant_type"})

    def _issue(
        self, holder: Pass, fields: Mapping[str, list[str]], *, offline: bool = False, refresh_token: str = ""
    ) -> Answer:
        self.user = holder.name
        scopes = [scope for value in fields.get("scope", []) for scope in value.split()]
        token = self.registry.accounts.issue_access(holder, scopes)
        content = {"token": token, "access_token": token, "expires_in": LIFETIME, "scope": " ".join(scopes)}
        if offline and holder.name and self.registry.offline_tokens:
            refresh_token = self.registry.accounts.issue_identity(holder)
        if refresh_token:
            content["refresh_token"] = refresh_token
        return json_answer(200, content)

    def _by_basic(self) -> Pass | None:
        try:
            name, _, password = base64.b64decode(self._authorization("basic"), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return self.registry.accounts.by_password(name, Secret(password))

    def _by_bearer(self) -> Pass | None:
        return self.registry.accounts.by_access(Secret(self._authorization("bearer")))

    def _authorization(self, scheme: str) -> str:
        given, _, value = self.headers.get("Authorization", "").partition(" ")
        return value if given.lower() == scheme else ""


def _first(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0]
