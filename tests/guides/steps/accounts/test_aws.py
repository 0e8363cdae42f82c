"""An access key's whole case at moto's server: found, looked at, doubled, moved, tried, off, deleted, proven."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.case.model import Settled, StepId
from guides.case.walk import Walk
from guides.steps.accounts import aws as account
from guides.steps.accounts import aws_login
from guides.steps.catalog import STEPS, actions_of
from guides.steps.step import StepFailed
from tests.guides.case.scene import Scene, act, told
from tests.services.aws_keys import aws_id, aws_secret
from tests.services.moto_server import ECR_PASSWORD_END, AwsDouble, AwsFault, IamUser, aws_double
from tests.services.registry_double import RegistryDouble

U, E, G, P, T, R, _, M, C = StepId
OTHER_ID, OTHER_SECRET = aws_id(), aws_secret()


@pytest.fixture(scope="module")
def server() -> Iterator[AwsDouble]:
    with aws_double() as double:
        yield double


@pytest.fixture
def amazon(server: AwsDouble) -> AwsDouble:
    server.reset()
    return server


@pytest.fixture
def ci(amazon: AwsDouble) -> IamUser:
    return amazon.user("ci")


@pytest.fixture
def scene(tmp_path: Path, amazon: AwsDouble, ci: IamUser) -> Scene:
    made = Scene(tmp_path, ci.secret, api_hosts={"aws": amazon.url})
    other = f"[other]\naws_access_key_id = {OTHER_ID}\naws_secret_access_key = {OTHER_SECRET}\n"
    own = f"[default]\naws_access_key_id = {ci.id}\naws_secret_access_key = {ci.secret.reveal()}\n"
    made.write(".aws/credentials", f"{own}\n{other}")
    made.write(".aws/config", "[default]\nregion = eu-west-1\n")
    return made


def env_of(scene: Scene, ci: IamUser) -> Path:
    return scene.write("shop/.env", f"AWS_ACCESS_KEY_ID={ci.id}\nAWS_SECRET_ACCESS_KEY={ci.secret.reveal()}\nPORT=80\n")


def move(walk: Walk) -> None:
    """Each file gets the new pair in its place."""
    while any(place.state is Settled.OPEN for place in walk.case.places):
        act(walk, P, "file-0", way="value")
    act(walk, P, "everywhere")


def test_the_whole_of_it(scene: Scene, amazon: AwsDouble, ci: IamUser) -> None:
    env = env_of(scene, ci)
    amazon.pages.append({"Events": [{"EventName": "BatchGetImage", "EventSource": "ecr.amazonaws.com"}]})

    def enter(user: str, password: str) -> frozenset[str] | None:
        return frozenset({"pull"}) if (user, password) == ("AWS", f"123456789012{ECR_PASSWORD_END}") else None

    with RegistryDouble(enter, service="ecr") as registry, scene.walk(scene.credential(env)) as walk:
        assert (walk.provider.id, walk.kind.id, walk.case.username) == ("ecr", "aws-access-key", ci.id)
        act(walk, U, "order", order="generate-first")
        lines = act(walk, E, "aws", login="itself")
        assert any("user/ci" in line for line in lines) and any("1 times ecr:BatchGetImage" in line for line in lines)
        assert walk.case.old.accepted and walk.case.evidence
        act(walk, E, "note")
        act(walk, G, "aws", login="itself")
        new = walk.case.new
        assert new and new.accepted and new.username != ci.id and walk.case.current is P
        move(walk)
        value = walk.new()
        assert value
        assert env.read_text() == f"AWS_ACCESS_KEY_ID={new.username}\nAWS_SECRET_ACCESS_KEY={value.reveal()}\nPORT=80\n"
        held = (scene.home / ".aws/credentials").read_text()
        assert ci.id not in held and f"aws_access_key_id = {new.username}" in held
        assert OTHER_ID in held and OTHER_SECRET in held
        act(walk, T, "aws", region="eu-west-1", registry=registry.host)
        assert f"{registry.host} accepts them" in walk.case.step(T).note and walk.case.current is R
        act(walk, R, "aws-off", login="new")
        act(walk, R, "aws-on", login="new")
        act(walk, R, "aws-off", login="new")
        assert walk.case.old.dead is None, "what can be undone is no death"
        lines = act(walk, R, "aws-delete", login="new", word="revoke")
        assert any(line.startswith("Proven: ") for line in lines)
        assert walk.case.old.dead and "old" not in str(scene.store.held.keys())
        act(walk, M, "begin")
        act(walk, M, "look")
    assert amazon.operations().count("CreateAccessKey") == 1
    assert {"UpdateAccessKey", "DeleteAccessKey", "LookupEvents", "GetAuthorizationToken"} <= set(amazon.operations())
    kept = "".join(path.read_text() for path in scene.state.path.glob("case-*.json"))
    assert ci.secret.reveal() not in kept and value.reveal() not in kept


def test_an_undo_brings_the_old_pair_back(scene: Scene, ci: IamUser) -> None:
    env = env_of(scene, ci)
    before = env.read_text()
    with scene.walk(scene.credential(env)) as walk:
        act(walk, G, "aws", login="itself")
        open_paths = list(dict.fromkeys(place.path for place in walk.case.places))
        act(walk, P, f"file-{open_paths.index(str(env))}", way="value")
        assert env.read_text() != before
        act(walk, P, "undo-0")
        assert env.read_text() == before


def test_two_keys_are_the_most(scene: Scene, amazon: AwsDouble, ci: IamUser) -> None:
    with scene.walk(scene.credential()) as walk:
        act(walk, G, "aws", login="itself")
        made = walk.case.new
        with pytest.raises(StepFailed, match="has two keys already") as caught:
            act(walk, G, "aws", login="itself")
        assert made and made.username in str(caught.value)
        assert amazon.operations().count("CreateAccessKey") == 1


def test_the_network_is_lost_after_the_key_was_made(scene: Scene, amazon: AwsDouble) -> None:
    amazon.faults.append(AwsFault(after=True, operation="CreateAccessKey"))
    with scene.walk(scene.credential()) as walk:
        with pytest.raises(StepFailed, match="may exist that nobody has the secret of"):
            act(walk, G, "aws", login="itself")
        assert walk.case.new is None and walk.case.pending and "delete it" in walk.case.pending.mend


def test_a_login_without_the_right_says_who_has_it(scene: Scene, amazon: AwsDouble) -> None:
    weak = amazon.user("weak", ("ecr:GetAuthorizationToken",))
    own = Scene(scene.home, weak.secret, api_hosts=scene.api_hosts)
    env = own.write("weak/.env", f"AWS_ACCESS_KEY_ID={weak.id}\nAWS_SECRET_ACCESS_KEY={weak.secret.reveal()}\n")
    with own.walk(own.credential(env)) as walk:
        assert aws_login.key_id(walk) == weak.id, "the nearest id in its file"
        lines = act(walk, E, "aws", login="itself")
        assert any("may not look" in line for line in lines) and walk.case.username == weak.id
        with pytest.raises(StepFailed, match="use one of an administrator"):
            act(walk, G, "aws", login="itself")
        act(walk, G, "aws", login="profile default")
        assert walk.case.new and walk.case.new.accepted
        assert amazon.seen[-1][1] == walk.case.new.username


def test_a_wrong_clock_proves_no_death(scene: Scene, amazon: AwsDouble) -> None:
    with scene.walk(scene.credential()) as walk:
        act(walk, G, "aws", login="itself")
        amazon.faults.append(
            AwsFault(403, "SignatureDoesNotMatch", "Signature expired: it is late", operation="GetCaller")
        )
        with pytest.raises(StepFailed, match="set this machine's clock"):
            act(walk, R, "aws-prove", word="revoke")
        assert walk.case.old.dead is None


def test_who_accepts_everybody_proves_nothing(scene: Scene, amazon: AwsDouble) -> None:
    amazon._unchecked(1000)
    with scene.walk(scene.credential()) as walk, pytest.raises(StepFailed, match="made-up key too"):
        act(walk, E, "aws", login="itself")


def test_without_the_sdk_the_browser_remains(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "installed", lambda: False)
    with scene.walk(scene.credential()) as walk:
        offered = [one.id for one in actions_of(walk, STEPS[G])]
        assert "aws" not in offered and "paste" in offered
        assert any("pip install 'dockhygiene[aws]'" in line for line in act(walk, G, "aws-extra"))


def test_a_stored_login_of_twelve_hours(tmp_path: Path) -> None:
    """The case says that the key behind it is what matters, and how docker makes its own logins."""
    token = base64.b64encode(secrets.token_bytes(900)).decode()
    scene = Scene(tmp_path, Secret(token), "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "AWS")
    scene.log_in()
    with scene.walk(scene.credential()) as walk:
        assert walk.kind.id == "ecr-login"
        assert "IAM key" in told(walk, U)
        lines = act(walk, P, "ecr-login")
        assert json.dumps({"credHelpers": {scene.registry: "ecr-login"}}) in " ".join(lines)
        assert not [one for one in actions_of(walk, STEPS[G]) if one.id.startswith("aws")]
