"""Whether the old one stays dead, without ever sending it: what the provider, or its own user file, says of it.

Nobody is asked unattended but what lies on this machine. Where a login is needed, the person gives it for one
question, and it is not kept. Everything else is not known, and that is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries import htpasswd
from guides.registries.docker_hub import SecondFactorNeeded, Session
from guides.registries.gitlab import Source
from guides.registries.htpasswd import NotHtpasswd
from guides.registries.trouble import Forbidden, Missing
from guides.steps.accounts import account_for
from guides.steps.accounts.account import asked
from guides.steps.accounts.docker_hub import DockerHubAccount
from guides.steps.accounts.gitlab import DEPLOY, GitLabAccount
from guides.steps.step import Action, Answers, Ask, AskKind, StepFailed, action, secret_of, text_of

MOST_BYTES = 1 << 20
MOST_EVENTS = 20
ACTIVE = "lists the old one as active"
"""How the alarm ends that stands until the provider is asked again and says otherwise."""
_NOT_KNOWN = "whether the old one was tried since is not known here; the pages of the step Monitor show it"


@dataclass(frozen=True, slots=True)
class Standing:
    """`dead` is None where nobody who was asked could tell."""

    dead: bool | None
    says: str


def standing(walk: Walk) -> Standing:
    """What can be known unattended, without a login and without a request."""
    known = _UNATTENDED.get(walk.kind.client)
    return (known(walk) if known else None) or Standing(None, _NOT_KNOWN)


def questions(walk: Walk) -> Iterator[Action]:
    """What the provider can be asked with a login that the person gives now."""
    account = account_for(walk)
    if isinstance(account, GitLabAccount) and walk.case.old.kind == DEPLOY and walk.case.username:
        yield _ask_gitlab(walk, account)
    elif isinstance(account, DockerHubAccount):
        yield _ask_hub(walk, account)


def _in_user_file(walk: Walk) -> Standing | None:
    """The registry's own file, where it lies on this machine: a user who is not in it is let in nowhere."""
    case = walk.case
    if not case.htpasswd or not case.username or (case.new and case.new.username == case.username):
        return None
    try:
        text = read_file(Path(case.htpasswd), MOST_BYTES).data.decode("utf-8", "surrogateescape")
        names = [user.name for user in htpasswd.users(text)]
    except (NotRead, NotHtpasswd) as error:
        return Standing(None, f"the registry's user file cannot be read: {printable(str(error), 160)}")
    user = printable(case.username, 60)
    if case.username in names:
        return Standing(False, f"{user} stands in the registry's user file again")
    return Standing(True, f"{user} is not in the registry's user file: the old one stays dead")


_UNATTENDED: Mapping[str, Callable[[Walk], Standing | None]] = {"htpasswd": _in_user_file}
"""By the `client` of the kind of credential."""


def _ask_gitlab(walk: Walk, account: GitLabAccount) -> Action:
    default = next((use.repository for use in walk.case.uses if use.repository), "")
    return action(
        "ask",
        "Ask GitLab whether the old deploy token stays revoked",
        lambda answers: _gitlab_says(walk, account, answers),
        effects=(
            f"GET {account.client.host}/api/v4/projects/PROJECT/deploy_tokens: nothing is changed.",
            f"Sent to {account.client.host}: the token that you enter now, which is not kept.",
        ),
        asks=(
            Ask("project", AskKind.TEXT, "Project (acme/shop)", default=default),
            Ask("manager", AskKind.SECRET, "A personal token with the scope api, of a Maintainer"),
        ),
        verb="Ask",
    )


def _gitlab_says(walk: Walk, account: GitLabAccount, answers: Answers) -> Iterator[str]:
    project = text_of(answers, "project")
    if not project:
        raise StepFailed("no project was named")
    with asked():
        tokens = account.client.deploy_tokens(secret_of(answers, "manager"), Source("project", project)).items
    alive = any(one.username == walk.case.username and not one.revoked for one in tokens)
    yield from _told(walk, account.client.host, alive=alive)


def _ask_hub(walk: Walk, account: DockerHubAccount) -> Action:
    return action(
        "ask",
        "Sign in to Docker Hub: does the old one stay off, and what was done since?",
        lambda answers: _hub_says(walk, account, answers),
        effects=(
            f"Sent to {account.client.host}: the account's password and code, asked now and not kept.",
            "GET access tokens and audit log: nothing is changed.",
        ),
        asks=(
            Ask("account", AskKind.TEXT, "Docker Hub user name", default=walk.case.username),
            Ask("password", AskKind.SECRET, "Password of the account"),
            Ask("code", AskKind.SECRET, "Six-digit code, where the account asks for one", optional=True),
        ),
        verb="Sign in",
    )


def _hub_says(walk: Walk, account: DockerHubAccount, answers: Answers) -> Iterator[str]:
    """The tokens are listed without their values; which one was the old is known since it was switched off."""
    client, code = account.client, answers.get("code")
    with asked("where single sign-on is enforced, use the web page"):
        try:
            given = code if isinstance(code, Secret) and code else None
            session = client.sign_in(text_of(answers, "account"), secret_of(answers, "password"), given)
        except SecondFactorNeeded as error:
            raise StepFailed(str(error), "enter the code together with the password") from None
        owner = account.organisation
        tokens = client.organisation_tokens(session, owner).items if owner else client.tokens(session).items
    events = list(_hub_events(walk, account, session))
    remote = walk.case.old.remote_id
    alive = any(one.id == remote and one.active for one in tokens) if remote else None
    yield from _told(walk, client.host, alive=alive, events=events)


def _hub_events(walk: Walk, account: DockerHubAccount, session: Session) -> Iterator[str]:
    watch = walk.case.watch
    since = datetime.datetime.fromtimestamp(watch.looked if watch and watch.looked else walk.case.opened, datetime.UTC)
    with asked():
        try:
            found = account.client.audit_events(session, account.organisation or session.account, since).items
        except (Forbidden, Missing):
            yield "no audit log for this account (Team and Business only): not known"
            return
    for one in found[:MOST_EVENTS]:
        yield f"{one.at:%Y-%m-%d %H:%M} " * bool(one.at) + f"{one.action} by {one.actor}: {one.name}"
    if len(found) > MOST_EVENTS:
        yield f"and {len(found) - MOST_EVENTS} more"
    yield f"{len(found)} audit events since {since:%Y-%m-%d}; pulls are not among them"


def _told(walk: Walk, host: str, *, alive: bool | None, events: Sequence[str] = ()) -> Iterator[str]:
    """Written into the journal, and an alarm of the watch where the old one lives again."""
    if alive is None:
        line = f"{host} lists no token that is known to be the old one: not known"
    elif alive:
        line = f"{host} {ACTIVE}"
    else:
        line = f"{host} does not list the old one as active: it stays dead"
    lines = [line, *(printable(event, 200) for event in events)]
    watch = walk.case.watch
    if watch:
        others = tuple(alarm for alarm in watch.alarms if not alarm.endswith(ACTIVE))
        watch = replace(watch, alarms=(*others, line) if alive else others)
    walk.log(StepId.MONITOR, f"asked: {'; '.join(lines)}", watch=watch)
    yield from lines
