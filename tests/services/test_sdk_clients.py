"""The official SDKs talk to our doubles of Scaleway and IBM Cloud, so that the doubles answer as their models want it.

What the SDKs send is held against the same facts as what our clients send.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.services.contracts import Facts, Watcher
from tests.services.ibm_double import ACCOUNT, IbmDouble
from tests.services.registry_double import ProviderDouble
from tests.services.scaleway_double import ORGANISATION, ScalewayDouble


@contextmanager
def watched(double: ProviderDouble, name: str) -> Iterator[None]:
    watcher = Watcher(Facts(name))
    double.watch = watcher.see
    with double:
        yield
    assert watcher.complaints == []
    assert watcher.seen


def test_scaleways_sdk() -> None:
    from scaleway import Client
    from scaleway.iam.v1alpha1 import IamV1Alpha1API

    double = ScalewayDouble()
    with watched(double, "scaleway"):
        manager = double.issue("admin", manages=True)
        client = Client(
            access_key=manager,
            secret_key=double.values[manager],
            api_url=double.base_url,
            default_organization_id=ORGANISATION,
        )
        api = IamV1Alpha1API(client)
        made = api.create_api_key(description="ci", application_id="app", default_project_id=ORGANISATION)
        assert double.registry.enter("nologin", made.secret_key or "") == {"pull"}
        told = api.get_api_key(access_key=made.access_key)
        assert (told.application_id, told.description, told.secret_key) == ("app", "ci", None)
        assert told.created_at and told.creation_ip
        (entry,) = api.list_logs(search="app").logs
        assert entry.resource_id == made.access_key and entry.created_at
        api.delete_api_key(access_key=made.access_key)
        assert made.access_key not in double.keys
    _all_fields(told, "scaleway", "ApiKey")
    _all_fields(entry, "scaleway", "Entry")


def test_ibms_sdk() -> None:
    from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
    from ibm_platform_services import IamIdentityV1

    double = IbmDouble()
    with watched(double, "ibm"):
        manager = double.issue()
        sdk = IamIdentityV1(authenticator=IAMAuthenticator(double.values[manager], url=double.base_url))
        sdk.set_service_url(double.base_url)
        made = sdk.create_api_key(name="ci", iam_id="IBMid-1", account_id=ACCOUNT).get_result()
        assert double.registry.enter("iamapikey", made["apikey"]) == {"pull"}
        found = sdk.get_api_keys_details(iam_api_key=made["apikey"]).get_result()
        assert found["id"] == made["id"]
        _model(found)
        _model(sdk.get_api_key(id=made["id"], include_activity=True).get_result())
        sdk.disable_api_key(id=made["id"])
        assert double.registry.enter("iamapikey", made["apikey"]) is None
        sdk.enable_api_key(id=made["id"])
        assert double.registry.enter("iamapikey", made["apikey"]) == {"pull"}
        sdk.delete_api_key(id=made["id"])
        assert made["id"] not in double.keys


def _all_fields(told: Any, name: str, shape: str) -> None:
    """The facts name the fields of the SDK's model, no more and no fewer."""
    assert set(Facts(name).shapes[shape]) == set(vars(told))


def _model(told: dict[str, Any]) -> None:
    """Nothing is missing for the SDK's model, and nothing is in it that the model does not know."""
    from ibm_platform_services.iam_identity_v1 import ApiKey

    assert set(ApiKey.from_dict(told).to_dict()) == set(told)
