"""Azure's client: its requests are those of Azure's own SDK, which also reads what the double answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checks.model.secret import Secret
from guides.registries.api import Forbidden, NotSent, NotUnderstood, RateLimited, ServerFailed, Unauthorised
from guides.registries.azure import UNPROVEN, VERSION, AcrRegistry, Azure
from guides.registries.network import CutOff, Network
from tests.services.azure_double import AzureDouble
from tests.services.double import Asked, Exchange, Fault
from tests.services.require import missing

ENDS = datetime.datetime(2027, 3, 1, tzinfo=datetime.UTC)


@pytest.fixture
def azure() -> Iterator[AzureDouble]:
    with AzureDouble("acme") as double:
        yield double


@pytest.fixture
def client(azure: AzureDouble, tmp_path: Path) -> Azure:
    return Azure(Network({}, tmp_path, tmp_path), lambda seconds: None, azure.base_url)


@pytest.fixture
def registry(azure: AzureDouble) -> AcrRegistry:
    return AcrRegistry.of(azure.resource)


def sdk(azure: AzureDouble, login: Secret) -> Any:
    """Azure's own client, at the double."""
    try:
        from azure.core.pipeline.policies import HeadersPolicy
        from azure.mgmt.containerregistry import ContainerRegistryManagementClient
    except ImportError:
        missing("azure-mgmt-containerregistry is not installed: it belongs to the extra `test`")
    headers = HeadersPolicy({"Authorization": f"Bearer {login.reveal()}"})
    return ContainerRegistryManagementClient(
        object(),  # type: ignore[arg-type]  the login stands in the header: its own policy refuses plain http
        "0f1e2d3c",
        base_url=azure.base_url,
        authentication_policy=headers,  # type: ignore[arg-type]
        polling_interval=0,
    )


def test_its_requests_are_those_of_the_sdk(azure: AzureDouble, client: Azure, registry: AcrRegistry) -> None:
    """Method, path, version and body, call by call; and the SDK understands every answer of the double."""
    login, seen = azure.login(), list[tuple[Any, ...]]()
    azure.watch = lambda exchange: seen.append(_request(exchange))
    azure.issue("ci"), azure.issue("cd")
    real, where = sdk(azure, login), ("acme", "acme")

    held = real.registries.list_credentials(*where)
    assert held.username == "acme" and [one.name for one in held.passwords] == ["password", "password2"]
    assert real.registries.regenerate_credential(*where, {"name": "password2"}).passwords[1].value
    found = real.tokens.get(*where, "ci")
    assert found.properties.status == "enabled" and found.properties.credentials.passwords[0].creation_time
    order = {"tokenId": found.id, "name": "password2", "expiry": "2027-03-01T00:00:00Z"}
    assert real.registries.begin_generate_credentials(*where, order).result().passwords[0].value
    slots = [{"name": one.name, "creationTime": one["creationTime"]} for one in found.properties.credentials.passwords]
    real.tokens.begin_update(*where, "ci", {"properties": {"credentials": {"passwords": slots}}}).result()
    theirs = [*seen]
    seen.clear()

    client.passwords(login, registry).perform()
    client.regenerate(login, registry, "password2", final=False).perform()
    token = client.token(login, registry, "cd")
    client.generate(login, registry, token, "password2", ENDS).perform()
    client.drop(login, registry, client.token(login, registry, "cd"), "password2").perform()
    ours = [tuple(_with_name(part) for part in one) for one in seen]
    wanted = [tuple(_with_name(part) for part in one) for one in theirs]
    assert all(one in wanted for one in ours), [one for one in ours if one not in wanted]
    assert {one[0:2] for one in wanted} == {one[0:2] for one in ours}


def _request(exchange: Exchange) -> tuple[Any, ...]:
    asked: Asked = exchange.asked
    return asked.method, asked.path, asked.query, asked.body


def _with_name(part: Any) -> Any:
    """`ci` and `cd` are the same call; the times are the double's own."""
    if isinstance(part, str):
        return part.replace("/tokens/cd", "/tokens/ci")
    if isinstance(part, dict):
        return {name: "time" if name == "creationTime" else _with_name(held) for name, held in part.items()}
    return [_with_name(held) for held in part] if isinstance(part, list) else part


@pytest.mark.parametrize("slow", [False, True])
def test_the_other_password_first(azure: AzureDouble, client: Azure, registry: AcrRegistry, slow: bool) -> None:
    azure.slow = slow
    login, made = azure.login(), azure.issue("ci")
    old = made.passwords["password1"]
    token = client.token(login, registry, "ci")
    with pytest.raises(NotSent, match="would end at once"):
        client.generate(login, registry, token, "password1", ENDS)
    with pytest.raises(NotSent, match="no second password"):
        client.drop(login, registry, token, "password1")
    call = client.generate(login, registry, token, "password2", ENDS)
    assert "stays as it is" in call.shown and list(made.passwords) == ["password1"]
    new = call.perform()
    assert azure.enter("ci", old) and azure.enter("ci", new.reveal())
    ending = client.drop(login, registry, client.token(login, registry, "ci"), "password1")
    assert ending.final
    ending.perform()
    assert not azure.enter("ci", old) and azure.enter("ci", new.reveal())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("status", 429, {"Retry-After": "7"}, {}), RateLimited),
        (Fault("status", 503, content={}), ServerFailed),
        (Fault("html", 200), NotUnderstood),
        (Fault("half"), NotUnderstood),
        (Fault("lost"), CutOff),
        (Fault("status", 202, {"Location": "http://127.0.0.1:9/elsewhere"}), NotUnderstood),
        (Fault("status", 200, content={"passwords": []}), NotUnderstood),
    ],
    ids=["limit", "down", "page", "half", "lost", "another-host", "nothing"],
)
def test_the_fault_table(
    azure: AzureDouble, client: Azure, registry: AcrRegistry, fault: Fault, error: type[Exception]
) -> None:
    login = azure.login()
    azure.issue("ci")
    call = client.generate(login, registry, client.token(login, registry, "ci"), "password2", None)
    azure.fail(fault, "POST")
    with pytest.raises(error) as caught:
        call.perform()
    assert type(caught.value) is error
    assert len([one for one in azure.log if one.method == "POST"]) == 1


def test_a_login_that_is_too_weak_or_over(azure: AzureDouble, client: Azure, registry: AcrRegistry) -> None:
    azure.issue("ci")
    with pytest.raises(Forbidden, match="Contributor"):
        client.passwords(azure.login(reads_only=True), registry).perform()
    with pytest.raises(Unauthorised, match="get-access-token"):
        client.token(Secret("eyJgone"), registry, "ci")


@pytest.mark.parametrize("text", ["", "acme", "/subscriptions/a/resourceGroups/b", "https://portal.azure.com/x"])
def test_what_is_no_registry(text: str) -> None:
    with pytest.raises(NotSent, match="az acr show"):
        AcrRegistry.of(text)


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in UNPROVEN.values()) and VERSION == "2025-11-01"
