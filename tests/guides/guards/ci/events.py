"""What each CI system tells of an event, in its documented variables, and which shell text it then runs.

GitHub: docs.github.com/en/actions/reference/workflows-and-actions/variables and .../contexts (`github.event.before`).
GitLab: docs.gitlab.com/ci/variables/predefined_variables. Bitbucket: support.atlassian.com/bitbucket-cloud/docs/
variables-and-secrets. CircleCI: circleci.com/docs/variables and .../pipeline-variables. Travis:
docs.travis-ci.com/user/environment-variables. Jenkins: plugins.jenkins.io/git and the multibranch `CHANGE_` variables.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

NOTHING = "0" * 40


@dataclass(frozen=True)
class Event:
    """A push of a branch or a tag, or a pull request."""

    branch: str = ""
    tag: str = ""
    target: str = ""
    """Where a pull request goes to."""
    base: str = ""
    """The commit that the system calls the base of the pull request."""
    before: str = NOTHING
    after: str = ""


def shell_texts(system: str, text: str) -> list[str]:
    """The parts of a set-up that the system gives to a shell, in their order."""
    if system == "jenkins":
        (script,) = re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
        return [textwrap.dedent(script)]
    form = yaml.safe_load(text)
    return _TEXTS[system](form)


def _github(form: Any) -> list[str]:
    return [step["run"] for step in form["jobs"]["secrets"]["steps"] if "run" in step]


def _gitlab(form: Any) -> list[str]:
    return ["\n".join(form["dockhygiene"]["before_script"] + form["dockhygiene"]["script"])]


def _bitbucket(form: Any) -> list[str]:
    return ["\n".join(form["definitions"]["steps"][0]["step"]["script"])]


def _circleci(form: Any) -> list[str]:
    steps = form["jobs"]["dockhygiene"]["steps"]
    return [step["run"]["command"] for step in steps if "run" in step]


def _travis(form: Any) -> list[str]:
    return form["install"] + form["script"]  # type: ignore[no-any-return]


_TEXTS: Mapping[str, Callable[[Any], list[str]]] = {
    "github": _github,
    "gitlab": _gitlab,
    "bitbucket": _bitbucket,
    "circleci": _circleci,
    "travis": _travis,
}


def variables(system: str, event: Event, text: str) -> dict[str, str]:
    """The variables of this event. Those that GitHub and CircleCI fill in are read from the set-up itself."""
    if system == "github":
        return _github_variables(event, text)
    if system == "circleci":
        return _circleci_variables(event, text)
    return _VARIABLES[system](event)


def _github_variables(event: Event, text: str) -> dict[str, str]:
    (step,) = (step for step in yaml.safe_load(text)["jobs"]["secrets"]["steps"] if "env" in step)
    known = {
        "${{ github.event.pull_request.base.sha || github.event.before }}": event.base or event.before,
        "${{ github.event.repository.default_branch }}": "main",
    }
    kind = "tag" if event.tag else "branch"
    return {
        **{name: known[value] for name, value in step["env"].items()},
        "GITHUB_BASE_REF": event.target,
        "GITHUB_REF_TYPE": kind,
        "GITHUB_REF_NAME": "7/merge" if event.target else event.tag or event.branch,
    }


def _gitlab_variables(event: Event) -> dict[str, str]:
    common = {"CI_DEFAULT_BRANCH": "main"}
    if event.target:
        merge = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": event.target, "CI_MERGE_REQUEST_DIFF_BASE_SHA": event.base}
        return common | merge | {"CI_COMMIT_BEFORE_SHA": NOTHING}
    pushed = {"CI_COMMIT_TAG": event.tag} if event.tag else {"CI_COMMIT_BRANCH": event.branch}
    return common | pushed | {"CI_COMMIT_BEFORE_SHA": event.before}


def _bitbucket_variables(event: Event) -> dict[str, str]:
    if event.target:
        base = {"BITBUCKET_PR_DESTINATION_BRANCH": event.target, "BITBUCKET_PR_DESTINATION_COMMIT": event.base[:12]}
        return {"BITBUCKET_BRANCH": event.branch, **base}
    return {"BITBUCKET_TAG": event.tag} if event.tag else {"BITBUCKET_BRANCH": event.branch}


def _circleci_variables(event: Event, text: str) -> dict[str, str]:
    steps = yaml.safe_load(text)["jobs"]["dockhygiene"]["steps"]
    (named,) = (step["run"]["environment"] for step in steps if "environment" in step.get("run", {}))
    known = {"<< pipeline.git.base_revision >>": "" if event.before == NOTHING else event.before}
    pushed = {"CIRCLE_TAG": event.tag} if event.tag else {"CIRCLE_BRANCH": event.branch}
    return {**{name: known[value] for name, value in named.items()}, **pushed}


def _travis_variables(event: Event) -> dict[str, str]:
    base = event.base or ("" if event.before == NOTHING else event.before)
    return {
        "TRAVIS_BRANCH": event.target or event.tag or event.branch,
        "TRAVIS_PULL_REQUEST": "7" if event.target else "false",
        "TRAVIS_TAG": event.tag,
        "TRAVIS_COMMIT_RANGE": f"{base}...{event.after}" if base else "",
    }


def _jenkins_variables(event: Event) -> dict[str, str]:
    """BEFORE is GIT_PREVIOUS_SUCCESSFUL_COMMIT, which the Jenkinsfile hands over."""
    before = "" if event.before == NOTHING else event.before
    if event.target:
        return {"BEFORE": before, "CHANGE_TARGET": event.target, "BRANCH_NAME": "PR-7"}
    tag = {"TAG_NAME": event.tag} if event.tag else {}
    return {"BEFORE": before, "BRANCH_NAME": event.tag or event.branch, **tag}


_VARIABLES: Mapping[str, Callable[[Event], dict[str, str]]] = {
    "gitlab": _gitlab_variables,
    "bitbucket": _bitbucket_variables,
    "travis": _travis_variables,
    "jenkins": _jenkins_variables,
}
