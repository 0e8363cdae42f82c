"""The CI systems that this program can write a set-up for, and the set-ups themselves.

A template is a file of the system's own kind with a few places, `@main@` for example. What finds out which commits a
change brings is the same POSIX shell everywhere, `what-changed.sh`, put in with the indentation of its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

_PLACE = re.compile(r"@([a-z_]+)@")
_SCRIPT = re.compile(r"^( *)@what_changed@\n", re.MULTILINE)
SAFE_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
"""Names that mean the same in YAML, Groovy and the shell."""
FAIL_ON = "medium"

_CHECKED = "Its form was checked against the system's schema, and its script run on real repositories, by our tests."


@dataclass(frozen=True, slots=True)
class CiSystem:
    """One CI system."""

    id: str
    title: str
    template: str
    """Name of the template's file in this folder."""
    path: str
    """Where the system looks for its set-up, from the top of the repository."""
    joining: str
    """What to do where that file is there already: it is the person's, and never overwritten."""
    hosts: tuple[str, ...] = ("github", "gitlab", "bitbucket")
    """Hosting platforms of the repositories it builds; ids in `hosting`."""
    proof: str = _CHECKED
    beside: str = ""
    """A second file that the system can include, so that nothing has to be merged by hand."""
    then: str = "Commit it, and it works."
    """What is left to do once the file is written."""
    remark: str = ""
    """What this set-up cannot do."""


SYSTEMS = (
    CiSystem(
        id="github",
        title="GitHub Actions",
        template="github.yml",
        path=".github/workflows/dockhygiene.yml",
        joining="It differs from this one: compare the two, and change or remove it yourself.",
        hosts=("github",),
    ),
    CiSystem(
        id="gitlab",
        title="GitLab CI",
        template="gitlab.yml",
        path=".gitlab-ci.yml",
        joining="Keep this in .gitlab/dockhygiene.yml, and add to .gitlab-ci.yml what follows; where your `stages:` "
        "has no `test`, name one of yours in it.\ninclude:\n  - local: .gitlab/dockhygiene.yml",
        hosts=("gitlab",),
        beside=".gitlab/dockhygiene.yml",
    ),
    CiSystem(
        id="bitbucket",
        title="Bitbucket Pipelines",
        template="bitbucket.yml",
        path="bitbucket-pipelines.yml",
        joining="Add its step below your `definitions: steps:`, and `- step: *dockhygiene` to each of your pipelines: "
        "`default`, `tags`, `pull-requests`, and every entry of `branches`.",
        hosts=("bitbucket",),
        remark="Of a push of several commits to the main branch Bitbucket tells only the last one: let changes come by "
        "pull request, or install the hooks (dockhygiene guard install).",
    ),
    CiSystem(
        id="circleci",
        title="CircleCI",
        template="circleci.yml",
        path=".circleci/config.yml",
        joining="Add its job below your `jobs:`, and its workflow below your `workflows:`.",
    ),
    CiSystem(
        id="travis",
        title="Travis CI",
        template="travis.yml",
        path=".travis.yml",
        joining="Add its `git: depth: false`, its line of `install:` and its entry of `script:` to yours; the agent "
        "needs Python 3.11 or newer.",
    ),
    CiSystem(
        id="jenkins",
        title="Jenkins",
        template="Jenkinsfile",
        path="Jenkinsfile",
        joining="Add its stage to your `stages`, with its `checkout`.",
        proof="Its script was run on real repositories by our tests. The Groovy around it was parsed, and not run "
        "in Jenkins: the linter of your Jenkins (/pipeline-model-converter/validate) can tell.",
    ),
    CiSystem(
        id="pre-commit",
        title="pre-commit",
        template="pre-commit.yaml",
        path=".pre-commit-config.yaml",
        joining="Add its entry to your `repos:`, and pre-push to your `default_install_hook_types:`; then run "
        "`pre-commit install`.",
        proof="Its form was checked by pre-commit itself, and its hooks run by pre-commit on real repositories, by our "
        "tests.",
        then="Commit it; `pre-commit install` puts its hooks in place, once in every clone.",
        remark="pre-commit sees only the first branch of a push of several: `dockhygiene guard install` sees all.",
    ),
)


def ci_system(id: str) -> CiSystem:  # noqa: A002  what the command line calls it
    """The system of this id. Raises KeyError."""
    return {system.id: system for system in SYSTEMS}[id]


def set_up(system: CiSystem, version: str, main: str, fail_on: str = FAIL_ON) -> str:
    """The text of a system's set-up.

    `version` of dockhygiene is the one that CI installs, `main` the branch that new branches are compared with where
    the system does not name it, `fail_on` the least severity that stops a change. Raises ValueError for a branch with
    a name that would have to be quoted.
    """
    if not SAFE_BRANCH.fullmatch(main):
        raise ValueError("the name of the main branch must be letters, digits and ._/-")
    script = _file("what-changed.sh")
    text = _SCRIPT.sub(lambda place: _indented(script, place[1]), _file(system.template))
    values: Mapping[str, str] = {"version": version, "main": main, "fail_on": fail_on}
    return _PLACE.sub(lambda place: values[place[1]], text)


def _indented(script: str, indentation: str) -> str:
    return "".join(f"{indentation}{line}" if line.strip() else line for line in script.splitlines(keepends=True))


def _file(name: str) -> str:
    return (resources.files("guides.guards.ci") / name).read_text("utf-8")
