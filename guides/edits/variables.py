"""The name of a variable instead of a value: how each reader of a file writes it, and where it then gets the value.

Sources: compose "Interpolation", GitHub Actions "Secrets", GitLab CI "CI/CD variables", npm `.npmrc`, Yarn
`.yarnrc.yml`, Maven settings, NuGet.Config, dev containers `localEnv`, Ansible `env` lookup, Terraform input variables.
Where no rule is known, no reference is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks import ci_files
from checks.tool_files.places import tool_of
from guides.edits.json_text import Splice
from guides.edits.languages import Language
from guides.edits.quoting import enclosing_mark

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


@dataclass(frozen=True, slots=True)
class Reference:
    """`inside` stands between quotes or in a longer text; `whole` takes the place of a literal, its quotes included."""

    inside: str = ""
    whole: str = ""
    to_do: str = ""
    """Where the variable gets its value from, one or two sentences."""
    marks: str = "'\""
    """Quotes between which it is replaced; those of another kind are exchanged for double ones."""
    wrapped: bool = False
    """Whether it needs double quotes where there are none."""


_EXPRESSIONS = {
    Language.PYTHON: ('os.environ["{}"]', "The program needs `import os`."),
    Language.JAVASCRIPT: ("process.env.{}", ""),
    Language.GO: ('os.Getenv("{}")', 'The program needs `import "os"`.'),
    Language.JAVA: ('System.getenv("{}")', ""),
    Language.KOTLIN: ('System.getenv("{}")', ""),
    Language.GROOVY: ('System.getenv("{}")', ""),
    Language.CSHARP: ('Environment.GetEnvironmentVariable("{}")', "The program needs `using System;`."),
    Language.RUBY: ('ENV.fetch("{}")', ""),
    Language.PHP: ("getenv('{}')", ""),
    Language.RUST: ('std::env::var("{0}").expect("{0} is not set")', "It is a String, no longer a &str."),
    Language.SWIFT: ('ProcessInfo.processInfo.environment["{}"]!', "The program needs `import Foundation`."),
}
_RUN_WITH = "Give the program {} when it is started: dockhygiene run, a secret manager, or the service's own settings."
_SET = "Set {} before this runs, from a store rather than from another file; in a shell: read it when it is needed."
_COMPOSE = (
    "Give {} its value where docker compose is started, from a store or from an .env file beside this one that git "
    "ignores."
)
_CI = "Add {} as a protected, masked variable in the CI system's settings, with the new value."
_CONSTANT = re.compile(r"^[ \t]*(?:(?:public|private|internal|protected|export|pub)[ \t]+)*const(?:ant)?[ \t(]")
_CONSTANT_LANGUAGES = (Language.GO, Language.CSHARP, Language.RUST)


def reference_for(path: Path, language: Language, text: str, name: str) -> Reference | None:
    """How the reader of this file takes a value from its environment, or None where no way is known."""
    tool = tool_of(path)
    if tool:
        return _of_tool(tool.id, name)
    if ci_files.claims(path):
        return _of_ci(path, language, name)
    if language is Language.COMPOSE:
        return Reference(f"${{{name}}}", to_do=_COMPOSE.format(name))
    if language in (Language.SHELL, Language.FISH):
        inside = f"${{{name}}}" if language is Language.SHELL else f"${name}"
        return Reference(inside, to_do=_SET.format(name), marks='"', wrapped=True)
    if language is Language.POWERSHELL:
        return Reference(f"${{env:{name}}}", to_do=_SET.format(name), marks='"', wrapped=True)
    if language is Language.DOTENV:
        return Reference(f"${{{name}}}", to_do=_SET.format(name), marks='"')
    if path.name.lower() in ("devcontainer.json", ".devcontainer.json"):
        return Reference(f"${{localEnv:{name}}}", to_do=f"Set {name} where the editor is started.", marks='"')
    if language is Language.HCL and path.suffix == ".tf":
        declared = f'variable "{name}" {{ type = string, sensitive = true }} on lines of its own'
        return Reference("", f"var.{name}", f"Declare {declared}, and set TF_VAR_{name} where Terraform runs.", '"')
    if language is Language.YAML and _is_ansible(path, text):
        return Reference("", f"\"{{{{ lookup('env', '{name}') }}}}\"", f"Set {name} where ansible-playbook is started.")
    if language in _EXPRESSIONS:
        expression, needs = _EXPRESSIONS[language]
        return Reference("", expression.format(name), f"{needs} {_RUN_WITH.format(name)}".strip())
    return None


def _of_tool(tool: str, name: str) -> Reference | None:
    start = f"Set {name} where the tool is started, from a store, and only there."
    if tool in ("npm", "yarn"):
        return Reference(f"${{{name}}}", to_do=start)
    if tool == "maven":
        return Reference(f"${{env.{name}}}", to_do=start)
    return Reference(f"%{name}%", to_do=start) if tool == "nuget" else None


def _of_ci(path: Path, language: Language, name: str) -> Reference | None:
    file, folders = path.name.lower(), {part.lower() for part in path.parts[:-1]}
    if language is Language.GROOVY:
        return Reference(
            "", f"env.{name}", f"Bind {name} to a credential: environment {{ {name} = credentials('ID') }}."
        )
    if language is not Language.YAML:
        return None
    if folders & {".github", ".gitea", ".forgejo"} or file in ("action.yml", "action.yaml"):
        kind = " as a Dependabot secret" if file.startswith("dependabot") else ""
        where = f"gh secret set {name}{' --app dependabot' if kind else ''}, or the repository's settings, Secrets"
        return Reference(f"${{{{ secrets.{name} }}}}", to_do=f"Add {name}{kind} with the new value: {where}.")
    if file.startswith(("azure-pipelines", ".azure-pipelines")) or ".azure-pipelines" in folders:
        return Reference(f"$({name})", to_do=f"Add {name} as a secret variable of the pipeline.")
    if file.startswith((".drone", ".woodpecker")) or folders & {".drone", ".woodpecker"}:
        return Reference("", f"{{from_secret: {name}}}", f"Add {name} as a secret of the repository in the CI server.")
    if file.startswith((".gitlab-ci", ".travis", "bitbucket-pipelines")) or file.endswith(".gitlab-ci.yml") or (
        folders & {".circleci", ".gitlab", ".buildkite", ".semaphore", "ci", ".ci"}
    ):  # fmt: skip
        return Reference(f"${name}", to_do=_CI.format(name))
    return None


def _is_ansible(path: Path, text: str) -> bool:
    return bool({"group_vars", "host_vars", "playbooks", "roles"} & set(path.parts)) or (
        "hosts:" in text and "tasks:" in text
    )


def ways_to_refer(reference: Reference, language: Language, text: str, start: int, end: int) -> Iterator[Splice]:
    """Ways to write the reference where the value `start`..`end` stands, each still to be proven."""
    mark = enclosing_mark(text, start, end)
    alone = bool(mark) and start > 0 and text[start - 1] == mark == text[end : end + 1]
    runs_on = reference.inside[-1:].isalnum() and re.match(r"\w", text[end : end + 1])
    if mark == "raw" or runs_on:
        return  # `$NAME` and a letter behind it would be the name of another variable
    if reference.whole:
        yield from _as_expression(reference, language, text, start, end, alone=alone)
    elif mark and mark in reference.marks:
        yield Splice(start, end, reference.inside)
    elif mark and alone:
        yield Splice(start - 1, end + 1, f'"{reference.inside}"')
    elif not mark:
        in_flow = re.search(r"[\[{]", text[text.rfind("\n", 0, start) + 1 : start])
        quoted = reference.wrapped or (in_flow and language in (Language.YAML, Language.COMPOSE))
        yield Splice(start, end, f'"{reference.inside}"' if quoted else reference.inside)


def _as_expression(
    reference: Reference, language: Language, text: str, start: int, end: int, *, alone: bool
) -> Iterator[Splice]:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    if language in _CONSTANT_LANGUAGES and _CONSTANT.match(line):
        return  # a constant has to be known when the program is compiled
    if alone:
        yield Splice(start - 1, end + 1, reference.whole)
    elif language is Language.YAML and re.search(r"[:-][ \t]+\Z", line) and text[end : end + 1] in ("", "\n", "\r"):
        yield Splice(start, end, reference.whole)


def sets_itself(text: str, start: int, name: str) -> bool:
    """Whether the line gives this very variable its value: a reference to it there would say nothing."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return bool(
        re.search(rf"(?:^|[\s;&(]){re.escape(name)}[ \t]*=[ \t]*['\"]?\Z|\s{re.escape(name)}[ \t]+['\"]?\Z", line)
    )
