"""Names in CI files, manifests and other YAML, JSON and HCL documents, and what they say of their values.

Sources: the systems' own references (GitHub workflow syntax, GitLab CI, CircleCI, Compose, Kubernetes API, Ansible
modules, Terraform providers); docs/sources.md names the collection.
"""

from __future__ import annotations

from functools import lru_cache

from checks.detect.assignments import words_of
from checks.detect.telling_words import NAME


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCRIPTS = _names(
    """
    run script scripts before_script after_script before_install install before_build build_script after_build
    before_test test_script after_test before_deploy deploy_script after_deploy after_success after_failure
    on_success on_failure on_finish command commands cmd cmds entrypoint entry_point shell win_shell raw bash sh pwsh ps
    powershell args exec execute inline inline_script test user_data local_exec remote_exec post_run pre_run
    bootcmd runcmd pre_build post_build
    """
)
"""What is run by a shell or as a program, a text or a list of them."""
QUIET = _names(
    """
    value_from secret_key_ref config_map_key_ref secret_ref field_ref remote_ref from_secret secure encrypted_data
    sops image_pull_secrets pull_secrets encrypted secret_name existing_secret credentials_id external_secrets
    resource_names secrets_store rules_file lookup argument_spec permissions
    """
)
"""What only names a secret that is kept elsewhere, or holds it encrypted."""
QUIET_KINDS = frozenset(
    {"SealedSecret", "ExternalSecret", "SecretProviderClass", "CustomResourceDefinition", "ClusterExternalSecret"}
)
"""Kubernetes kinds that hold no value in plain text."""
SCHEMA = _names("properties definitions schemas components options argument_specs module_options input_schema")
"""Below these stand descriptions of settings: a default there is seldom somebody's secret."""
NAMES = ("name", "key", "variable", "env_name", "parameter_key", "variable_name")
"""Members that name the value beside them: `- name: X` with `value: Y`."""
VALUES = ("value", "default", "default_value", "parameter_value", "content", "current_value")
HOSTS = (
    "registry",
    "registry_url",
    "registry_host",
    "registry_server",
    "registry_hostname",
    "docker_registry",
    "docker_registry_url",
    "container_registry",
    "login_server",
    "server_address",
    "serveraddress",
    "registry_address",
    "match_host",
)
"""Members that name the registry of the login beside them."""
IN_LOGINS = ("server", "host", "address", "url", "hostname", "endpoint", "domain")
"""Members that do so within a mapping whose own name speaks of a registry."""
LOGINS = _names(
    """
    registry_auth registry_login docker_login podman_login image_credentials registry_credentials docker_credentials
    docker_auth image_pull_secret pull_secret registry_credential container_registry docker_registry registry registries
    docker_config docker_config_json docker_configjson host_rules docker_hub dockerhub ghcr image_registry
    """
)
USERS = ("username", "user", "user_name", "login", "registry_username", "docker_username", "name")
PASSWORDS = {"token": "auth_token", "pass": "password", "pat": "password", "key": "api_key", "auth": "auth_token"}
"""How the short names are to be understood where the mapping is known to be a login."""
IMAGES = ("image", "repository", "repo", "name")
"""Members that name an image, and by it the registry."""


@lru_cache(maxsize=4096)
def may_name_one(name: str) -> bool:
    """Whether a part of the name may say that the value is a secret; false says that it surely does not."""
    return NAME.search(name) is not None or "psswd" in name.lower()


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """`dockerPassword`, `docker-password` and `DOCKER_PASSWORD` as docker_password; a module without its collection."""
    return "_".join(
        words_of(name.rpartition(".")[2] if name.startswith(("ansible.", "community.", "containers.")) else name)
    )
