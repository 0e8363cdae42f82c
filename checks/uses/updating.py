"""Where the value behind a name is changed: a page, or a command that is given the value by a file, never in words."""

from __future__ import annotations

import shlex

from checks.uses.git_remote import Remote

IN_THIS_FILE = "in this file"
_FORGES_ELSEWHERE = ("gitlab", "bitbucket", "dev.azure", "codeberg", "gitea", "forgejo")


def github_secrets(remote: Remote | None, store: str = "actions") -> str:
    """`store` is actions, dependabot or codespaces. Organisations and environments have pages of their own."""
    host, path = "github.com", "OWNER/REPO"
    if remote and not any(name in remote.host for name in _FORGES_ELSEWHERE) and remote.path.count("/") == 1:
        host, path = remote.host, remote.path
    return f"https://{host}/{path}/settings/secrets/{store}"


def gitea_secrets(remote: Remote | None) -> str:
    host, path = (remote.host, remote.path) if remote else ("GITEA_HOST", "OWNER/REPO")
    return f"https://{host}/{path}/settings/actions/secrets"


def gitlab_variables(remote: Remote | None) -> str:
    host, path = "gitlab.com", "GROUP/PROJECT"
    if remote and remote.host != "github.com" and "bitbucket" not in remote.host:
        host, path = remote.host, remote.path
    return f"https://{host}/{path}/-/settings/ci_cd"


def _forge(remote: Remote | None) -> str:
    if not remote:
        return "github/OWNER/REPO"
    service = next((name for name in ("bitbucket", "gitlab") if name in remote.host), "github")
    return f"{service}/{remote.path}"


def circleci_variables(remote: Remote | None) -> str:
    return f"https://app.circleci.com/settings/project/{_forge(remote)}/environment-variables"


def circleci_contexts(remote: Remote | None) -> str:
    service, _, path = _forge(remote).partition("/")
    return f"https://app.circleci.com/settings/organization/{service}/{path.partition('/')[0]}/contexts"


def travis_settings(remote: Remote | None) -> str:
    return f"https://app.travis-ci.com/{_forge(remote)}/settings"


def bitbucket_variables(remote: Remote | None) -> str:
    path = remote.path if remote and "bitbucket" in remote.host else "WORKSPACE/REPO"
    return f"https://bitbucket.org/{path}/admin/pipelines/repository-variables"


def azure_connections(remote: Remote | None) -> str:
    return f"https://dev.azure.com/{_azure_project(remote)}/_settings/adminservices"


def azure_variables(remote: Remote | None) -> str:
    return f"https://dev.azure.com/{_azure_project(remote)}/_build (Edit, Variables; or Pipelines, Library)"


def _azure_project(remote: Remote | None) -> str:
    """Organisation and project, of `dev.azure.com/org/project/_git/repo` or `ssh.dev.azure.com:v3/org/project/repo`."""
    parts = remote.path.removeprefix("v3/").split("/") if remote and remote.host.endswith("dev.azure.com") else []
    return "/".join(parts[:2]) if len(parts) > 1 else "ORGANISATION/PROJECT"


def drone_secrets(remote: Remote | None) -> str:
    return f"https://DRONE_SERVER/{remote.path if remote else 'OWNER/REPO'}/settings/secrets"


def woodpecker_secrets(remote: Remote | None) -> str:
    named = f" {remote.path}" if remote else ""
    return f"https://WOODPECKER_SERVER, the repository{named}, Settings, Secrets and Registries"


def jenkins_credential(name: str) -> str:
    return f"https://JENKINS_SERVER/manage/credentials (the entry {name or 'that the job names'}, Update)"


def kubernetes_pull_secret(name: str, namespace: str = "") -> str:
    """Makes the secret anew from a file with a `docker login`, in place of the old one."""
    return (
        f"kubectl create secret generic {_word(name, 'NAME')} --namespace {_word(namespace, 'NAMESPACE')} "
        "--type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml "
        "| kubectl apply -f -"
    )


def kubernetes_secret(name: str, namespace: str = "") -> str:
    return f"kubectl edit secret {_word(name, 'NAME')} --namespace {_word(namespace, 'NAMESPACE')}"


def sealed_secret(name: str, namespace: str = "") -> str:
    return (
        f"kubectl create secret generic {_word(name, 'NAME')} --namespace {_word(namespace, 'NAMESPACE')} "
        "--type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml "
        "| kubeseal -o yaml, whose output takes the place of this document"
    )


def _word(name: str, missing: str) -> str:
    return shlex.quote(name) if name else missing
