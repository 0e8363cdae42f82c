"""Asking an engine: every answer is bounded in time and size, and waiting for it ends when the scan does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from checks import late
from checks.engine.answers import Answer, Silent
from checks.engine.endpoints import Endpoint
from checks.formats.display import printable
from checks.formats.streams import Damaged
from checks.model.finding import Finding
from checks.model.workstation import MEBIBYTE, Workstation

if TYPE_CHECKING:
    from checks.engine.session import Session

HELLO_SECONDS = 10.0
"""For the first answer."""
ANSWER_SECONDS = 30.0
SAVE_SECONDS = 600.0
"""Without a byte: docker before version 25 writes all of a save to its own disk before it sends the first one."""
_MOST_ANSWER = 64 * MEBIBYTE
_OLDEST = (1, 24)
"""The API of docker 1.12 (2016), the oldest that the SDK speaks."""
_VERSION = late.compile(r"(\d{1,3})\.(\d{1,4})", re.ASCII)


class EngineError(Exception):
    """The engine did not answer as it should. The message is a clause for people: what happened, and the mend."""


class Refused(EngineError):
    """It answers, but does not tell this."""


class Engine:
    """One engine that has said its version."""

    def __init__(self, endpoint: Endpoint, workstation: Workstation) -> None:
        """Raises EngineError."""
        from docker.errors import DockerException

        from checks.engine.session import Session

        self.endpoint = endpoint
        self._workstation = workstation
        self._version = ""
        try:
            self._session: Session = Session(endpoint)
        except DockerException as error:
            raise EngineError(
                f"its keys cannot be used ({printable(str(error), 120)}): docker context update"
            ) from error
        self.name = "docker"
        self._version = f"/v{_checked(self._hello() or self._json('/version', {}, HELLO_SECONDS))}"

    def _hello(self) -> dict[str, str]:
        """The version as the ping's header says it: for `/version` Podman starts programs, which may take seconds."""
        answer = self._answer("/_ping", [], HELLO_SECONDS, whole=True)
        try:
            self._checked_status(answer)
        except Refused:
            return {}
        finally:
            answer.close()
        if answer.headers.get("Server", "").startswith("Libpod"):
            self.name = "Podman"
        version = answer.headers.get("Api-Version")
        return {"ApiVersion": version} if version else {}

    def json(self, path: str, **parameters: str) -> Any:
        """What the engine says. Raises EngineError."""
        return self._json(self._version + path, parameters, ANSWER_SECONDS)

    def stream(self, path: str, parameters: list[tuple[str, str]]) -> Answer:
        """A body that is read as it comes. Raises EngineError where there is none."""
        answer = self._answer(self._version + path, parameters, SAVE_SECONDS)
        self._checked_status(answer)
        return answer

    def close(self) -> None:
        self._session.close()

    def placed(self, finding: Finding, check: str, image: str) -> Finding:
        """A finding of this image; the place says of which engine where it is not docker's own."""
        place = replace(finding.place, image=image, repository=self.repository)
        return replace(finding, check=check, place=place)

    @property
    def _restart(self) -> str:
        podman = "podman" in self.endpoint.url
        return "systemctl --user restart podman.socket" if podman else "sudo systemctl restart docker"

    @property
    def repository(self) -> str | None:
        """What a place says of the engine: its socket where the docker command would talk to another one."""
        return None if self.endpoint.own else str(self.endpoint.socket or self.endpoint.url)

    def _json(self, path: str, parameters: Mapping[str, str], seconds: float) -> Any:
        answer = self._answer(path, list(parameters.items()), seconds, whole=True)
        try:
            self._checked_status(answer)
            data = self._body(answer)
        finally:
            answer.close()
        if len(data) > _MOST_ANSWER:
            raise EngineError("it answers more than any engine has to say: is it one?")
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise EngineError("what answers there is no container engine: its answer is no JSON") from None

    def _answer(self, path: str, parameters: list[tuple[str, str]], seconds: float, *, whole: bool = False) -> Answer:
        session, url = self._session, self._session.base_url + path
        return Answer(
            lambda: session.get(url, params=parameters, stream=True, allow_redirects=False, timeout=seconds + 1),
            self._workstation.cancelled,
            seconds,
            whole=whole,
        )

    def _body(self, answer: Answer) -> bytes:
        try:
            return answer.read(_MOST_ANSWER + 1)
        except Damaged as error:
            raise EngineError(str(error)) from error

    def _checked_status(self, answer: Answer) -> None:
        try:
            status = answer.status()
        except Silent as error:
            raise EngineError(f"{error}: restart it ({self._restart}), and scan again") from error
        except OSError as error:
            raise EngineError(_why(error, self.endpoint)) from error
        if status != 200:
            raise Refused(f"it refuses to answer, with HTTP {status}{_message(answer)}")


def _checked(said: Any) -> str:
    version = said.get("ApiVersion") if isinstance(said, dict) else None
    numbers = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if not numbers:
        raise EngineError("what answers there is no container engine: it says no version of its API")
    if (int(numbers[1]), int(numbers[2])) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise EngineError(
            f"its API, version {version}, is older than {oldest}, the oldest understood: update that engine"
        )
    return str(version)


def _message(answer: Answer) -> str:
    """What the engine says of a refusal, in brackets."""
    try:
        said = json.loads(answer.read(4096))
    except (Damaged, ValueError, RecursionError):
        return ""
    message = said.get("message") if isinstance(said, dict) else None
    return f" ({printable(message, 160)})" if isinstance(message, str) and message else ""


def _why(error: OSError, endpoint: Endpoint) -> str:
    causes = list(_causes(error))
    if any(isinstance(one, PermissionError) for one in causes):
        if endpoint.own:
            return "its socket may not be used: sudo usermod -aG docker $USER, then log in again (who may is root here)"
        return "its socket may not be used: it belongs to another user, whose images are not yours"
    if any(isinstance(one, FileNotFoundError | ConnectionRefusedError) for one in causes):
        mend = "start the engine there" if endpoint.socket is None else "start the engine, sudo systemctl start docker"
        return f"nothing listens there: {mend}"
    return "it was not reached, or hung up in the middle: restart it, and scan again"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what it carries: requests and urllib3 wrap each other's."""
    waiting, met = [error], 0
    while waiting and met < 30:
        one = waiting.pop()
        met += 1
        yield one
        waiting += [held for held in (one.__cause__, one.__context__, *one.args) if isinstance(held, BaseException)]
