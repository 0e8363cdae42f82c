"""A key whose form says nothing is known by the name beside it."""

from __future__ import annotations

import pytest

from checks.model.credential import group
from checks.model.finding import Confidence, Finding, Place, Severity
from checks.model.secret import FingerprintKey, Secret
from tests.services.aws_keys import aws_secret


@pytest.mark.parametrize(
    ("locator", "username", "length", "kind", "provider"),
    [
        ("default/aws_secret_access_key", "AKIA", 40, "aws-secret-access-key", "ecr"),
        ("variable AWS_SECRET_ACCESS_KEY", None, 40, "aws-secret-access-key", "ecr"),
        ("AWS_SECRET_ACCESS_KEY#2", None, 40, "aws-secret-access-key", "ecr"),
        ("AWS_SECRET_ACCESS_KEY", None, 20, "password", None),
        ("OTHER_SECRET", None, 40, "password", None),
        ("private_key", "ci@acme.iam.gserviceaccount.com", 400, "gcp-service-account-key", "google"),
        ("private_key", "alice", 400, "password", None),
    ],
)
def test_by_its_name(locator: str, username: str | None, length: int, kind: str, provider: str | None) -> None:
    secret = Secret((aws_secret() * 10)[:length])
    place = Place("/home/alice/file")
    finding = Finding(
        "x", "y", "z", Severity.HIGH, Confidence.CERTAIN, place, secret, username=username, locator=locator
    )
    (found,) = group([finding], FingerprintKey(b"k" * 32))
    assert (found.kind, found.provider, found.secret == secret) == (kind, provider, True)
