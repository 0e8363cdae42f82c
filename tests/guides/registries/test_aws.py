"""Amazon's client against moto's server over HTTP, with signatures and policies checked; and what moto cannot do."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.model.secret import Secret
from guides.registries import aws_wire
from guides.registries.api import (
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    NotSent,
    NotUnderstood,
    RateLimited,
    ServerFailed,
    Unauthorised,
)
from guides.registries.aws import UNPROVEN, Aws
from guides.registries.aws_errors import ClockWrong, KeyUnknown
from guides.registries.aws_wire import AwsKey, SdkMissing, Wire, endpoint
from guides.registries.network import CutOff, Network, PlainHttpRefused, Unreachable
from tests.services.moto_server import ECR_PASSWORD_END, AwsDouble, AwsFault, IamUser, aws_double

REGION = "eu-west-1"
NOW = datetime.datetime(2027, 1, 15, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[AwsDouble]:
    with aws_double() as double:
        yield double


@pytest.fixture
def amazon(server: AwsDouble) -> AwsDouble:
    server.reset()
    return server


@pytest.fixture
def client(amazon: AwsDouble, tmp_path: Path) -> Aws:
    return Aws(Wire(Network({}, tmp_path, tmp_path), amazon.url), REGION)


@pytest.fixture
def ci(amazon: AwsDouble) -> IamUser:
    return amazon.user("ci")


def key(user: IamUser) -> AwsKey:
    return AwsKey(user.id, user.secret)


def test_the_life_of_a_key(client: Aws, amazon: AwsDouble, ci: IamUser) -> None:
    """The second one first; then off, then deleted; the old one is then unknown, the new one is not."""
    old = key(ci)
    who = client.whose(old)
    assert (who.user, who.account) == ("ci", "123456789012")
    assert client.refuses_strangers()
    making = client.create_key(old, "ci")
    assert "CreateAccessKey" not in amazon.operations(), "describing a call sends nothing"
    assert making.operation == "CreateAccessKey" and "stays as it is" in making.shown and not making.final
    made = making.perform()
    new = AwsKey(made.id, made.secret)
    assert client.whose(new).user == "ci"
    assert client.registry_token(new).secret == Secret(f"123456789012{ECR_PASSWORD_END}")
    assert client.last_use(new, old.id).user == "ci"
    assert not client.quarantined(new, "ci")
    client.set_active(new, "ci", old.id, active=False).perform()
    assert {one.id: one.active for one in client.keys(new, "ci").items} == {old.id: False, new.id: True}
    client.set_active(new, "ci", old.id, active=True).perform()
    ending = client.delete_key(new, "ci", old.id)
    assert ending.final and "for good" in ending.effect
    ending.perform()
    assert client.is_dead(old) and not client.is_dead(new)
    assert {signer for operation, signer in amazon.seen if operation == "DeleteAccessKey"} == {new.id}


def test_no_third_key(client: Aws, ci: IamUser) -> None:
    client.create_key(key(ci), "ci").perform()
    with pytest.raises(Conflict, match="AccessKeysPerUser: 2"):
        client.create_key(key(ci), "ci").perform()


def test_refusals_are_told_apart(client: Aws, amazon: AwsDouble, ci: IamUser) -> None:
    """By moto itself: a wrong secret, a right that lacks, a key that is not there."""
    with pytest.raises(Unauthorised, match="not the one of this key id") as wrong:
        client.whose(replace(key(ci), secret=Secret("x" * 40)))
    assert not isinstance(wrong.value, KeyUnknown), "a wrong secret is no dead key"
    weak = amazon.user("weak", ("ecr:GetAuthorizationToken",))
    with pytest.raises(Forbidden):
        client.keys(key(weak), "weak")
    assert client.registry_token(key(weak)).registry.endswith(f".dkr.ecr.{REGION}.amazonaws.com")
    with pytest.raises(Missing):
        client.delete_key(key(ci), "ci", "AKIA" + "A" * 16).perform()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (AwsFault(400, "Throttling", "Rate exceeded"), RateLimited),
        (AwsFault(403, "AccessDenied", "not authorized to perform"), Forbidden),
        (AwsFault(403, "InvalidClientTokenId", "The security token is invalid"), KeyUnknown),
        (AwsFault(403, "ExpiredToken", "The security token has expired"), Unauthorised),
        (AwsFault(403, "SignatureDoesNotMatch", "Signature expired: 2026 is now earlier than 2027"), ClockWrong),
        (AwsFault(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region."), Unauthorised),
        (AwsFault(400, "RequestExpired", "Request has expired"), ClockWrong),
        (AwsFault(409, "LimitExceeded", "two keys"), Conflict),
        (AwsFault(400, "ValidationError", "no such value"), Invalid),
        (AwsFault(503, "ServiceUnavailable", "later"), ServerFailed),
        (AwsFault(502, body=b"<html><body>Bad gateway</body></html>"), ServerFailed),
        (AwsFault(403, body=b"<html><body>Please sign in to this network</body></html>"), NotUnderstood),
        (AwsFault(200, body=b"<html><body>Please sign in to this network</body></html>"), NotUnderstood),
        (AwsFault(200, body=b"{}"), NotUnderstood),
        (AwsFault(403, body=b'{"message": "no"}'), NotUnderstood),
        (AwsFault(302, body=b""), NotUnderstood),
        (AwsFault(after=True), CutOff),
    ],
    ids=lambda value: (
        f"{value.status}-{value.code or ('cut' if value.after else 'odd')}"
        if hasattr(value, "code")
        else value.__name__
    ),
)
def test_the_fault_table(client: Aws, amazon: AwsDouble, ci: IamUser, fault: AwsFault, error: type[Exception]) -> None:
    """Each asks for something else of the person, nothing is tried twice, and only one of them is a dead key."""
    amazon.faults.append(fault)
    with pytest.raises(error) as caught:
        client.whose(key(ci))
    assert type(caught.value) is error
    assert len(amazon.seen) == 1
    assert ci.secret.reveal() not in str(caught.value)


def test_a_failed_change_says_that_it_may_be_done(client: Aws, amazon: AwsDouble, ci: IamUser) -> None:
    amazon.faults.append(AwsFault(500, "ServiceFailure", "oops"))
    with pytest.raises(ServerFailed, match="whether it was done is not known"):
        client.create_key(key(ci), "ci").perform()


def test_events_are_asked_page_by_page_and_slowly(client: Aws, amazon: AwsDouble, ci: IamUser) -> None:
    """The answers are written by hand, in the form that the SDK's own model reads: moto knows no events."""
    detail = json.dumps({"sourceIPAddress": "203.0.113.9"})
    event = {"EventName": "BatchGetImage", "EventSource": "ecr.amazonaws.com", "EventTime": 1_800_000_000.0}
    amazon.pages += [
        {"Events": [{**event, "Username": "ci", "CloudTrailEvent": detail}], "NextToken": "more"},
        {"Events": [{**event, "CloudTrailEvent": "{cut"}]},
    ]
    waited: list[float] = []
    found = client.events(key(ci), ci.id, NOW, waited.append)
    assert found.complete and [one.name for one in found.items] == ["BatchGetImage"] * 2
    assert [one.address for one in found.items] == ["203.0.113.9", ""]
    assert waited == [0.5], "two questions a second"
    first, second = amazon.bodies
    assert first["LookupAttributes"] == [{"AttributeKey": "AccessKeyId", "AttributeValue": ci.id}]
    assert second["NextToken"] == "more"
    assert first["EndTime"] - first["StartTime"] == 90 * 86400
    amazon.pages[:] = [{"Events": [event], "NextToken": "more"}]
    assert not client.events(key(ci), ci.id, NOW, waited.append).complete


