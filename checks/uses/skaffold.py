"""Skaffold: docker's file for builds in a cluster. Fields: skaffold.dev/docs/references/yaml."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model.use import Use
from checks.uses.references import Held
from checks.uses.source import Source, member, text_at, walk
from checks.uses.updating import kubernetes_pull_secret
from checks.uses.yaml_logins import image_use


def read(source: Source) -> Iterator[Use]:
    for root in source.yaml:
        cluster = next((node for path, node in walk(root) if path[-2:] == ("build", "cluster")), None)
        artifacts = next((node for path, node in walk(root) if path[-2:] == ("build", "artifacts")), None)
        image = text_at(artifacts.items[0], "image") if artifacts and artifacts.items else ""
        config = member(cluster, "dockerConfig")
        named = member(config, "secretName")
        if named or (named := member(cluster, "pullSecretName")):
            yield source.use(
                "skaffold",
                "docker's file for builds in the cluster",
                named,
                value=Held(named.text),
                image=image,
                pushes=True,
                update=kubernetes_pull_secret(named.text, text_at(cluster, "namespace")),
            )
        elif path_node := member(config, "path"):
            yield source.use(
                "skaffold",
                "docker's file for builds in the cluster",
                path_node,
                value=Held(path_node.text),
                image=image,
                pushes=True,
                update=f"the file {path_node.text}",
            )
        for item in artifacts.items if artifacts else ():
            if found := image_use(source, "skaffold", "image that is built", member(item, "image"), pushes=True):
                yield found
