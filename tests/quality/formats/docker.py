# ruff: noqa: E501  lines of files, as they are
"""Login files of docker, podman, helm and what came before them."""

from __future__ import annotations

import base64
import json

from tests.quality.form import Form
from tests.quality.quoting import base64_of, json_text, login, only

_QUIET = {"placeholder": lambda _: "<password>", "variable": lambda _: "${DOCKER_PASSWORD}"}


def _whole(value: str) -> str:
    """base64 of a whole file, as CI variables hold it."""
    return base64_of(json.dumps({"auths": {"ghcr.io": {"auth": login()(value)}}}))


_AUTHS = '{\n\t"auths": {\n\t\t"quay.io": {},\n\t\t"%host%": {\n\t\t\t"auth": "%value%"\n\t\t}\n\t},\n\t"credsStore": ""\n}\n'
_PLAIN = '{"auths": {\n "%host%": {"username": "%user%",\n  "password": "%value%"}}}\n'
_TOKEN = (
    '{"auths": {"%host%": {"auth": "' + base64.b64encode(b"00000000-0000-0000-0000-000000000000:").decode() + '",\n'
)
FORMS = (
    Form("docker config.json", "auth", ".docker/config.json", _AUTHS, login(), quiet=_QUIET),
    Form("docker config.json", "one line", ".docker/config.json", '{"auths":{"%host%":{"auth":"%value%"}}}', login(),
         quiet=_QUIET),
    Form("docker config.json", "password", ".docker/config.json", _PLAIN, json_text, quiet=_QUIET),
    Form("docker config.json", "identitytoken", ".docker/config.json", _TOKEN + '"identitytoken": "%value%"}}}\n',
         json_text, quiet=_QUIET),
    Form("docker config.json", "another name", "deploy/registry-login.json", _AUTHS, login(), quiet=_QUIET),
    Form("docker config.json", "a copy", ".docker/config.json.bak", _AUTHS, login(), quiet=_QUIET),
    Form("podman auth.json", "auth", ".config/containers/auth.json", _AUTHS, login(), quiet=_QUIET),
    Form("podman auth.json", "with a path", "run/containers/1000/auth.json",
         '{"auths": {\n  "%host%/acme/tools": {"auth": "%value%"}}}\n', login(), quiet=_QUIET),
    Form("helm registry", "auth", ".config/helm/registry/config.json", _AUTHS, login(), quiet=_QUIET),
    Form(".dockercfg", "flat", ".dockercfg", '{"https://%host%/v1/": {\n "auth": "%value%",\n "email": "a@acme.org"}}\n',
         login(), quiet=_QUIET),
    Form("docker config in base64", "CI variable", "deploy/variables.txt", "DOCKER_AUTH_CONFIG=%value%\n", _whole,
         quiet={"placeholder": lambda _: "<password>"}, quiet_quote=only("<.*")),
)  # fmt: skip
