"""Amazon ECS: task definitions in JSON and in CloudFormation. Field: the ECS API's ContainerDefinition."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.use import Use
from checks.uses.references import Held
from checks.uses.source import Source, first, first_text, member, walk

_ECS = "the secret's value in AWS Secrets Manager, then a new deployment of the service"


def read(source: Source) -> Iterator[Use]:
    """`repositoryCredentials` of ECS, in JSON or in a CloudFormation template."""
    documents = source.json if source.path.lower().endswith(".json") else source.yaml
    for root in documents:
        for _, node in walk(root):
            credentials = member(node, "repositoryCredentials") or member(node, "RepositoryCredentials")
            parameter = first(credentials, "credentialsParameter")
            if parameter and node.kind == "mapping":
                image = first_text(node, "image")
                title = f"repositoryCredentials of the container {first_text(node, 'name')}"
                name = source.held(parameter).name if parameter.tag else parameter.text
                yield source.use("ecs", title, parameter, value=Held(name or parameter.text), image=image, update=_ECS)
