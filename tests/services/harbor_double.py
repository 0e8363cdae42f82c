"""A double of Harbor: users, projects, robots with permissions, the audit log, and its registry."""

from __future__ import annotations

import itertools
import re
from typing import Any

from tests.services.double import Asked, Told, token
from tests.services.registry_double import ProviderDouble, RegistryDouble

DAY = 86400
PULL = {"resource": "repository", "action": "pull"}
MANAGING = [{"resource": "robot", "action": action} for action in ("create", "read", "list", "delete")]
NEEDED = {"POST": "create", "GET": "list", "DELETE": "delete", "PUT": "update"}


class HarborDouble(ProviderDouble):
    """`projects` has the number and the administrator of each; robots are kept as the API describes them."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords: dict[str, str] = {}
        self.projects: dict[str, tuple[int, str]] = {}
        self.robots: dict[int, dict[str, Any]] = {}
        self.secrets: dict[int, str] = {}
        self.entries: list[dict[str, Any]] = []
        self.largest_page = 100
        self._numbers = itertools.count(1)
        self.registry = RegistryDouble(self.enter, service="harbor-registry")

    def issue(self, project: str, short: str, access: list[dict[str, str]] | None = None, days: int = -1) -> int:
        """A robot of this project, or of the system where it is empty; its number."""
        number = next(self._numbers)
        permission = {"kind": "project", "namespace": project or "*", "access": access or [PULL]}
        self.robots[number] = {
            "id": number,
            "name": f"robot${project}+{short}" if project else f"robot${short}",
            "level": "project" if project else "system",
            "duration": days,
            "editable": True,
            "disable": False,
            "expires_at": -1 if days < 0 else int(self.now().timestamp()) + days * DAY,
            "permissions": [permission],
            "creation_time": self.moment(),
        }
        self.secrets[number] = token("", 32)
        return number

    def enter(self, user: str, password: str) -> frozenset[str] | None:
        with self._lock:
            robot = self._robot(user, password)
            if robot is None:
                return frozenset({"pull", "push"}) if user and self.passwords.get(user) == password else None
            self.entries.append(self._entry("pull", "artifact", "shop/web:latest", user))
            return frozenset(one["action"] for p in robot["permissions"] for one in p["access"])

    def _robot(self, user: str, password: str) -> dict[str, Any] | None:
        """The same answer for a wrong secret, one that is switched off and one that is gone."""
        for number, robot in self.robots.items():
            if robot["name"] == user and self.secrets[number] == password and not robot["disable"]:
                return robot
        return None

    def answer(self, asked: Asked) -> Told:
        user, password = asked.basic() or ("", "")
        robot = self._robot(user, password)
        if robot is None and (not user or self.passwords.get(user) != password):
            return _refused(401, "UNAUTHORIZED")
        path = asked.path.removeprefix("/api/v2.0")
        if match := re.fullmatch(r"/projects/([^/]+)", path):
            return self._project(asked, match[1])
        if path.endswith("/auditlog-exts"):
            wanted = asked.first("q").removeprefix("username=")
            return Told(200, [one for one in reversed(self.entries) if one["username"] == wanted])
        if robot is not None and not self._may(robot, NEEDED[asked.method]):
            return _refused(403, "FORBIDDEN")
        if path == "/robots":
            return self._list(asked) if asked.method == "GET" else self._create(asked, user, robot)
        return self._one(asked, int(path.rpartition("/")[2]))

    def _may(self, robot: dict[str, Any], action: str) -> bool:
        return {"resource": "robot", "action": action} in robot["permissions"][0]["access"]

    def _project(self, asked: Asked, name: str) -> Told:
        if asked.headers.get("X-Is-Resource-Name") != "true" or name not in self.projects:
            return _refused(404, "NOT_FOUND")
        return Told(200, {"project_id": self.projects[name][0], "name": name})

    def _list(self, asked: Asked) -> Told:
        names = {str(number): name for name, (number, _) in self.projects.items()}
        match = re.fullmatch(r"Level=system|Level=project,ProjectID=(\d+)", asked.first("q"))
        if not match:
            return _refused(400, "BAD_REQUEST")
        wanted = f"robot${names.get(match[1], '?')}+" if match[1] else ""
        rows = [r for r in self.robots.values() if (r["name"].startswith(wanted) if wanted else "+" not in r["name"])]
        size = min(int(asked.first("page_size", "10")), self.largest_page)
        end = int(asked.first("page", "1")) * size
        link = {"Link": f'<{asked.path}?page=9>; rel="next"'} if end < len(rows) else {}
        return Told(200, rows[end - size : end], link)

    def _create(self, asked: Asked, user: str, robot: dict[str, Any] | None) -> Told:
        given = asked.body
        permission = given["permissions"][0]
        if not re.fullmatch(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", given["name"]) or not permission["access"]:
            return _refused(400, "BAD_REQUEST")
        project = permission["namespace"] if given["level"] == "project" else ""
        if robot is None and project and self.projects[project][1] != user:
            return _refused(403, "FORBIDDEN")
        number = self.issue(project, given["name"], permission["access"], given["duration"])
        made = self.robots[number]
        self.entries.append(self._entry("create", "robot", made["name"], user))
        told = {name: made[name] for name in ("id", "name", "creation_time", "expires_at")}
        return Told(201, {**told, "secret": self.secrets[number]})

    def _one(self, asked: Asked, number: int) -> Told:
        robot = self.robots.get(number)
        if robot is None:
            return _refused(404, "NOT_FOUND")
        if asked.method == "DELETE":
            del self.robots[number]
        elif asked.method == "PUT":
            if (asked.body["name"], asked.body["level"]) != (robot["name"], robot["level"]):
                return _refused(400, "BAD_REQUEST")
            robot["disable"] = asked.body["disable"]
        return Told(200)

    def _entry(self, operation: str, kind: str, resource: str, user: str) -> dict[str, Any]:
        told = {"operation": operation, "resource_type": kind, "resource": resource, "username": user}
        return {"id": len(self.entries), "op_time": self.moment(), "operation_result": True, **told}


def _refused(status: int, code: str) -> Told:
    return Told(status, {"errors": [{"code": code, "message": code.lower()}]})
