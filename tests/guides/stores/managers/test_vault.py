"""HashiCorp Vault's API at a real OpenBao server."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import pytest

from checks.model.secret import Secret
from guides.stores.managers import vault
from guides.stores.managers.manager import (
    LoginExpired,
    Manager,
    NotAllowed,
    NotTrusted,
    QuotaReached,
    Sealed,
    Setting,
    Unreachable,
    VersionConflict,
)
from guides.stores.managers.vault import VaultManager
from guides.stores.store import StoreError, StoreMissing, StoreRefused
from tests.guides.stores.managers.conftest import Elsewhere
from tests.guides.stores.managers.contract import ManagerContract
from tests.services.openbao import OpenBao


def manager_of(openbao: OpenBao, **more: str) -> VaultManager:
    return VaultManager(Setting({**openbao.environ, **more}))


@pytest.fixture(scope="session")
def team(openbao: OpenBao) -> str:
    """A namespace with a key-value engine of version 1."""
    openbao.client().adapter.post("/v1/sys/namespaces/team", json={})
    openbao.client("team").sys.enable_secrets_engine("kv", path="first/kv", options={"version": "1"})
    return "team"


class TestVersion2(ManagerContract):
    @pytest.fixture
    def manager(self, openbao: OpenBao) -> Manager:
        return manager_of(openbao)

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"secret/docker/{fresh}"


class TestVersion1InANamespace(ManagerContract):
    @pytest.fixture
    def manager(self, openbao: OpenBao, team: str) -> Manager:
        return manager_of(openbao, VAULT_NAMESPACE=team)

    @pytest.fixture
    def name(self, fresh: str) -> str:
        return f"first/kv/{fresh}"


def test_a_crossing_change_is_a_conflict_and_not_overwritten(
    openbao: OpenBao, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, manager, other = f"secret/{fresh}", manager_of(openbao), manager_of(openbao)
    manager.put(name, "a", Secret("1"))
    write = vault._write

    def crossed(*arguments: object) -> None:
        monkeypatch.setattr(vault, "_write", write)
        other.put(name, "b", Secret("theirs"))
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_write", crossed)
    with pytest.raises(VersionConflict, match="nothing was overwritten"):
        manager.put(name, "a", Secret("2"))
    assert (manager.get(name, "a"), manager.get(name, "b")) == (Secret("1"), Secret("theirs"))


def test_a_deleted_version_is_no_obstacle(openbao: OpenBao, fresh: str) -> None:
    manager = manager_of(openbao)
    manager.put(f"secret/{fresh}", "", Secret("1"))
    openbao.client().secrets.kv.v2.delete_latest_version_of_secret(fresh, mount_point="secret")
    assert manager.get(f"secret/{fresh}") is None
    manager.put(f"secret/{fresh}", "", Secret("2"))
    assert manager.get(f"secret/{fresh}") == Secret("2")


def test_rights(openbao: OpenBao, fresh: str) -> None:
    name, value = f"secret/docker/{fresh}", secrets.token_hex(8)
    manager_of(openbao).put(name, "", Secret(value))
    token = openbao.token_for('path "secret/data/docker/*" { capabilities = ["read"] }')
    reader = manager_of(openbao, VAULT_TOKEN=token)
    assert reader.get(name) == Secret(value)
    for act in (lambda: reader.put(name, "", Secret("other")), lambda: reader.erase(name)):
        with pytest.raises(NotAllowed, match=name) as failed:
            act()
        assert "policy" in failed.value.mend and value not in str(failed.value)
    with pytest.raises(NotAllowed):
        reader.get("secret/elsewhere")
    assert reader.get(name) == Secret(value)


def test_a_token_that_ended(openbao: OpenBao) -> None:
    token = openbao.token_for('path "secret/data/*" { capabilities = ["read"] }')
    openbao.client().auth.token.revoke(token)
    for each in (token, secrets.token_hex(8)):
        with pytest.raises(LoginExpired, match="expired or was revoked") as failed:
            manager_of(openbao, VAULT_TOKEN=each).get("secret/x")
        assert each not in str(failed.value) and "vault login" in failed.value.mend


def test_the_token_of_the_command_line_and_of_openbao(openbao: OpenBao, tmp_path: Path, fresh: str) -> None:
    environ = {"HOME": str(tmp_path), "BAO_ADDR": openbao.url, "VAULT_ADDR": "https://elsewhere.invalid"}
    manager = VaultManager(Setting(environ))
    assert "vault login" in manager.probe().mend
    (tmp_path / ".vault-token").write_text(f"{openbao.token}\n")
    assert manager.probe().works
    assert manager.get(f"secret/{fresh}") is None


def test_approle(openbao: OpenBao, fresh: str) -> None:
    """Its secret id is good for one login, which is all that several questions take."""
    client, name = openbao.client(), f"secret/{fresh}"
    client.sys.create_or_update_policy("ci", 'path "secret/data/*" { capabilities = ["create", "update", "read"] }')
    client.sys.enable_auth_method("approle")
    client.auth.approle.create_or_update_approle("ci", token_policies=["ci"], secret_id_num_uses=1)
    role = client.auth.approle.read_role_id("ci")["data"]["role_id"]
    secret_id = client.auth.approle.generate_secret_id("ci")["data"]["secret_id"]
    environ = {"VAULT_ADDR": openbao.url, "VAULT_ROLE_ID": role, "VAULT_SECRET_ID": secret_id}
    manager = VaultManager(Setting(environ))
    manager.put(name, "", Secret("x"))
    assert manager.get(name) == Secret("x")
    with pytest.raises(LoginExpired, match="AppRole") as failed:
        VaultManager(Setting(environ)).get(name)
    assert secret_id not in str(failed.value)


def test_sealed_and_then_open_again(openbao: OpenBao, fresh: str) -> None:
    manager = manager_of(openbao)
    manager.put(f"secret/{fresh}", "", Secret("x"))
    openbao.client().sys.seal()
    try:
        with pytest.raises(Sealed, match="sealed"):
            manager.put(f"secret/{fresh}", "", Secret("y"))
    finally:
        openbao.client().sys.submit_unseal_key(openbao.unseal_key)
    assert manager.get(f"secret/{fresh}") == Secret("x")


def test_a_rate_limit(openbao: OpenBao) -> None:
    limit = {"path": "secret", "rate": 0.001, "interval": "1h"}
    openbao.client().adapter.post("/v1/sys/quotas/rate-limit/t", json=limit)
    try:
        manager = manager_of(openbao)
        with pytest.raises(QuotaReached, match="quota"):
            for _ in range(3):
                manager.get("secret/x")
    finally:
        openbao.client().adapter.delete("/v1/sys/quotas/rate-limit/t")


def test_what_is_no_key_value_engine_and_no_text(openbao: OpenBao, fresh: str) -> None:
    with pytest.raises(StoreRefused, match="key-value engine"):
        manager_of(openbao).get("sys/mounts")
    openbao.client().secrets.kv.v2.create_or_update_secret(fresh, {"n": 1}, mount_point="secret")
    with pytest.raises(StoreRefused, match="no text"):
        manager_of(openbao).get(f"secret/{fresh}", "n")


def test_nobody_listens(openbao: OpenBao) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="cannot be reached"):
            manager_of(openbao, VAULT_ADDR=f"http://127.0.0.1:{held.getsockname()[1]}").get("secret/x")


def test_tls(openbao: OpenBao, elsewhere: Elsewhere) -> None:
    """A server that is not trusted is told nothing, and one that sends us on does not get us to another host."""
    with pytest.raises(NotTrusted, match="nothing was sent") as failed:
        manager_of(openbao, VAULT_ADDR=elsewhere.url).get("secret/x")
    assert "VAULT_CACERT" in failed.value.mend and not elsewhere.asked
    with pytest.raises(StoreError, match="for itself") as sent_on:
        manager_of(openbao, VAULT_ADDR=elsewhere.url, VAULT_CACERT=str(elsewhere.authority)).get("secret/x")
    assert "active node" in sent_on.value.mend and len(elsewhere.asked) == 1


@pytest.mark.parametrize("address", ["http://vault.example.com:8200", "ftp://x", "vault.example.com", "https://u@x"])
def test_addresses_that_are_never_used(address: str) -> None:
    manager = VaultManager(Setting({"VAULT_ADDR": address, "VAULT_TOKEN": "t"}))
    assert not manager.probe().works
    with pytest.raises((NotTrusted, StoreMissing)):
        manager.get("secret/x")


def test_the_probe_connects_nowhere() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        manager = VaultManager(
            Setting({"VAULT_ADDR": f"http://127.0.0.1:{server.getsockname()[1]}", "VAULT_TOKEN": "t"})
        )
        assert manager.probe().works and manager.destinations()
        with pytest.raises(TimeoutError):
            server.accept()
    assert "VAULT_ADDR" in VaultManager(Setting({})).probe().mend
