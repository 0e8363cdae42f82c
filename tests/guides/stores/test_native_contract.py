"""The contract against the helpers that Debian ships."""

from __future__ import annotations

import pytest

from guides.stores.native import helper_store
from guides.stores.store import Store
from tests.guides.stores.contract import StoreContract
from tests.services.require import require
from tests.services.secret_service import SecretServiceHome

PACKAGE = "golang-docker-credential-helpers"


class TestPass(StoreContract):
    @pytest.fixture
    def store(self, pass_environ: dict[str, str]) -> Store:
        require("docker-credential-pass", PACKAGE)
        return helper_store("pass", pass_environ)


class TestSecretService(StoreContract):
    @pytest.fixture
    def store(self, keyring_home: SecretServiceHome) -> Store:
        require("docker-credential-secretservice", PACKAGE)
        return helper_store("secretservice", keyring_home.environ)
