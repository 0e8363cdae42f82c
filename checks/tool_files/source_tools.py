"""Source hosting, and the programs that build from it: git, its hosts' command lines, CI systems."""

from __future__ import annotations

from checks.formats.cli_hosts import read_cli_hosts
from checks.formats.curlrc import read_curlrc
from checks.formats.git_config import read_git_config
from checks.formats.git_cookies import read_git_cookies
from checks.formats.git_credentials import read_git_credentials
from checks.formats.jenkins_credentials import read_jenkins_credentials
from checks.formats.leaves import (
    ini_leaves,
    json_leaves,
    properties_leaves,
    toml_leaves,
    unquoted_ini_leaves,
    yaml_leaves,
)
from checks.formats.netrc import read_netrc
from checks.model.finding import Severity
from checks.tool_files.fields import Fields
from checks.tool_files.token_file import read_token_file
from checks.tool_files.tool import LOG_OUT, STORE, Tool, from_variable

SOURCE_TOOLS = (
    Tool(
        "netrc",
        "netrc",
        read_netrc,
        "Keep it in an encrypted ~/.netrc.gpg, or let git use a credential helper, and rotate it.",
        home=(".netrc", "_netrc", ".authinfo"),
        variables=("NETRC",),
    ),
    Tool(
        "git",
        "git",
        read_git_credentials,
        "Set git's credential.helper to libsecret, osxkeychain or manager, delete this file, and rotate it.",
        home=(".git-credentials", ".config/git/credentials"),
    ),
    Tool(
        "git-config",
        "git configuration",
        read_git_config,
        "Take it out of the configuration, let git use a credential helper, and rotate it.",
        home=(".gitconfig", ".config/git/config"),
        system=("/etc/gitconfig",),
        variables=("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"),
        names=(".git/config", "*.git/config", "config.worktree", ".gitmodules", ".gitconfig*", "gitconfig"),
    ),
    Tool(
        "git-cookies",
        "git cookie",
        read_git_cookies,
        "Let git use a credential helper, delete this file, and rotate it.",
        home=(".gitcookies",),
    ),
    Tool(
        "git-credential-manager",
        "git",
        read_token_file,
        "Set credential.credentialStore to secretservice or gpg, delete this file, and rotate it.",
        home=(".gcm/store/git/https/*/*.credential",),
    ),
    Tool(
        "mercurial",
        "Mercurial",
        Fields(ini_leaves, others=True),
        "Take it out of the configuration, let mercurial_keyring keep it, and rotate it.",
        home=(".hgrc", ".config/hg/hgrc"),
        names=(".hg/hgrc",),
    ),
    Tool(
        "curl",
        "curl",
        read_curlrc,
        "Keep it out of the configuration: curl reads it from standard input with `-K -`; then rotate it.",
        home=(".curlrc", ".config/curlrc"),
        variables=("CURL_HOME/.curlrc",),
    ),
    Tool(
        "wget",
        "wget",
        Fields(
            unquoted_ini_leaves,
            ("password", "http_password", "ftp_password", "proxy_password", "http-password", "proxy-password"),
            users=("http_user", "user", "proxy_user", "http-user"),
        ),
        "Use --ask-password or --use-askpass, remove it here, and rotate it.",
        home=(".wgetrc",),
        system=("/etc/wgetrc",),
        variables=("WGETRC",),
    ),
    Tool(
        "gh",
        "GitHub CLI",
        read_cli_hosts,
        "Log in again with `gh auth login`, which uses the system's keyring, and revoke this one.",
        home=(".config/gh/hosts.yml",),
        variables=("GH_CONFIG_DIR/hosts.yml",),
    ),
    Tool(
        "glab",
        "GitLab CLI",
        read_cli_hosts,
        "Log in again with `glab auth login --use-keyring`, and revoke this one.",
        home=(".config/glab-cli/config.yml",),
        variables=("GLAB_CONFIG_DIR/config.yml",),
    ),
    Tool(
        "hub",
        "hub",
        read_cli_hosts,
        "Move to gh, which uses the system's keyring, and revoke this one.",
        home=(".config/hub",),
        variables=("HUB_CONFIG",),
    ),
    Tool(
        "tea",
        "Gitea CLI",
        Fields(yaml_leaves, ("logins/token", "logins/refresh_token"), users=("user",), hosts=("url",)),
        "Log out with `tea logout` where you do not need it, and revoke this one.",
        home=(".config/tea/config.yml",),
    ),
    Tool(
        "forgejo-cli",
        "Forgejo CLI",
        Fields(json_leaves, ("hosts/{host}/token", "hosts/{host}/refresh_token"), users=("name",)),
        LOG_OUT,
        home=(".local/share/forgejo-cli/keys.json",),
    ),
    Tool(
        "gitlab-runner",
        "GitLab runner",
        Fields(
            toml_leaves,
            ("runners/token", "s3/secretkey", "azure/accountkey", "gcs/privatekey"),
            users=("name", "accesskey", "accountname"),
            hosts=("url",),
        ),
        "Let only the runner read it, keep the cache's key in an instance profile, and reset the token.",
        home=(".gitlab-runner/config.toml",),
        system=("/etc/gitlab-runner/config.toml",),
    ),
    Tool(
        "jenkins",
        "Jenkins",
        read_jenkins_credentials,
        "Enter it in Jenkins, which encrypts it, or use a secrets manager's plugin, and rotate it.",
        home=(".jenkins/credentials.xml",),
        system=("/var/lib/jenkins/credentials.xml",),
        variables=("JENKINS_HOME/credentials.xml",),
        names=("credentials.xml",),
        quiet=True,
    ),
    Tool(
        "jenkins-first-password",
        "Jenkins administrator's",
        read_token_file,
        "Finish the set-up, change the administrator's password, and delete this file.",
        home=(".jenkins/secrets/initialAdminPassword",),
        system=("/var/lib/jenkins/secrets/initialAdminPassword",),
        variables=("JENKINS_HOME/secrets/initialAdminPassword",),
        names=("initialAdminPassword",),
    ),
    Tool(
        "circleci",
        "CircleCI",
        Fields(yaml_leaves, ("token",), hosts=("host",)),
        from_variable("CIRCLECI_CLI_TOKEN"),
        home=(".circleci/cli.yml",),
    ),
    Tool(
        "travis",
        "Travis CI",
        Fields(yaml_leaves, ("endpoints/{host}/access_token",)),
        "Log out with `travis logout` where you do not need it, and revoke this one.",
        home=(".travis/config.yml",),
    ),
    Tool(
        "argocd",
        "Argo CD",
        Fields(yaml_leaves, ("users/auth-token", "users/refresh-token"), users=("name",)),
        "Log out with `argocd logout` where you do not need it; the token ends with its session.",
        home=(".config/argocd/config", ".argocd/config"),
    ),
    Tool(
        "ansible",
        "Ansible",
        Fields(ini_leaves, ("token", "password", "become_pass"), users=("username",), hosts=("url",)),
        "Give it as ANSIBLE_GALAXY_SERVER_<NAME>_TOKEN where it is needed, and rotate it.",
        home=(".ansible.cfg",),
        system=("/etc/ansible/ansible.cfg",),
        variables=("ANSIBLE_CONFIG",),
        names=("ansible.cfg",),
    ),
    Tool(
        "ansible-galaxy",
        "Ansible Galaxy",
        Fields(yaml_leaves, ("token",)),
        from_variable("ANSIBLE_GALAXY_SERVER_<NAME>_TOKEN"),
        home=(".ansible/galaxy_token",),
        variables=("ANSIBLE_GALAXY_TOKEN_PATH",),
    ),
    Tool(
        "ansible-vault",
        "Ansible vault",
        read_token_file,
        "Let a client script ask the keyring for it (--vault-id name@vault-keyring-client.py), and rekey the vault.",
        home=(".vault_pass", ".vault_pass.txt", ".vault-pass"),
        variables=("ANSIBLE_VAULT_PASSWORD_FILE",),
        names=(".vault_password", "vault_pass.txt"),
    ),
    Tool(
        "sonar",
        "SonarQube",
        Fields(
            properties_leaves,
            ("sonar.token", "sonar.password"),
            hosts=("sonar.host.url",),
            others=True,
        ),
        from_variable("SONAR_TOKEN"),
        names=("sonar-project.properties", "sonar-scanner.properties"),
        severity=Severity.MEDIUM,
    ),
    Tool(
        "sentry",
        "Sentry",
        Fields(ini_leaves, ("auth/token", "auth/api_key")),
        from_variable("SENTRY_AUTH_TOKEN"),
        home=(".sentryclirc",),
    ),
    Tool(
        "snyk",
        "Snyk",
        Fields(json_leaves, ("api",)),
        from_variable("SNYK_TOKEN"),
        home=(".config/configstore/snyk.json",),
    ),
    Tool(
        "sftp-editor",
        "editor's SFTP",
        Fields(json_leaves, ("password", "passphrase", "pass"), users=("username", "user"), hosts=("host",)),
        STORE,
        names=(".vscode/sftp.json", ".ftpconfig", "sftp-config.json"),
        quiet=True,
    ),
)
