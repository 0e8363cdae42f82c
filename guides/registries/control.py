"""The negative control: a host that accepts everybody proves nothing by accepting this one.

A made-up user with a made-up secret is tried at the same endpoint; never a real name with a wrong password, which
locks accounts. Once for each endpoint and day, remembered in the state folder without any secret.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from checks.files.state import StateFolder, StateUnavailable
from checks.model.secret import Secret
from guides.registries.network import Network
from guides.registries.sign_in import Door, sign_in
from guides.registries.verification import RegistryLogin, Verdict

DAY = 24 * 3600.0
SOON = 3600.0
"""How long an answer that said neither yes nor no is remembered: asking again at once could make a limit worse."""
_FILE = "controls.json"
_LOCK = "controls.lock"
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Control:
    """Asks, and remembers what was answered. `clock` gives Unix time."""

    state: StateFolder
    clock: Callable[[], float] = time.time

    def verdict(self, door: Door, login: RegistryLogin, network: Network) -> Verdict:
        """What a made-up login of the same kind as `login` gets at this door, today."""
        return self.at(door.endpoint(login), lambda: _ask(door, login, network))

    def at(self, endpoint: str, ask: Callable[[], Verdict]) -> Verdict:
        """What `ask` was answered at this endpoint today, or is answered now."""
        try:
            with self.state.lock(_LOCK):
                return self._verdict(endpoint, ask)
        except OSError:  # a state folder that went away or cannot be written: ask, and remember nothing
            return ask()

    def _verdict(self, endpoint: str, ask: Callable[[], Verdict]) -> Verdict:
        known = self._remembered()
        if endpoint in known:
            return known[endpoint][1]
        verdict = ask()
        if verdict not in (Verdict.UNREACHABLE, Verdict.TLS_ERROR):  # nothing was answered: that counts for nothing
            self._remember(known | {endpoint: (self.clock(), verdict)})
        return verdict

    def _remembered(self) -> dict[str, tuple[float, Verdict]]:
        """Endpoint to time and verdict, without what is too old or of a time to come."""
        try:
            held = json.loads(self.state.read(_FILE) or b"{}")
        except (ValueError, RecursionError):
            return {}
        found: dict[str, tuple[float, Verdict]] = {}
        for endpoint, entry in held.items() if isinstance(held, dict) else ():
            match entry:
                case [int() | float() as at, str() as name] if name in list(Verdict) and self._holds(at, Verdict(name)):
                    found[endpoint] = (float(at), Verdict(name))
        return found

    def _holds(self, at: float, verdict: Verdict) -> bool:
        age = self.clock() - at
        return 0 <= age < (DAY if verdict.works or verdict.dead else SOON)

    def _remember(self, known: dict[str, tuple[float, Verdict]]) -> None:
        latest = sorted(known.items(), key=lambda each: each[1][0])[-_MOST:]
        try:
            self.state.write(_FILE, json.dumps({name: list(entry) for name, entry in latest}).encode("ascii"))
        except StateUnavailable:
            pass  # the answer stands all the same; it is asked for again next time


def _ask(door: Door, login: RegistryLogin, network: Network) -> Verdict:
    attempt = sign_in(door, made_up(login), network)
    return Verdict.REFUSED if attempt.turned_away else attempt.verdict


def made_up(login: RegistryLogin) -> RegistryLogin:
    """A login that nobody has, of the same kind. Its name tells an administrator where it came from."""
    name = f"dockhygiene-check-{secrets.token_hex(6)}"
    return RegistryLogin(login.registry, name, Secret(secrets.token_urlsafe(24)), login.identity)


def tells_apart(verdict: Verdict, control: Verdict) -> bool | None:
    """Whether this verdict means something beside the control's; None where the control said neither yes nor no."""
    if control.dead:
        return True
    if control.works:
        return verdict is Verdict.VALID and control is Verdict.LIMITED
    return None
