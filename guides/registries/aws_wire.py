"""One request to Amazon: signed, written and read by the SDK's own models, sent by our own network.

Only parts of botocore are used that look at nothing but their arguments: no session, so neither `~/.aws`, environment
nor instance metadata is read, and no request is repeated. The secret key signs the request and is never sent itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.registries.api import MOST_BODY
from guides.registries.aws_errors import aws_error
from guides.registries.network import Answer, Network
from guides.registries.trouble import NotSent, NotUnderstood

INSTALL = "pip install 'dockhygiene[aws]', or use Amazon's web page"
_REGION = re.compile(r"[a-z]{2}(?:-(?!iso)[a-z]{2,9}){1,2}-[0-9]{1,2}")
"""Those of the three partitions that ordinary people can reach."""
_NO_VALUE = re.compile(r"[!-~]+")


class SdkMissing(NotSent):
    """The extra `aws` is not installed."""


@dataclass(frozen=True, slots=True)
class AwsKey:
    """An access key: its id, which is no secret, and the secret that signs with it."""

    id: str
    secret: Secret
    session: Secret | None = None
    """The token that belongs to a temporary key."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A separate world of Amazon's. IAM and STS are asked in its first region, which nobody has to switch on: a region
    that is switched off refuses living keys in the words of dead ones."""

    home: str
    suffix: str
    iam: str


_PARTITIONS = {
    "cn-": Partition("cn-north-1", "amazonaws.com.cn", "iam.cn-north-1.amazonaws.com.cn"),
    "us-gov-": Partition("us-gov-west-1", "amazonaws.com", "iam.us-gov.amazonaws.com"),
}
_COMMERCIAL = Partition("us-east-1", "amazonaws.com", "iam.amazonaws.com")


def partition_of(region: str) -> Partition:
    return next((found for prefix, found in _PARTITIONS.items() if region.startswith(prefix)), _COMMERCIAL)


def is_region(text: str) -> bool:
    return bool(_REGION.fullmatch(text))


def endpoint(service: str, region: str) -> tuple[str, str]:
    """Host of a service, and the region that its requests are signed for. Raises NotSent.

    Source: botocore 1.44, endpoints.json; tests/guides/registries/test_aws.py compares every region of it.
    """
    if not is_region(region):
        raise NotSent(f"`{printable(region, 40)}` is no region: nothing was sent; name one like eu-west-1")
    world = partition_of(region)
    if service == "iam":
        return world.iam, world.home
    if service == "sts":
        return f"sts.{world.home}.{world.suffix}", world.home
    return f"{'api.ecr' if service == 'ecr' else service}.{region}.{world.suffix}", region


@dataclass(frozen=True)
class Wire:
    """The way to Amazon's services. `base_url` stands for all of them in a test."""

    network: Network
    base_url: str = ""

    def host(self, service: str, region: str) -> str:
        """Raises NotSent."""
        found, _ = endpoint(service, region)
        return urlsplit(self.base_url).netloc if self.base_url else found

    def ask(self, key: AwsKey, service: str, operation: str, region: str, values: Mapping[str, object]) -> AwsAnswer:
        """Sends once. Raises ApiError and NetworkFailure. Nothing of the answer is kept but what was understood."""
        parts, (host, signed_for) = _sdk(service), endpoint(service, region)
        model = parts.model.operation_model(operation)
        written = parts.serializer.serialize_to_request(dict(values), model)
        base = self.base_url or f"https://{host}"
        url = f"{base}{written['url_path']}"
        signed = _signed(key, written, url, parts.model.signing_name, signed_for)
        headers = {name: _text(value) for name, value in signed.headers.items()}
        answer = self.network.send(signed.method, signed.url, headers=headers, body=signed.body, most_body=MOST_BODY)
        where = f"{printable(urlsplit(base).netloc)} ({service}:{operation})"
        return AwsAnswer(_read(answer, parts, model, where, changes=not operation.startswith(_READING)), where)


_READING = ("Get", "List", "Lookup")


@dataclass(frozen=True, slots=True)
class AwsAnswer:
    """What was answered, as the SDK's model reads it. It may hold a secret, so it never shows in a repr."""

    value: Mapping[str, Any] = field(repr=False)
    where: str


@dataclass(frozen=True, slots=True)
class _Parts:
    model: Any
    serializer: Any
    parser: Any


@cache
def _sdk(service: str) -> _Parts:
    try:
        import botocore
        from botocore.loaders import Loader
        from botocore.model import ServiceModel
        from botocore.parsers import create_parser
        from botocore.serialize import create_serializer
    except ImportError:
        raise SdkMissing(f"Amazon's SDK is not installed: nothing was sent; {INSTALL}") from None
    folder = str(Path(botocore.__file__).parent / "data")
    loader = Loader(extra_search_paths=[folder], include_default_search_paths=False)
    model = ServiceModel(loader.load_service_model(service, "service-2"), service_name=service)
    protocol = model.metadata["protocol"]
    return _Parts(model, create_serializer(protocol, include_validation=True), create_parser(protocol))


def installed() -> bool:
    """Whether the extra is there. Imports nothing of it."""
    from importlib.util import find_spec

    return find_spec("botocore") is not None


def _signed(key: AwsKey, written: Mapping[str, Any], url: str, service: str, region: str) -> Any:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    secret, session = key.secret.reveal(), key.session.reveal() if key.session else None
    if not all(_NO_VALUE.fullmatch(one) for one in (key.id, secret, session or "-")):
        raise NotSent("the key is empty or holds characters that no key has: nothing was sent; enter it again")
    request = AWSRequest(written["method"], url, dict(written["headers"]), written["body"])
    SigV4Auth(Credentials(key.id, secret, session), service, region).add_auth(request)
    return request.prepare()


def _text(value: object) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else str(value)


def _read(answer: Answer, parts: _Parts, model: Any, where: str, *, changes: bool) -> Mapping[str, Any]:
    """The answer's value. Raises ApiError for errors, and for what is none of Amazon's answers."""
    from botocore.parsers import ResponseParserError

    if answer.cut:
        raise NotUnderstood(f"{where} answered with more than {MOST_BODY // 1024} KiB: nothing of it is used")
    response = {"status_code": answer.status, "headers": answer.headers, "body": answer.body}
    try:
        found = parts.parser.parse(response, model.output_shape)
    except (ResponseParserError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = {}
    meta, error = found.get("ResponseMetadata", {}), found.get("Error")
    if answer.status == 200 and not error and (model.output_shape is None or meta.get("RequestId")):
        return dict(found)
    known = error if isinstance(error, Mapping) else {}
    raise aws_error(answer.status, str(known.get("Code", "")), str(known.get("Message", "")), where, changes=changes)
