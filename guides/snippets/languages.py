"""What a snippet can be written in, and how each of them writes a text that may hold any printable character."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

Quote = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Language:
    """A programming language, or a form that Docker and those around it read."""

    id: str
    title: str
    file: str
    """A name for the file that a snippet is written to."""
    quote: Quote
    """A literal of the language, its quotes included, from printable text."""
    aliases: tuple[str, ...] = ()


def _between(mark: str, escaped: str) -> Quote:
    """Between marks, a backslash before each of these."""
    pattern = re.compile(f"([{re.escape(escaped)}])")
    return lambda text: mark + pattern.sub(r"\\\1", text) + mark


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


_DOUBLE = _between('"', '\\"')
_SINGLE = _between("'", "\\'")
"""In Ruby and PHP: between these neither `#{}` nor `$` means anything."""


def _dollars(text: str) -> str:
    return _DOUBLE(text.replace("$", "$$"))


def _github(text: str) -> str:
    """`${{` begins an expression anywhere in a workflow; as a text within one, it is only itself."""
    return _DOUBLE(text.replace("${{", "${{ '${{' }}"))


LANGUAGES = (
    Language("python", "Python", "read_secret.py", _DOUBLE, ("py",)),
    Language("javascript", "JavaScript, TypeScript", "read-secret.mjs", _DOUBLE, ("js", "node", "typescript", "ts")),
    Language("go", "Go", "secret.go", _DOUBLE, ("golang",)),
    Language("java", "Java", "SecretReader.java", _DOUBLE),
    Language("ruby", "Ruby", "read_secret.rb", _SINGLE, ("rb",)),
    Language("php", "PHP", "read_secret.php", _SINGLE),
    Language("csharp", "C#", "SecretReader.cs", _DOUBLE, ("c#", "cs", "dotnet")),
    Language("rust", "Rust", "secret.rs", _DOUBLE, ("rs",)),
    Language("bash", "Bash", "read-secret.sh", _shell, ("shell", "sh")),
    Language("compose", "Docker Compose", "compose.yaml", _dollars, ("docker-compose",)),
    Language("buildkit", "Dockerfile with BuildKit", "Dockerfile", _DOUBLE, ("dockerfile",)),
    Language("github-actions", "GitHub Actions", "workflow.yml", _github, ("github",)),
    Language("gitlab-ci", "GitLab CI", ".gitlab-ci.yml", _dollars, ("gitlab",)),
    Language("kubernetes", "Kubernetes, a container's variable", "secret.yaml", _DOUBLE, ("k8s",)),
    Language("kubernetes-pull", "Kubernetes, pulling images", "pull-secret.yaml", _DOUBLE, ("image-pull",)),
)

_ENDINGS = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript",
    ".ts": "javascript", ".tsx": "javascript", ".go": "go", ".java": "java", ".kt": "java", ".rb": "ruby",
    ".php": "php", ".cs": "csharp", ".rs": "rust", ".sh": "bash", ".bash": "bash",
}  # fmt: skip


def language_for(path: PurePath) -> str:
    """Id of what the file at this path is written in; empty where no snippet would suit it."""
    name, folders = path.name.lower(), path.parts
    if name.startswith(("docker-compose", "compose.")):
        return "compose"
    if "dockerfile" in name or "containerfile" in name:
        return "buildkit"
    if ".github" in folders and name.endswith((".yml", ".yaml")):
        return "github-actions"
    if name.endswith(".gitlab-ci.yml"):
        return "gitlab-ci"
    return _ENDINGS.get(path.suffix.lower(), "")
