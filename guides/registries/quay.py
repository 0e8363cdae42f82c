"""Quay's API, quay.io and self-managed: robots, their rights, and the usage log, which tells pulls.

Source: quay/quay, endpoints/api/{robot,permission,logs}.py and robot_models_interface.py; what they do not say is in
UNPROVEN. A robot has one token, and `POST .../regenerate` ends it at the moment it makes the next: it is left out. A
second robot takes its place. The list is asked without tokens: it would give all of them.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Mapping

from checks.formats.display import printable
from guides.registries.api import Api, Call, HeaderSecret, Response, segment
from guides.registries.fields import Fields
from guides.registries.managed import Known, New, SignedIn, day, new_of, text_of
from guides.registries.network import Network
from guides.registries.trouble import Missing, NotSent

UNPROVEN: Mapping[str, str] = {
    "own-robots-by-token": "calls below /user ask for the scope user:admin, which an OAuth token may not be given",
    "log-range": "how far back the log may be asked: quay.io may refuse what is older than its own limit",
    "robot-names": "which names a new robot may have, beyond what the web page allows",
}
"""What the source does not say, by name; docs/provider-clients.md tells what follows."""

DAYS = 30
"""Of the log that are asked for."""
_HINTS = {
    401: "use an OAuth token of an application in this organisation, not a robot's token",
    403: "the OAuth token needs org:admin, for a person user:admin, and repo:admin to give rights",
    404: "check the organisation, and whether the namespace belongs to a person",
}


class Quay:
    """`owner` is "organization" or "user": whose namespace it is. Raises ApiError and NetworkFailure throughout."""

    def __init__(
        self,
        network: Network,
        base_url: str,
        login: HeaderSecret,
        *,
        owner: str = "organization",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._in = SignedIn(Api(network, base_url.rstrip("/") + "/api/v1"), login, _HINTS)
        self._owner = owner
        self._clock = clock

    @property
    def host(self) -> str:
        return self._in.api.host

    def find(self, username: str) -> Known:
        """The robot of this user name, `acme+ci`. Raises Missing, and NotSent for a name that is no robot's."""
        namespace, _ = parts(username)
        told = self._in.ask(f"{self._base(namespace)}/robots", {"token": "false", "permissions": "true"}).fields()
        found = next((robot for robot in told.items("robots") if robot.text("name") == username), None)
        if found is None:
            raise Missing(f"{self.host} has no robot {printable(username, 80)}: check the name", status=404)
        teams = ", ".join(text_of(team, "name") for team in found.items("teams"))
        about = (
            f"robot {printable(username, 80)}, made {day(found, 'created')}",
            f"last used: {day(found, 'last_accessed')} (told only where the server keeps it)",
            f"rights: {'; '.join(f'{role} {repository}' for repository, role in self._rights(username)) or 'none'}",
            *((printable(f"member of the teams {teams}: they are not copied", 200),) if teams else ()),
        )
        return Known(username, username, about, found)

    def log(self, one: Known) -> tuple[str, ...]:
        """The newest page of the last thirty days: pulls and pushes with address."""
        namespace, _ = parts(one.name)
        today = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        first = today - datetime.timedelta(days=DAYS)
        query = {"performer": one.name, "starttime": f"{first:%m/%d/%Y}", "endtime": f"{today:%m/%d/%Y}"}
        told = self._in.ask(f"{self._base(namespace)}/logs", query).fields()
        more = ("there is more on the page",) if text_of(told, "next_page") else ()
        return (*map(_entry, told.items("logs")), *more)

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """A robot without rights: `rights` gives them. Its token has no end, so `days` counts for nothing."""
        namespace, _ = parts(one.name)
        short = name.replace("-", "_")
        effect = f"makes one more robot `{namespace}+{short}`, still without rights; its token has no end"
        return self._in.making("PUT", self._robot(namespace, short), effect, {"description": "by dockhygiene"}, _new)

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        """The old one's role on each of its repositories."""
        namespace, _ = parts(one.name)
        return tuple(
            self._in.changing(
                "PUT",
                f"/repository/{segment(namespace)}/{segment(name)}/permissions/user/{segment(new.username)}",
                f"lets `{printable(new.username, 80)}` {role} the repository {printable(name, 80)}",
                {"role": role},
            )
            for name, role in self._rights(one.name)
        )

    def disable(self, one: Known) -> None:
        return None

    def delete(self, one: Known) -> Call[None]:
        return self._in.ending(
            "DELETE", self._robot(*parts(one.name)), f"deletes the robot {one.shown} for good, and its rights with it"
        )

    def _rights(self, username: str) -> list[tuple[str, str]]:
        """Repository and role."""
        told = self._in.ask(f"{self._robot(*parts(username))}/permissions").fields()
        rights = [(one, Fields.of(one.value.get("repository"), one.where)) for one in told.items("permissions")]
        return [(repository.text("name"), one.text("role")) for one, repository in rights]

    def _base(self, namespace: str) -> str:
        return f"/organization/{segment(namespace)}" if self._owner == "organization" else "/user"

    def _robot(self, namespace: str, short: str) -> str:
        return f"{self._base(namespace)}/robots/{segment(short)}"


def parts(username: str) -> tuple[str, str]:
    """Namespace and short name of a robot's user name. Raises NotSent."""
    namespace, plus, short = username.partition("+")
    if not (namespace and plus and short):
        raise NotSent(f"{printable(username, 80)} is no robot (namespace+robot): nothing was sent; use the web page")
    return namespace, short


def _new(answer: Response) -> New:
    return new_of(answer, "token", username="name", id="name")


def _entry(entry: Fields) -> str:
    about = entry.value.get("metadata")
    held = Fields.of(about, entry.where) if isinstance(about, dict) else Fields({}, entry.where)
    what = " ".join(filter(None, (text_of(held, name) for name in ("repo", "tag"))))
    return printable(f"{text_of(entry, 'datetime')} {text_of(entry, 'kind')} {what} from {text_of(entry, 'ip')}", 200)