def test_the_endpoints_are_those_that_amazon_publishes() -> None:
    from botocore.loaders import Loader

    folder = str(Path(sys.modules["botocore"].__file__ or "").parent / "data")
    published = Loader(extra_search_paths=[folder], include_default_search_paths=False).load_data("endpoints")
    checked = 0
    for world in published["partitions"]:
        if world["partition"] not in ("aws", "aws-cn", "aws-us-gov"):
            continue
        for region in world["regions"]:
            for service, name in (("ecr", "api.ecr"), ("cloudtrail", "cloudtrail"), ("iam", "iam"), ("sts", "sts")):
                assert endpoint(service, region) == _published(world, name, service, region), (service, region)
                checked += 1
    assert checked > 100


def _published(world: dict[str, Any], name: str, service: str, region: str) -> tuple[str, str]:
    known = world["services"][name]
    if service == "iam":
        found = known["endpoints"][known["partitionEndpoint"]]
        return found["hostname"], found["credentialScope"]["region"]
    home = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[world["partition"]]
    place = home if service == "sts" else region
    own = known["endpoints"].get(place, {})
    pattern = own.get("hostname") or known.get("defaults", world["defaults"]).get(
        "hostname", world["defaults"]["hostname"]
    )
    host = pattern.format(service=name, region=place, dnsSuffix=world["dnsSuffix"])
    return host, own.get("credentialScope", {}).get("region", place)


