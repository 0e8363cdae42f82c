"""Harbor's API: robots, and the audit log. OVHcloud's Managed Private Registry is a Harbor too.

Source: Harbor's swagger (API version 2.0), src/server/v2.0/handler/robot.go of goharbor/harbor; what they do not say is
in UNPROVEN. `PATCH /robots/{id}`, which gives a robot a new secret in place, is left out: the old one is dead at that
moment. A second robot takes its place, and then the first is switched off and deleted.
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.formats.display import printable
from guides.registries.api import Api, Call, HeaderSecret, Response, segment
from guides.registries.fields import Fields
from guides.registries.managed import Known, New, SignedIn, day, new_of, text_of, until
from guides.registries.network import Network
from guides.registries.trouble import Missing, NotSent

UNPROVEN: Mapping[str, str] = {
    "robot-deletes-itself": "whether a robot with the right to delete robots may delete itself: offered, it answers",
    "robot-prefix": "robot$ can be set to something else: a name without `$` is looked for as it stands",
    "project-audit": "that a project's administrator reads the project's log: the description names no role",
}
"""What the official description does not say, by name; docs/provider-clients.md tells what follows."""

NEVER = -1
"""Harbor's number of days for a robot without an end."""
_HINTS = {
    401: "check user and password; with single sign-on it is the CLI secret of your profile, not the web password",
    403: "use a project administrator, or a robot that may do this to robots",
}


class Harbor:
    """`base_url` is the registry's own address. Raises ApiError and NetworkFailure throughout."""

    def __init__(self, network: Network, base_url: str, login: HeaderSecret) -> None:
        headers = {"X-Is-Resource-Name": "true"}  # projects are named here, never numbered
        api = Api(network, base_url.rstrip("/") + "/api/v2.0", headers=headers)
        self._in = SignedIn(api, login, _HINTS)

    @property
    def host(self) -> str:
        return self._in.api.host

    def find(self, username: str) -> Known:
        """The robot of this user name, `robot$shop+ci` or `robot$ci`. Raises Missing."""
        project, level = project_of(username), "Level=system"
        if project:
            told = self._in.ask(f"/projects/{segment(project)}").fields()
            level = f"Level=project,ProjectID={told.whole('project_id')}"
        listed = self._in.pages("/robots", _page, "page_size", {"q": level})
        for robot in listed.items:
            if robot.text("name") == username:
                return _known(robot)
        rest = "" if listed.complete else " among those that were read"
        raise Missing(f"{self.host} has no robot {printable(username, 80)}{rest}: check the name", status=404)

    def log(self, one: Known) -> tuple[str, ...]:
        """The newest hundred entries, of its project or of the whole system. Harbor notes no address."""
        project = project_of(one.name)
        path = f"/projects/{segment(project)}/auditlog-exts" if project else "/auditlog-exts"
        query = {"q": f"username={one.name}", "sort": "-op_time", "page_size": "100"}
        return tuple(map(_entry, self._in.ask(path, query).items()))

    def create(self, one: Known, name: str, days: int) -> Call[New]:
        """`name` without prefix and project: small letters, digits, and single `.`, `_` or `-` between them."""
        permissions = [_permission(each) for each in one.described.items("permissions")]
        body = {
            "name": name,
            "description": "made by dockhygiene",
            "level": one.described.text("level"),
            "duration": days or NEVER,
            "permissions": permissions,
        }
        effect = f"makes one more robot `{name}` with the rights of {one.shown}, {until(days)}"
        return self._in.making("POST", "/robots", effect, body, _new)

    def rights(self, one: Known, new: New) -> tuple[Call[None], ...]:
        return ()

    def disable(self, one: Known) -> Call[None]:
        body = {name: value for name, value in one.described.value.items() if name != "secret"} | {"disable": True}
        effect = f"switches the robot {one.shown} off: it can be switched on again"
        return self._in.changing("PUT", f"/robots/{segment(one.id)}", effect, body)

    def delete(self, one: Known) -> Call[None]:
        return self._in.ending("DELETE", f"/robots/{segment(one.id)}", f"deletes the robot {one.shown} for good")


def project_of(username: str) -> str:
    """The project of a project's robot, empty for one of the whole system."""
    return username.partition("$")[2].rpartition("+")[0]


def _page(answer: Response) -> tuple[tuple[Fields, ...], bool]:
    return answer.items(), 'rel="next"' in answer.answer.header("Link")


def _new(answer: Response) -> New:
    return new_of(answer, "secret", username="name", id="id")


def _known(robot: Fields) -> Known:
    rights = [_right(permission) for permission in robot.items("permissions")]
    about = (
        f"robot {printable(robot.text('name'), 80)} ({robot.whole('id')})",
        f"made {day(robot, 'creation_time')}, expires {day(robot, 'expires_at')}",
        f"rights: {'; '.join(filter(None, rights)) or 'none'}",
        "it is switched off" if robot.flag("disable") else "it is switched on",
    )
    return Known(str(robot.whole("id")), robot.text("name"), about, robot)


def _right(permission: Fields) -> str:
    allowed = [f"{text_of(one, 'action')} {text_of(one, 'resource')}" for one in permission.items("access")]
    return printable(f"{text_of(permission, 'namespace')}: {', '.join(allowed)}", 200)


def _permission(permission: Fields) -> dict[str, object]:
    access = [dict(one.value) for one in permission.items("access")]
    if not access:
        raise NotSent(f"{permission.where}: the robot has no rights that could be copied: make one on the web page")
    return {**permission.value, "access": access}


def _entry(entry: Fields) -> str:
    result = "" if entry.value.get("operation_result", True) else ", refused"
    what = " ".join(text_of(entry, name) for name in ("operation", "resource_type", "resource"))
    return printable(f"{text_of(entry, 'op_time')} {what}{result}", 200)
