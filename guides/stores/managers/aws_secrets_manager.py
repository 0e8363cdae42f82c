"""AWS Secrets Manager. NAME is the secret's name or ARN; FIELD a key of its JSON, nothing for the whole text.

A new version is put under a label of our own first, and becomes the current one only if the version that was read
still is: AWS refuses to move AWSCURRENT from a version that no longer has it. Profile, region and login (SSO too) are
those of the `aws` command.
"""

from __future__ import annotations

import json
import re
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checks.formats.display import printable
from checks.model.secret import Secret
from guides.stores.managers.aws_trouble import NOT_FOUND, Where, code_of, explained
from guides.stores.managers.manager import Setting, check_kept, check_secret
from guides.stores.store import Probe, StoreError, StoreMissing, StoreRefused

MOST_BYTES = 65_536
"""The longest SecretString."""

SECONDS = 20
CURRENT = "AWSCURRENT"
PREPARED = "dockhygiene-prepared"
"""Label of a version that is not current yet; AWS forgets versions without labels by itself."""

_NAME = re.compile(r"[A-Za-z0-9/_+=.@:-]{1,512}")
_LIBRARY = ("the library for AWS is not installed", "pip install 'dockhygiene[aws]'")


@dataclass(frozen=True, slots=True)
class _Held:
    """The current version's text and id."""

    text: str = field(repr=False)
    version: str


