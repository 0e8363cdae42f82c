"""A double of IBM Cloud's IAM: API keys of users, the tokens that they sign in for, and the registry."""

from __future__ import annotations

import itertools
from typing import Any

from tests.services.double import Asked, Told, fake_jwt, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

ACCOUNT = "a1b2c3"


class IbmDouble(ProviderDouble):
    """Keys by id, as the API describes them; a user manages the own keys."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, dict[str, Any]] = {}
        self.values: dict[str, str] = {}
        self.sessions: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self.registry = RegistryDouble(self.enter, service="registry")

    def issue(self, user: str = "IBMid-1", name: str = "laptop") -> str:
        """An API key; its id."""
        made = f"ApiKey-{next(self._numbers):08}"
        told: dict[str, Any] = {"id": made, "name": name, "iam_id": user, "account_id": ACCOUNT, "apikey": ""}
        told |= {"crn": f"crn:v1:bluemix:public:iam-identity::a/{ACCOUNT}::apikey:{made}", "created_by": user}
        self.keys[made] = told | {"locked": False, "disabled": False, "created_at": self.moment()}
        self.values[made] = token("", 44)
        return made

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            found = self._of(password)
            return frozenset({"pull"}) if user == "iamapikey" and found and not self.keys[found]["disabled"] else None

    def _of(self, value: str) -> str | None:
        return next((one for one in self.keys if self.values[one] == value), None)

    def answer(self, asked: Asked) -> Told:
        if asked.path == "/identity/token":
            return self._token(asked)
        user = self.sessions.get(asked.bearer)
        if user is None:
            return _refused(401, "BXNIM0308E")
        if asked.path == "/v1/apikeys":
            made = self.issue(asked.body["iam_id"], asked.body["name"])
            self.keys[made]["action_when_leaked"] = asked.body.get("action_when_leaked", "none")
            return Told(201, {**self.keys[made], "apikey": self.values[made]})
        parts = asked.path.removeprefix("/v1/apikeys/").split("/")
        found = self._of(asked.headers.get("IAM-ApiKey") or "") if parts[0] == "details" else parts[0]
        if found not in self.keys:
            return _refused(404, "BXNIM0145E")
        if self.keys[found]["iam_id"] != user:
            return _refused(403, "BXNIM0513E")
        return self._one(asked, found, parts[1:])

    def _token(self, asked: Asked) -> Told:
        found = self._of(asked.body["apikey"])
        if found is None or self.keys[found]["disabled"]:
            return _refused(400, "BXNIM0415E")
        now = int(self.now().timestamp())
        value = fake_jwt({"iam_id": self.keys[found]["iam_id"], "iat": now, "exp": now + 3600})
        self.sessions[value] = self.keys[found]["iam_id"]
        told = {"access_token": value, "refresh_token": "not_supported", "token_type": "Bearer", "expires_in": 3600}
        return Told(200, {**told, "expiration": now + 3600, "scope": "ibm openid"})

    def _one(self, asked: Asked, found: str, rest: list[str]) -> Told:
        if asked.method == "GET":
            used = {"activity": {"last_authn": "2026-11-24T09:00+0000", "authn_count": 3}}
            return Told(200, self.keys[found] | (used if asked.query.get("include_activity") else {}))
        if self.keys[found]["locked"]:
            return _refused(409, "BXNIM0445E")
        if rest:
            self.keys[found]["disabled"] = asked.method == "POST"
        else:
            del self.keys[found]
        return Told(204)


def _refused(status: int, code: str) -> Told:
    return Told(status, {"errorCode": code, "errorMessage": f"refused ({code})"})
