"""The systems whose files are read for uses: one explicit, ordered tuple. The order is that of the where-used table."""

# ruff: noqa: E501  one system a line

from __future__ import annotations

from dataclasses import dataclass, field

from checks.uses import (
    ansible,
    by_hand,
    circleci,
    compose,
    containerd,
    devcontainers,
    drone,
    ecs,
    github_actions,
    gitlab_ci,
    helm,
    hosted_pipelines,
    jenkins,
    jvm_builds,
    kubernetes,
    nomad,
    pulumi,
    shell_files,
    skaffold,
    terraform,
    testcontainers,
    update_bots,
)
from checks.uses.file_names import FileNames
from checks.uses.prefilter import LOGIN_WORDS, Words, words
from checks.uses.source import Read


@dataclass(frozen=True, slots=True)
class System:
    """Files of one system. `needs` are words without which `read` finds nothing: most files need not be parsed."""

    id: str
    names: FileNames
    needs: Words
    read: Read = field(repr=False)


def _system(id: str, names: str, needs: Words, read: Read) -> System:  # noqa: A002  what it is called
    return System(id, FileNames.of(names), needs, read)


_YAML = "*.yml *.yaml *.yml.j2 *.yaml.j2"
_IMAGES_OR_LOGINS = words("image", *LOGIN_WORDS)
SYSTEMS: tuple[System, ...] = (
    _system(
        "github-actions",
        ".github/workflows/*.yml .github/workflows/*.yaml .gitea/workflows/*.yml .gitea/workflows/*.yaml "
        ".forgejo/workflows/*.yml .forgejo/workflows/*.yaml action.yml action.yaml",
        words("uses", "secrets", "image", "container", *LOGIN_WORDS),
        github_actions.read,
    ),
    _system(
        "gitlab-ci",
        ".gitlab-ci.yml .gitlab-ci.yaml *.gitlab-ci.yml *.gitlab-ci.yaml .gitlab/**/*.yml .gitlab/**/*.yaml "
        "ci/**/*.yml ci/**/*.yaml .ci/**/*.yml .ci/**/*.yaml",
        words("variables", "services", "name", *_IMAGES_OR_LOGINS.any),
        gitlab_ci.read,
    ),
    _system("gitlab-runner", "gitlab-runner/config.toml .gitlab-runner/config.toml", words("environment", "image_pull_secrets"), gitlab_ci.read_runner),
    _system("circleci", ".circleci/*.yml .circleci/*.yaml", words("docker", "context", *LOGIN_WORDS), circleci.read),
    _system("travis", ".travis.yml .travis.yaml", words("env", "global", "matrix", "jobs", *LOGIN_WORDS), hosted_pipelines.read_travis),
    _system("jenkins", "jenkinsfile jenkinsfile.* jenkinsfile-* *.jenkinsfile *.jenkins *.groovy", words("credentials", "withRegistry", *LOGIN_WORDS), jenkins.read_jenkinsfile),
    _system("jenkins", "credentials.xml credentials.xml.bak", words("UsernamePasswordCredentialsImpl"), jenkins.read_credentials_xml),
    _system("jenkins", "jobs/**/config.xml", words("CredentialsId", "credentialsId"), jenkins.read_job),
    _system("jenkins", "jenkins.yaml jenkins.yml casc*.yaml casc*.yml jenkins*/**/*.yaml", words("usernamePassword"), jenkins.read_configuration),
    _system("bitbucket", "bitbucket-pipelines.yml bitbucket-pipelines.yaml", words("image", "pipe", *LOGIN_WORDS), hosted_pipelines.read_bitbucket),
    _system(
        "azure-pipelines",
        "azure-pipelines*.yml azure-pipelines*.yaml .azure-pipelines*.yml azure-pipelines/**/*.yml .azure-pipelines/**/*.yml "
        ".azure/**/*.yml .azuredevops/**/*.yml pipelines/**/*.yml",
        words("task", "endpoint", *LOGIN_WORDS),
        hosted_pipelines.read_azure,
    ),
    _system("cloud-build", "cloudbuild*.yaml cloudbuild*.yml", words("secretManager", "name", *LOGIN_WORDS), hosted_pipelines.read_cloud_build),
    _system("drone", ".drone.yml .drone.yaml", words("image", *LOGIN_WORDS), drone.read_drone),
    _system("woodpecker", ".woodpecker.yml .woodpecker.yaml .woodpecker/**/*.yml .woodpecker/**/*.yaml", words("image", *LOGIN_WORDS), drone.read_woodpecker),
    _system(
        "kubernetes",
        f"{_YAML} *.yaml.tpl *.yml.tpl",
        words("image", "pullSecrets", "dockerconfigjson", "dockercfg", "pull-secret", "pullsecret", "secretRef", "registries.conf", "secret-type", "secretName", *LOGIN_WORDS).also("apiVersion"),
        kubernetes.read,
    ),
    _system("helm", "values*.yml values*.yaml *values.yml *values.yaml", words("image", "repository", "pullSecret", "password", "existingSecret", "dockerconfigjson", "dockerConfigJson"), helm.read),
    _system(
        "compose",
        "compose*.yml compose*.yaml docker-compose*.yml docker-compose*.yaml *.compose.yml *.compose.yaml "
        "docker-stack*.yml docker-stack*.yaml stack*.yml stack*.yaml",
        words("services", "secrets", *LOGIN_WORDS),
        compose.read,
    ),
    _system("environment-file", ".env .env.* *.env env.list", words("PASS", "TOKEN", "PAT", "SECRET", "KEY", "CRED", "AUTH", "PWD"), compose.read_environment),
    _system("nomad", "*.nomad *.nomad.hcl nomad/**/*.hcl *.hcl", words("config"), nomad.read),
    _system(
        "ansible", _YAML, words("docker_login", "docker-login", "podman_login", "registry_login", "docker_image", "docker_container", "docker_swarm_service", "podman_image", "podman_container", *LOGIN_WORDS), ansible.read
    ),
    _system(
        "terraform",
        "*.tf *.tfvars *.tofu",
        words("registry_auth", "kubernetes_secret", "docker_registry_password", "DOCKER_REGISTRY_SERVER_PASSWORD", "repositoryCredentials", "repository_credentials", "docker", "ghcr", "quay", "cr", "ci", "github", "gitlab"),
        terraform.read,
    ),
    _system("terraform-state", "*.tfstate *.tfstate.backup", words("dockerconfigjson", "dockercfg", "registry_auth"), terraform.read_state),
    _system("pulumi", "pulumi.*.yaml pulumi.*.yml pulumi.yaml pulumi.yml", words("config"), pulumi.read),
    _system("renovate", "renovate.json renovate.json5 .renovaterc .renovaterc.json .renovaterc.json5 renovate.js renovate-config.js renovate/config.js config.js", words("hostRules", "matchHost"), update_bots.read_renovate),
    _system("dependabot", "dependabot.yml dependabot.yaml", words("registries"), update_bots.read_dependabot),
    _system("maven", "pom.xml", words("jib", "docker", "jkube", "auth", "image"), jvm_builds.read_pom),
    _system("maven", ".m2/settings.xml .mvn/settings.xml settings.xml maven-settings.xml", words("server", "properties"), jvm_builds.read_settings),
    _system("gradle", "*.gradle *.gradle.kts", words("jib", "docker"), jvm_builds.read_gradle),
    _system("gradle", "gradle.properties", words("password", "token", "docker", "quay", "cr", "ci", "registry"), jvm_builds.read_properties),
    _system("skaffold", "skaffold*.yaml skaffold*.yml", words("build"), skaffold.read),
    _system("devcontainer", "devcontainer.json .devcontainer.json", words("image", "mounts", "Env", "Command"), devcontainers.read),
    _system("containerd", "containerd/*.toml containerd/conf.d/*.toml certs.d/*/hosts.toml", words("auth", "password", "token"), containerd.read_containerd),
    _system("k3s", "registries.yaml registries.yml", words("configs"), containerd.read_k3s),
    _system("shell-script", "*.sh *.bash *.zsh *.ksh *.fish .bashrc .bash_profile .bash_aliases .bash_login .profile .zshrc .zprofile .zshenv .zlogin .zlogout .envrc .xprofile .bash_logout .bash_functions .bash_exports .kshrc .mkshrc .shrc .cshrc .tcshrc .login .exports .aliases .functions .extra .localrc .xsession .xsessionrc .xinitrc", words(*LOGIN_WORDS), shell_files.read_script),
    _system("makefile", "makefile gnumakefile makefile.* *.mk justfile", words(*LOGIN_WORDS), shell_files.read_makefile),
    _system("dockerfile", "dockerfile dockerfile.* *.dockerfile containerfile containerfile.*", words("FROM", *LOGIN_WORDS), shell_files.read_dockerfile_uses),
    _system("ecs", "*task*.json *taskdef*.json *.taskdef.json ecs/**/*.json *template*.json *task*.yml *task*.yaml *template*.yml *template*.yaml cloudformation/**/*.yml cloudformation/**/*.yaml ecs/**/*.yml ecs/**/*.yaml", words("repositoryCredentials"), ecs.read),
    _system("by-hand", f"{by_hand.NAME} dockhygiene/uses.yaml", words(""), by_hand.read),
    _system("testcontainers", ".testcontainers.properties testcontainers.properties", words("hub.image.name.prefix"), testcontainers.read),
)  # fmt: skip


def systems_of(parts: tuple[str, ...]) -> tuple[System, ...]:
    """The systems that know a file by its name and the folders above it, all in lower case."""
    return tuple(system for system in SYSTEMS if system.names.fit(parts))
