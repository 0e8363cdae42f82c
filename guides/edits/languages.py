"""The language that a file is written in, as far as quoting goes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from checks import by_name, ci_files, container_builds, environment_files, orchestration_files, shell_startup
from checks.tool_files.places import tool_of


class Language(StrEnum):
    JSON = "JSON"
    YAML = "YAML"
    COMPOSE = "compose"
    TOML = "TOML"
    XML = "XML"
    PROPERTIES = "properties"
    INI = "INI"
    GIT_CONFIG = "git's configuration"
    LINES = "a file of bare words"
    """One value a line or a word, without quotes: netrc, .npmrc, token files."""
    PGPASS = "pgpass"
    SHELL = "shell"
    CSH = "csh"
    FISH = "fish"
    POWERSHELL = "PowerShell"
    CRONTAB = "crontab"
    UNIT = "systemd unit"
    SETTINGS = "lines of NAME=value"
    """environment.d, /etc/environment, `docker run --env-file`: quotes are read in different ways, or not at all."""
    DOTENV = "dotenv"
    DOCKERFILE = "Dockerfile"
    HCL = "HCL"
    GROOVY = "Groovy"
    PYTHON = "Python"
    JAVASCRIPT = "JavaScript"
    GO = "Go"
    JAVA = "Java"
    KOTLIN = "Kotlin"
    CSHARP = "C#"
    RUBY = "Ruby"
    PHP = "PHP"
    RUST = "Rust"
    SWIFT = "Swift"
    SQL = "SQL"
    UNKNOWN = "text"


_TOOLS = {
    "netrc": Language.LINES, "npm": Language.LINES, "yarn-classic": Language.LINES, "git": Language.LINES,
    "pgpass": Language.PGPASS, "git-config": Language.GIT_CONFIG, "pypi": Language.INI, "pip": Language.INI,
    "gh": Language.YAML, "glab": Language.YAML, "hub": Language.YAML, "tea": Language.YAML, "yarn": Language.YAML,
    "kubernetes": Language.YAML, "argocd": Language.YAML, "gem": Language.YAML, "bundler": Language.YAML,
    "conda": Language.YAML, "maven": Language.XML, "nuget": Language.XML, "jenkins": Language.XML,
    "gradle": Language.PROPERTIES, "sbt": Language.PROPERTIES,
}  # fmt: skip
_ENDINGS = {
    ".json": Language.JSON, ".json5": Language.JSON, ".dockerconfigjson": Language.JSON, ".yml": Language.YAML,
    ".yaml": Language.YAML, ".toml": Language.TOML, ".xml": Language.XML, ".config": Language.XML,
    ".properties": Language.PROPERTIES, ".ini": Language.INI, ".cfg": Language.INI, ".py": Language.PYTHON,
    ".js": Language.JAVASCRIPT, ".mjs": Language.JAVASCRIPT, ".cjs": Language.JAVASCRIPT, ".jsx": Language.JAVASCRIPT,
    ".ts": Language.JAVASCRIPT, ".tsx": Language.JAVASCRIPT, ".go": Language.GO, ".java": Language.JAVA,
    ".kt": Language.KOTLIN, ".kts": Language.KOTLIN, ".cs": Language.CSHARP, ".rb": Language.RUBY,
    ".php": Language.PHP, ".rs": Language.RUST, ".swift": Language.SWIFT, ".sql": Language.SQL,
    ".groovy": Language.GROOVY, ".gradle": Language.GROOVY,
}  # fmt: skip
_JSON_NAMES = (".dockercfg", "config.json", "auth.json", "devcontainer.json", ".renovaterc")
_CSH = (".cshrc", ".tcshrc", ".login", ".logout")
_COMPOSE = ("docker-compose", "compose", "docker-stack", "stack.")


def language_of(path: Path, text: str) -> Language:
    """By the names that the checks know, then by the ending."""
    name = path.name.lower()
    if name in _JSON_NAMES or (text.lstrip()[:1] == "{" and path.suffix in ("", ".bak", ".dockercfg", ".auth")):
        return Language.JSON
    if tool := tool_of(path):
        return _TOOLS.get(tool.id) or _ENDINGS.get(path.suffix.lower(), Language.LINES)
    if shell_startup.claims(path):
        return _shell(path, name)
    if environment_files.claims(path):
        return Language.SETTINGS if name == "env.list" else Language.DOTENV
    if container_builds.claims(path):
        return Language.DOCKERFILE
    if ci_files.claims(path):
        json = name.endswith((".json", ".json5"))
        return Language.JSON if json else Language.YAML if name.endswith((".yml", ".yaml")) else Language.GROOVY
    if orchestration_files.claims(path):
        return _orchestration(name, text)
    return _ENDINGS.get(path.suffix.lower(), Language.UNKNOWN)


def _shell(path: Path, name: str) -> Language:
    if by_name.is_crontab(path.name, str(path.parent)):
        return Language.CRONTAB
    if by_name.is_unit(path.name, path.parent.name):
        return Language.UNIT
    if path.suffix == ".conf" or name in ("environment", ".pam_environment", "fish_variables"):
        return Language.SETTINGS
    if name.endswith((".fish", ".ps1", ".psm1")):
        return Language.FISH if name.endswith(".fish") else Language.POWERSHELL
    return Language.CSH if name in _CSH or name.endswith(".csh") else Language.SHELL


def _orchestration(name: str, text: str) -> Language:
    if name.endswith((".tf", ".tfvars", ".hcl", ".nomad", ".tofu")):
        return Language.HCL
    if ".json" in name or ".tfstate" in name:
        return Language.JSON
    return Language.COMPOSE if is_compose(name, text) else Language.YAML


def is_compose(name: str, text: str) -> bool:
    return name.startswith(_COMPOSE) or ("services:" in text and "image:" in text and "apiVersion:" not in text)
