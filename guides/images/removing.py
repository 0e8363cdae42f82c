"""Commands that remove an image: here, and in its registry. They are shown, and run by the person.

Sources: docker image rm, docker image prune, docker builder prune (docker CLI reference); skopeo-delete(1); OCI
distribution specification, "Deleting Manifests"; GitHub REST API, "Packages"; GitLab "Container registry API".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from checks.formats.display import printable, shell_path
from checks.formats.registry_names import HUB_CONTAINERS_NAME, provider_of

Row = tuple[str, str]
PROVIDERS = ("docker-hub", "ghcr", "gitlab", "distribution")
"""Those that have commands and words of their own; any other registry is one of its kind, `distribution`."""
_NAME = re.compile(
    r"(?:(?P<host>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?)/)?(?P<path>[a-z0-9][a-z0-9._/-]{0,200})"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of an image: only characters that a name may have, so it can stand in a command as it is."""

    host: str
    """Where it would be pushed; `docker.io` for a name without a host."""
    path: str
    tag: str
    digest: str = ""

    @property
    def provider(self) -> str:
        registry = HUB_CONTAINERS_NAME if self.host == "docker.io" else self.host
        known = provider_of(registry, "")
        if known in PROVIDERS:
            return str(known)
        return "gitlab" if "gitlab" in self.host else "distribution"

    @property
    def name(self) -> str:
        return f"{self.host}/{self.path}"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}{f'@{self.digest}' if self.digest else ''}"


def reference_of(name: str) -> Reference | None:
    """None for what is no name of an image, an id for example, and for what never had a registry."""
    found = _NAME.fullmatch(name.strip())
    if not found or re.fullmatch(r"sha256:[0-9a-f]{64}", name.strip()):
        return None
    host, path = found["host"] or "", found["path"]
    if host and not ("." in host or ":" in host or host == "localhost"):
        host, path = "", f"{host}/{path}"
    if path != path.lower():
        return None
    if not host:
        path = path if "/" in path else f"library/{path}"
    return Reference(host or "docker.io", path, found["tag"] or "", found["digest"] or "")


def may_have_been_pushed(reference: Reference) -> bool:
    """A name of one's own without a registry is pushed nowhere: Docker Hub gives `library/` to nobody."""
    return reference.host != "localhost" and not reference.path.startswith("library/")


def here(images: Iterable[str], archives: Iterable[str], home: Path) -> Iterator[Row]:
    """On this machine: tags, what hung on them, the build cache, files."""
    for image in images:
        yield f"The image {printable(image, 80)}", f"docker image rm {_word(image)}"
    yield "Layers that no tag names any more", "docker image prune"
    yield "The build cache, which keeps layers and build arguments", "docker builder prune --all"
    for archive in archives:
        path = shell_path(archive, home)
        yield f"The file {path}", f"rm {'-r ' if Path(archive).is_dir() else ''}-- {path}"


def in_registry(reference: Reference) -> Iterator[Row]:
    """At the registry, by the way that its provider has."""
    owner, _, name = reference.path.partition("/")
    tag = reference.tag or "TAG"
    if reference.provider == "docker-hub":
        where = f"https://hub.docker.com/repository/docker/{reference.path}/tags"
        yield f"The tag {tag}, and the image behind it", where
    elif reference.provider == "ghcr":
        package = f"/users/{owner}/packages/container/{quote(name, safe='')}/versions"
        listed = ".[] | [.id, .name, .metadata.container.tags[]] | @tsv"
        yield "List its versions, with their numbers", f"gh api --paginate {package} --jq {shlex.quote(listed)}"
        yield "Delete the version of that number", f"gh api --method DELETE {package}/NUMBER"
    elif reference.provider == "gitlab":
        project = quote("/".join(reference.path.split("/")[:2]), safe="")
        api = f"projects/{project}/registry/repositories"
        yield "Its number there", f"glab api {api}"
        yield f"Delete the tag {tag}", f"glab api --method DELETE {api}/NUMBER/tags/{tag}"
    else:
        yield from _by_digest(reference)


def _by_digest(reference: Reference) -> Iterator[Row]:
    digest = reference.digest or "sha256:DIGEST"
    if not reference.digest:
        shown = f"docker://{reference.name}:{reference.tag or 'TAG'}"
        yield "Its digest", f"skopeo inspect --format '{{{{.Digest}}}}' {shown}"
    yield "Delete it by digest, with all tags that lead to it", f"skopeo delete docker://{reference.name}@{digest}"
    yield "On the registry's own machine, then", "registry garbage-collect /etc/docker/registry/config.yml"


def pushed_as(image: str) -> Row:
    """Where the engine itself says under which digests registries know it."""
    command = f"docker image inspect --format '{{{{.RepoDigests}}}}' {_word(image)}"
    return f"Where {printable(image, 80)} was pushed to, or came from", command


def _word(name: str) -> str:
    return shlex.quote(printable(name, 200))
