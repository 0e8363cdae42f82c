"""AWS Secrets Manager at moto's server, with the official library. moto is no proof for the real service."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers.aws_secrets_manager import AwsManager
from guides.stores.managers.manager import (
    LoginExpired,
    Manager,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    ScheduledForDeletion,
    Setting,
    Unreachable,
    VersionConflict,
    WrongRegion,
)
from guides.stores.store import StoreError, StoreMissing, StoreRefused
from tests.guides.stores.managers.conftest import Elsewhere
from tests.guides.stores.managers.contract import ManagerContract
from tests.services.moto_server import AwsDouble, AwsFault

READ = ("secretsmanager:GetSecretValue",)
ANSWERS: list[tuple[str, type[StoreError], str]] = [
    ("ExpiredTokenException", LoginExpired, "aws sso login"),
    ("UnrecognizedClientException", LoginExpired, "region"),
    ("AccessDeniedException", NotAllowed, "secretsmanager:GetSecretValue"),
    ("LimitExceededException", QuotaReached, "later"),
    ("DecryptionFailure", NotAllowed, "kms"),
    ("InternalServiceError", StoreError, "later"),
]


@pytest.fixture
def aws(aws_server: AwsDouble, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AwsDouble:
    return enter(aws_server, monkeypatch, tmp_path)


def enter(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch, home: Path) -> AwsDouble:
    """The library reads this process's own variables: a home of its own, a region, a user that may do everything."""
    aws.reset()
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    sign_in(aws, monkeypatch, "alice", ("secretsmanager:*",))
    return aws


def sign_in(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch, name: str, allowed: tuple[str, ...]) -> None:
    user = aws.user(name, allowed)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", user.id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", user.secret.reveal())


def manager_here() -> AwsManager:
    return AwsManager(Setting(os.environ))


@pytest.fixture(scope="module")
def manager(aws_server: AwsDouble, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manager]:
    """One client for the contract: making one takes as long as the rest."""
    with pytest.MonkeyPatch.context() as patch:
        enter(aws_server, patch, tmp_path_factory.mktemp("home"))
        yield manager_here()


class TestOneText(ManagerContract):
    """A secret without fields. AWS keeps what is erased for a week, under its name."""

    erases = False
    odd = ("a b", "no/such#name")

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"docker/{fresh}"

    def test_other_fields_stay(self, manager: Manager, name: str) -> None:
        one, two = Secret("1"), Secret("2")
        for field, secret in (("token", one), ("user", two), ("token", two)):
            manager.put(name, field, secret)
        assert (manager.get(name, "token"), manager.get(name, "user")) == (two, two)
        manager.erase(name, "token")
        assert (manager.get(name, "token"), manager.get(name, "user")) == (None, two)
        manager.erase(name, "user")
        with pytest.raises(ScheduledForDeletion) as failed:
            manager.get(name, "user")
        assert "restore-secret" in failed.value.mend


def test_fields_and_texts_are_not_mixed(aws: AwsDouble) -> None:
    manager = manager_here()
    manager.put("fields", "token", Secret("1"))
    manager.put("text", "", Secret("2"))
    with pytest.raises(StoreRefused, match="would be lost"):
        manager.put("fields", "", Secret("3"))
    with pytest.raises(StoreRefused, match="without fields"):
        manager.put("text", "token", Secret("3"))
    assert (manager.get("fields", "token"), manager.get("text")) == (Secret("1"), Secret("2"))


def test_a_crossing_change_is_a_conflict_and_not_overwritten(aws: AwsDouble) -> None:
    other = manager_here()

    class Crossed(AwsManager):
        def _replace(self, name: str, text: str, version: str) -> None:
            other.put(name, "b", Secret("theirs"))
            AwsManager._replace(self, name, text, version)

    other.put("shared", "a", Secret("1"))
    with pytest.raises(VersionConflict, match="nothing was overwritten"):
        Crossed(Setting(os.environ)).put("shared", "a", Secret("2"))
    assert (other.get("shared", "a"), other.get("shared", "b")) == (Secret("1"), Secret("theirs"))


def test_rights(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    manager_here().put("docker/x", "", Secret("held"))
    sign_in(aws, monkeypatch, "reader", READ)
    reader = manager_here()
    assert reader.get("docker/x") == Secret("held")
    for name, action in (("docker/x", "PutSecretValue"), ("docker/new", "CreateSecret")):
        with pytest.raises(NotAllowed, match=action) as failed:
            reader.put(name, "", Secret("other"))
        assert f"secretsmanager:{action}" in failed.value.mend
    assert reader.get("docker/x") == Secret("held")


def test_each_answer_has_its_own_message(aws: AwsDouble) -> None:
    manager = manager_here()
    for code, error, mend in ANSWERS:
        aws.faults[:] = [AwsFault(400, code, "said by the server")]
        with pytest.raises(error) as failed:
            manager.get("docker/x")
        assert type(failed.value) is error
        assert mend in failed.value.mend and "said by" not in str(failed.value)


def test_no_login_and_no_region(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(WrongRegion, match="no region"):
        manager_here().get("x")
    monkeypatch.setenv("AWS_REGION", "not a region")
    with pytest.raises(WrongRegion, match="no name of a region"):
        manager_here().get("x")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "sso" in manager_here().probe().mend
    with pytest.raises(LoginExpired, match="no login"):
        manager_here().get("x")


def test_profiles_and_sso(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    user = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(
        f"[profile work]\nregion = eu-central-1\naws_access_key_id = {user[0]}\naws_secret_access_key = {user[1]}\n"
        "[profile office]\nregion = eu-west-1\nsso_start_url = https://x.invalid/start\nsso_region = eu-west-1\n"
        "sso_account_id = 123456789012\nsso_role_name = reader\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert manager_here().probe().works
    manager_here().put("docker/x", "", Secret("in another region"))
    monkeypatch.setenv("AWS_PROFILE", "office")
    with pytest.raises(LoginExpired, match="SSO") as failed:
        manager_here().get("docker/x")
    assert failed.value.mend == "aws sso login --profile office"
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(LoginExpired, match="profile"):
        manager_here().get("docker/x")


def test_another_region_holds_nothing_of_it(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    manager_here().put("docker/x", "", Secret("1"))
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert manager_here().get("docker/x") is None
    assert "us-east-1" in manager_here().where("docker/x")


def test_where_it_would_be_sent_is_said_before(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = len(aws.seen)
    assert manager_here().destinations() == (aws.host,)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert manager_here().destinations() == ("secretsmanager.eu-west-1.amazonaws.com",)
    assert len(aws.seen) == seen
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(Unreachable, match="eu-west-1"):
        manager_here().get("x")


def test_tls(aws: AwsDouble, monkeypatch: pytest.MonkeyPatch, elsewhere: Elsewhere) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", elsewhere.url)
    with pytest.raises(NotTrusted, match="nothing was sent") as failed:
        manager_here().get("docker/x")
    assert "AWS_CA_BUNDLE" in failed.value.mend and not elsewhere.asked


def test_somebody_else_s_login_is_never_used(aws: AwsDouble) -> None:
    with pytest.raises(StoreMissing, match="own environment"):
        AwsManager(Setting({**os.environ, "HOME": "/elsewhere"})).get("x")


def test_too_long(aws: AwsDouble) -> None:
    with pytest.raises(StoreRefused, match="65536"):
        manager_here().put("x", "", Secret("x" * 65_537))
