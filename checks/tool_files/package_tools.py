"""Package managers and the registries of packages."""

from __future__ import annotations

from checks.formats.leaves import json_leaves, properties_leaves, toml_leaves
from checks.formats.maven_settings import read_maven_settings
from checks.formats.npmrc import read_npmrc, read_yarnrc
from checks.formats.pypirc import read_pypirc
from checks.model.finding import Severity
from checks.tool_files.bundler import read_bundler
from checks.tool_files.cargo import read_cargo
from checks.tool_files.conda import read_conda
from checks.tool_files.fields import Fields
from checks.tool_files.gem import read_gem
from checks.tool_files.gradle import read_gradle
from checks.tool_files.maven_security import read_maven_security
from checks.tool_files.nuget import read_nuget
from checks.tool_files.pip import read_pip
from checks.tool_files.tool import LOG_OUT, STORE, Tool, from_variable
from checks.tool_files.yarn import read_yarn

_BY_VARIABLE = "Write ${NPM_TOKEN} in its place, give the variable only where it is needed, and rotate it."
_IN_URL = "Take it out of the URL, keep it in a keyring or ~/.netrc, and rotate it."

PACKAGE_TOOLS = (
    Tool(
        "npm",
        "npm",
        read_npmrc,
        _BY_VARIABLE,
        home=(".npmrc", ".config/pnpm/rc", ".config/pnpm/auth.ini", "Library/Preferences/pnpm/rc"),
        system=("/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"),
        variables=("NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG"),
        names=("etc/npmrc",),
    ),
    Tool("yarn", "Yarn", read_yarn, _BY_VARIABLE, home=(".yarnrc.yml",)),
    Tool("yarn-classic", "Yarn", read_yarnrc, _BY_VARIABLE, home=(".yarnrc",)),
    Tool(
        "bun",
        "Bun",
        Fields(toml_leaves, ("token", "password"), users=("username",), hosts=("url",)),
        _BY_VARIABLE,
        home=(".bunfig.toml", ".config/.bunfig.toml"),
        names=("bunfig.toml",),
    ),
    Tool(
        "pypi",
        "Python index",
        read_pypirc,
        "Store it with `keyring set`, which twine asks, remove it here, and rotate it.",
        home=(".pypirc",),
    ),
    Tool(
        "pip",
        "pip",
        read_pip,
        "Take it out of the URL: pip asks keyring or ~/.netrc for it; then rotate it.",
        home=(".pip/pip.conf", ".config/pip/pip.conf", "Library/Application Support/pip/pip.conf", "pip/pip.ini"),
        system=("/etc/pip.conf", "/etc/xdg/pip/pip.conf"),
        variables=("PIP_CONFIG_FILE", "VIRTUAL_ENV/pip.conf"),
        names=("pip.conf", "pip.ini", ".pydistutils.cfg"),
    ),
    Tool(
        "poetry",
        "Poetry",
        Fields(
            toml_leaves,
            ("http-basic/*/password", "pypi-token/*"),
            users=("username",),
        ),
        "Install keyring, which poetry then uses, set it again, and rotate it.",
        home=(".config/pypoetry/auth.toml", "Library/Application Support/pypoetry/auth.toml"),
        variables=("POETRY_CONFIG_DIR/auth.toml",),
    ),
    Tool(
        "uv",
        "uv",
        Fields(toml_leaves, ("credential/password", "credential/token"), users=("username",), hosts=("service",)),
        "Set keyring-provider, or UV_INDEX_<NAME>_PASSWORD where it is needed, and rotate it.",
        home=(".local/share/uv/credentials/credentials.toml", ".config/uv/uv.toml"),
        variables=("UV_CREDENTIALS_DIR/credentials.toml", "UV_CONFIG_FILE"),
        names=("uv.toml",),
    ),
    Tool(
        "conda",
        "conda",
        read_conda,
        _IN_URL,
        home=(".condarc", ".config/conda/.condarc"),
        variables=("CONDARC",),
        names=("condarc",),
    ),
    Tool(
        "maven",
        "Maven",
        read_maven_settings,
        "Write ${env.NAME} in its place, or encrypt it, and rotate it.",
        home=(".m2/settings.xml",),
        system=("/etc/maven/settings.xml",),
        names=("settings.xml", "*settings.xml", "settings[._-]*.xml"),
        quiet=True,
    ),
    Tool(
        "maven-security",
        "Maven master",
        read_maven_security,
        "Keep this file on a removable medium and name it by <relocation>: its key is in Maven's source.",
        home=(".m2/settings-security.xml",),
        names=("settings-security.xml",),
        severity=Severity.MEDIUM,
        encrypted=True,
    ),
    Tool(
        "gradle",
        "Gradle",
        read_gradle,
        "Give it as ORG_GRADLE_PROJECT_name in the environment where it is needed, and rotate it.",
        home=(".gradle/gradle.properties",),
        variables=("GRADLE_USER_HOME/gradle.properties",),
        names=("gradle.properties", "keystore.properties", "signing.properties", "key.properties"),
    ),
    Tool(
        "sbt",
        "sbt",
        Fields(properties_leaves, ("password",), users=("user", "username"), hosts=("host",)),
        STORE,
        home=(".sbt/.credentials", ".ivy2/.credentials", ".sbt/1.0/.credentials"),
        names=(".credentials",),
        quiet=True,
    ),
    Tool(
        "cargo",
        "Cargo",
        read_cargo,
        "Set a credential-provider such as cargo:libsecret, log in again, and revoke this one.",
        home=(".cargo/credentials.toml", ".cargo/credentials"),
        variables=("CARGO_HOME/credentials.toml", "CARGO_HOME/credentials"),
        names=("cargo/credentials.toml",),
    ),
    Tool(
        "gem",
        "RubyGems",
        read_gem,
        "Give it as GEM_HOST_API_KEY where it is needed, and rotate it.",
        home=(".gem/credentials", ".local/share/gem/credentials"),
    ),
    Tool(
        "bundler",
        "Bundler",
        read_bundler,
        "Give it as the variable of the same name where it is needed, and rotate it.",
        home=(".bundle/config",),
        variables=("BUNDLE_USER_CONFIG",),
    ),
    Tool(
        "composer",
        "Composer",
        Fields(
            json_leaves,
            (
                *("http-basic/{host}/password", "bearer/{host}", "github-oauth/{host}", "gitlab-oauth/{host}"),
                *("gitlab-oauth/{host}/token", "gitlab-token/{host}", "gitlab-token/{host}/token"),
                *("bitbucket-oauth/{host}/consumer-secret", "bitbucket-oauth/{host}/access-token"),
                "forgejo-token/{host}/token",
            ),
            users=("username", "consumer-key"),
            headers=("custom-headers/{host}",),
        ),
        "Give it as COMPOSER_AUTH where it is needed, and rotate it.",
        home=(".composer/auth.json", ".config/composer/auth.json"),
        variables=("COMPOSER_HOME/auth.json",),
        names=("composer/auth.json",),
    ),
    Tool(
        "nuget",
        "NuGet",
        read_nuget,
        "Write %NAME% in its place, or use a credential provider, and rotate it.",
        home=(".nuget/NuGet/NuGet.Config", ".config/NuGet/NuGet.Config", ".nuget/config/*.config"),
        names=("nuget.config",),
    ),
    Tool(
        "dart",
        "Dart pub",
        Fields(
            json_leaves,
            ("accesstoken", "refreshtoken", "idtoken", "hosted/token"),
            hosts=("url",),
        ),
        "Use `dart pub token add --env-var` where it is needed, log out, and revoke this one.",
        home=(
            ".config/dart/pub-credentials.json",
            ".config/dart/pub-tokens.json",
            ".pub-cache/credentials.json",
            "Library/Application Support/dart/pub-credentials.json",
            "Library/Application Support/dart/pub-tokens.json",
        ),
    ),
    Tool(
        "cpan",
        "PAUSE",
        Fields(properties_leaves, ("password",), users=("user",)),
        "Encrypt the file with Config::Identity, and change the password.",
        home=(".pause",),
    ),
    Tool(
        "vercel",
        "Vercel",
        Fields(json_leaves, ("token",)),
        LOG_OUT,
        home=(
            ".local/share/com.vercel.cli/auth.json",
            "Library/Application Support/com.vercel.cli/auth.json",
            ".now/auth.json",
        ),
    ),
    Tool(
        "configstore",
        "Firebase CLI",
        Fields(json_leaves, ("tokens/refresh_token", "tokens/access_token", "tokens/id_token")),
        from_variable("GOOGLE_APPLICATION_CREDENTIALS"),
        home=(".config/configstore/firebase-tools.json",),
    ),
)