@dataclass(slots=True)
class AwsManager:
    setting: Setting
    id: str = "aws"
    title: str = "AWS Secrets Manager"
    proven: bool = True
    _client: Any = field(default=None, repr=False)

    def probe(self) -> Probe:
        if not find_spec("boto3"):
            return Probe(False, *_LIBRARY)
        environ = self.setting.environ
        home = Path(environ.get("HOME", "/"))
        files = [environ.get("AWS_CONFIG_FILE"), environ.get("AWS_SHARED_CREDENTIALS_FILE")]
        files += [str(home / ".aws" / "config"), str(home / ".aws" / "credentials")]
        if environ.get("AWS_ACCESS_KEY_ID") or any(each and Path(each).is_file() for each in files):
            return Probe(True, "set up; not connected yet")
        return Probe(False, "there is no login for AWS", "`aws configure sso`, then `aws sso login`")

    def destinations(self, name: str = "") -> tuple[str, ...]:
        """Secrets Manager in this region; a profile may log in at STS and at your SSO portal first."""
        client = self._connected(name)
        return (urlsplit(client.meta.endpoint_url).netloc,)

    def get(self, name: str, field: str = "") -> Secret | None:
        held = self._read(name)
        if held is None:
            return None
        if not field:
            return Secret(held.text)
        value = _fields(held.text, name).get(field)
        if value is not None and not isinstance(value, str):
            raise StoreRefused(f"{printable(field, 60)} of {printable(name, 80)} is no text", "name another field")
        return None if value is None else Secret(value)

    def put(self, name: str, field: str, secret: Secret, *, elsewhere: bool = False) -> None:
        check_secret(self.title, secret, MOST_BYTES)
        held = self._read(name)
        text = _with(held.text if held else "", field, secret, name)
        check_secret(self.title, Secret(text), MOST_BYTES)
        if held is None:
            self._create(name, text)
        else:
            self._replace(name, text, held.version)
        check_kept(self, name, field, secret)

    def erase(self, name: str, field: str = "") -> None:
        """The last field goes with the whole secret, which AWS keeps for a week before it is gone."""
        held = self._read(name)
        fields = _fields(held.text, name) if held and field else {}
        if held is None or (field and field not in fields):
            return
        if len(fields) > 1:
            fields.pop(field)
            self._replace(name, json.dumps(fields), held.version)
            return
        with self._explained(name, "DeleteSecret"):
            self._connected(name).delete_secret(SecretId=name, RecoveryWindowInDays=7)

    def where(self, name: str, field: str = "") -> str:
        key = f"{printable(field, 60)} of " if field else ""
        region = self.setting.environ.get("AWS_REGION") or self.setting.environ.get("AWS_DEFAULT_REGION") or ""
        place = f" in {printable(region, 40)}" if region else " in the region of your profile"
        shown = printable(name, 200)
        return f"{key}{shown}{place}: aws secretsmanager get-secret-value --secret-id {shown}"

    def _read(self, name: str) -> _Held | None:
        if not _NAME.fullmatch(name):
            raise StoreRefused(
                f"{printable(name, 80)} is no name for AWS", "letters, digits and /_+=.@- without blanks"
            )
        client = self._connected(name)
        from botocore.exceptions import ClientError

        try:
            with self._explained(name, "GetSecretValue", passed=NOT_FOUND):
                told = client.get_secret_value(SecretId=name, VersionStage=CURRENT)
        except ClientError:
            return None
        if "SecretString" not in told:
            raise StoreRefused(f"{printable(name, 80)} holds bytes, no text", "name another secret")
        return _Held(str(told["SecretString"]), str(told["VersionId"]))

    def _create(self, name: str, text: str) -> None:
        with self._explained(name, "CreateSecret"):
            self._connected(name).create_secret(Name=name, SecretString=text, ClientRequestToken=str(uuid.uuid4()))

    def _replace(self, name: str, text: str, version: str) -> None:
        """Nothing changes for any reader before the last call, and that one compares."""
        client, new = self._connected(name), str(uuid.uuid4())
        with self._explained(name, "PutSecretValue"):
            client.put_secret_value(SecretId=name, SecretString=text, ClientRequestToken=new, VersionStages=[PREPARED])
        with self._explained(name, "UpdateSecretVersionStage"):
            client.update_secret_version_stage(
                SecretId=name, VersionStage=CURRENT, MoveToVersionId=new, RemoveFromVersionId=version
            )
            client.update_secret_version_stage(SecretId=name, VersionStage=PREPARED, RemoveFromVersionId=new)

    def _connected(self, name: str) -> Any:
        if not find_spec("boto3"):
            raise StoreMissing(*_LIBRARY)
        if self._client is None:
            self._client = self._made(name)
        return self._client

    def _made(self, name: str) -> Any:
        import os

        import boto3
        from botocore.config import Config

        if any(self.setting.environ.get(each) != os.environ.get(each) for each in ("HOME", "AWS_PROFILE")):
            # the library reads this process's own variables, which would be somebody else's login
            raise StoreMissing("AWS can only be asked with the login of this program's own environment")
        config = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2})
        with self._explained(name, "GetSecretValue"):
            # AWS_REGION is what other SDKs read; this one knows AWS_DEFAULT_REGION and the profile only
            region = self.setting.environ.get("AWS_REGION") or None
            return boto3.session.Session().client("secretsmanager", region_name=region, config=config)

    def _explained(self, name: str, action: str, passed: str = "") -> AbstractContextManager[None]:
        region = self._client.meta.region_name if self._client else "this region"
        profile = printable(self.setting.environ.get("AWS_PROFILE", ""), 60)
        return _Passing(explained(Where(printable(name, 80), region, profile, action)), passed)


class _Passing:
    """`explained`, but for one code of AWS that the caller looks at itself."""

    def __init__(self, inner: AbstractContextManager[None], passed: str) -> None:
        self._inner, self._passed = inner, passed

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        if self._passed and isinstance(error, Exception) and code_of(error) == self._passed:
            return False
        return self._inner.__exit__(kind, error, trace)


def _fields(text: str, name: str) -> dict[str, Any]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise StoreRefused(f"{printable(name, 80)} is one text without fields", "leave the field out")
    return held


def _with(text: str, field: str, secret: Secret, name: str) -> str:
    """The whole new text. Raises StoreRefused where other fields would be lost."""
    if not field:
        if text and _is_object(text):
            raise StoreRefused(f"{printable(name, 80)} has fields, which would be lost", "name a field (#FIELD)")
        return secret.reveal()
    return json.dumps({**(_fields(text, name) if text else {}), field: secret.reveal()})


def _is_object(text: str) -> bool:
    try:
        _fields(text, "")
    except StoreError:
        return False
    return True
