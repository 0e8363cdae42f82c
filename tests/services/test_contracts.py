"""The contracts notice what they are there for: a check that never complains would prove nothing."""

from __future__ import annotations

from email.message import Message
from typing import Any

import pytest

from tests.services.contracts import Facts, OpenApi, Watcher, github
from tests.services.double import Asked, Exchange, Told

FACTS = ("docker_hub", "gitlab", "harbor", "quay", "jfrog", "scaleway", "ibm", "digitalocean")
TOKEN = {"uuid": "1", "token_label": "x", "is_active": True, "created_at": "now", "scopes": ["repo:read"]}


def exchange(
    method: str,
    path: str,
    told: Told,
    *,
    body: Any = None,
    query: dict[str, list[str]] | None = None,
    login: tuple[str, str] | None = ("Authorization", "Bearer x"),
    fault: bool = False,
) -> Exchange:
    headers = Message()
    if login:
        headers[login[0]] = login[1]
    return Exchange(Asked(method, path, query or {}, headers, body), told, fault)


MAKING = {"token_label": "x", "scopes": ["repo:read"]}
SIGNING_IN = {"username": "a", "password": "b"}


@pytest.mark.parametrize(
    ("one", "complaint"),
    [
        (exchange("POST", "/v2/access-tokens", Told(201, TOKEN), body=MAKING), ""),
        (exchange("POST", "/v2/other", Told(201, TOKEN), body=MAKING), "no such call"),
        (exchange("PUT", "/v2/access-tokens", Told(201, TOKEN), body=MAKING), "no such call"),
        (exchange("POST", "/v2/access-tokens", Told(202, TOKEN), body=MAKING), "status 202"),
        (exchange("POST", "/v2/access-tokens", Told(201, TOKEN), body=MAKING, login=None), "no header"),
        (exchange("POST", "/v2/access-tokens", Told(201, TOKEN), body={**MAKING, "name": "y"}), "['name']"),
        (exchange("POST", "/v2/access-tokens", Told(201, TOKEN), body={"scopes": []}), "required"),
        (exchange("POST", "/v2/access-tokens", Told(201, TOKEN), body={**MAKING, "expires_at": "soon"}), "pattern"),
        (exchange("POST", "/v2/access-tokens", Told(201, {**TOKEN, "is_active": 1}), body=MAKING), "is_active: type"),
        (exchange("POST", "/v2/access-tokens", Told(201, {**TOKEN, "owner": "a"}), body=MAKING), "['owner']"),
        (exchange("GET", "/v2/access-tokens", Told(401, {}), query={"limit": ["1"]}), "query limit"),
        (exchange("GET", "/v2/access-tokens", Told(401, {}), query={"page": ["x"]}), "query page"),
        (exchange("POST", "/v2/users/login", Told(200, {"token": "t"}), body=SIGNING_IN), "a login"),
    ],
)
def test_our_own_form_complains(one: Exchange, complaint: str) -> None:
    said = Facts("docker_hub").complaints(one)
    assert said == [] if not complaint else any(complaint in each for each in said), said


def test_a_fault_is_no_answer_of_the_provider() -> None:
    bad = exchange("POST", "/v2/access-tokens", Told(599, "x"), body={"label": "x"}, fault=True)
    said = Facts("docker_hub").complaints(bad)
    assert said
    assert not any("599" in each for each in said), "but the request still counts"


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_name_their_source_and_day(name: str) -> None:
    facts = Facts(name)
    assert facts.data["source"]
    assert str(facts.data["read"]).startswith("20")
    for call in facts.calls:
        for spec in [call.get("sends"), *call["answers"].values(), *(call.get("beyond") or {}).values()]:
            facts._schema(spec)
        assert not set(call["answers"]) & set(call.get("beyond") or {})


def test_no_call_kills_and_creates_at_once() -> None:
    for name in FACTS:
        assert not [call for call in Facts(name).calls if "rotate" in call["call"]]


@pytest.mark.parametrize(
    ("one", "complaint"),
    [
        (exchange("POST", "/credentials/revoke", Told(202, {}), body={"credentials": ["x"]}), ""),
        (exchange("POST", "/credentials/revoke", Told(202, {}), body={"credentials": []}), "minItems"),
        (exchange("POST", "/credentials/revoke", Told(202, {}), body={"tokens": ["x"]}), "required"),
        (exchange("POST", "/credentials/revoke", Told(204), body={"credentials": ["x"]}), "status 204"),
        (exchange("POST", "/credentials/revoke", Told(422, {"message": "x"}), body={"credentials": ["x"]}), "required"),
        (exchange("GET", "/user", Told(200, {"login": "alice"})), "answer 200"),
        (exchange("GET", "/user/packages", Told(200, [])), "package_type is missing"),
        (exchange("GET", "/user/packages", Told(200, []), query={"package_type": ["oci"]}), "query package_type"),
        (exchange("GET", "/user/packages", Told(200, []), query={"package_type": ["container"]}), ""),
        (exchange("POST", "/user/tokens", Told(201, {})), "no such call"),
    ],
)
def test_githubs_description_complains(one: Exchange, complaint: str) -> None:
    said = github().complaints(one)
    assert said == [] if not complaint else any(complaint in each for each in said), said


def test_no_call_of_github_makes_a_personal_access_token() -> None:
    paths = github().document["paths"]
    assert [path for path, methods in paths.items() if "post" in methods and "personal-access-token" in path] == [
        "/orgs/{org}/personal-access-token-requests",
        "/orgs/{org}/personal-access-token-requests/{pat_request_id}",
        "/orgs/{org}/personal-access-tokens",
        "/orgs/{org}/personal-access-tokens/{pat_id}",
    ], "these four approve and revoke other people's"


def test_a_watcher_collects() -> None:
    document: dict[str, Any] = {"paths": {"/x": {"get": {"responses": {"200": {}}}}}}
    watcher = Watcher(OpenApi(document), beyond=frozenset({("GET", "/x", 403)}))
    for status in (200, 403):
        watcher.see(exchange("GET", "/x", Told(status)))
    assert watcher.complaints == []
    watcher.see(exchange("GET", "/x", Told(404)))
    assert watcher.complaints == ["GET /x: status 404 is not described"]
    assert watcher.seen == {("GET", "/x", 200), ("GET", "/x", 403), ("GET", "/x", 404)}
