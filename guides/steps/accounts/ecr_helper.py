"""Docker logins that are made when they are needed, by a helper of the cloud, and stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

from guides.case.walk import Walk
from guides.steps.accounts.aws_login import ecr_host
from guides.steps.step import Action, action

EXAMPLE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def use_helper(walk: Walk) -> Action:
    host = ecr_host(walk) or EXAMPLE
    return action(
        "ecr-login",
        "Let docker make its own logins: amazon-ecr-credential-helper",
        lambda _: _shown(host),
        confirm=False,
    )


def _shown(host: str) -> Iterator[str]:
    yield "Install the package amazon-ecr-credential-helper; its program is docker-credential-ecr-login."
    yield f"Into ~/.docker/config.json: {json.dumps({'credHelpers': {host: 'ecr-login'}})}"
    yield f"Then take the stored login out: docker logout {host}"
    yield "The helper takes the key or the session of ~/.aws or of a role, and asks for a login at each pull."
    yield "Best without any key: a role, or `aws sso login` with a session that ends."