@pytest.mark.parametrize("region", ["", "eu-west-1.example.com", "EU-WEST-1", "a/b", "x@y-1"])
def test_a_region_cannot_name_another_host(region: str) -> None:
    with pytest.raises(NotSent):
        endpoint("ecr", region)


@pytest.mark.parametrize("change", [{"id": "A B"}, {"secret": Secret("a\nb")}, {"secret": Secret("")}])
def test_what_no_signature_can_carry_is_not_sent(
    client: Aws, amazon: AwsDouble, ci: IamUser, change: dict[str, Any]
) -> None:
    with pytest.raises(NotSent):
        client.whose(replace(key(ci), **change))
    assert not amazon.seen


def test_only_our_own_network_is_used(tmp_path: Path, ci: IamUser, monkeypatch: pytest.MonkeyPatch) -> None:
    """No environment, no configuration file, no metadata: what these name is not looked at."""
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_PROFILE": "nobody",
        "AWS_CONFIG_FILE": str(tmp_path / "broken"),
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_DATA_PATH": "/nowhere",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "broken").write_text("no configuration")
    demo = Network({}, tmp_path, tmp_path, local_only=True)
    with pytest.raises(Exception, match="not on this machine"):
        Aws(Wire(demo), REGION).whose(key(ci))
    with pytest.raises(PlainHttpRefused):
        Aws(Wire(Network({}, tmp_path, tmp_path), "http://aws.example.com"), REGION).whose(key(ci))
    with pytest.raises(Unreachable):
        Aws(Wire(Network({}, tmp_path, tmp_path), "http://127.0.0.1:9"), REGION).whose(key(ci))


def test_the_secret_is_in_no_repr(client: Aws, ci: IamUser) -> None:
    made = client.create_key(key(ci), "ci")
    for shown in (repr(key(ci)), repr(made), made.shown, repr(made.perform())):
        assert ci.secret.reveal() not in shown


def test_without_the_extra_it_says_what_to_install(client: Aws, ci: IamUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore", None)
    aws_wire._sdk.cache_clear()
    try:
        with pytest.raises(SdkMissing, match=r"pip install 'dockhygiene\[aws\]'"):
            client.whose(key(ci))
    finally:
        aws_wire._sdk.cache_clear()


def test_importing_it_loads_no_sdk() -> None:
    code = "import sys, guides.steps.catalog; sys.exit(any(name.startswith('boto') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_unproven_is_named() -> None:
    assert all(len(reason) > 20 for reason in UNPROVEN.values())
