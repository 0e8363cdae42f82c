"""The SDK of the extra `dockhygiene[kingfisher]` as a way to an issuer: it asks whether a secret lives, and can end it.

The secret stays in this process: no program, argument or file holds it. What is asked how is the SDK's own rules; which
host that is can be read from most of them. Its requests do not go through `guides.registries.network`: it checks TLS
itself, and refuses addresses inside a network. It is the caller who asks the person before each request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from checks.detect.second_engine_package import MODULE, PACKAGE, version
from checks.model.secret import Secret

SECONDS = 20.0
"""For one question, or one revocation."""
_FAILURES = (ImportError, OSError, RuntimeError, ValueError)
"""What the SDK raises; its texts are not shown."""
_HOST = re.compile(r"https?://([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?=[:/?\"]|\\|$)")
_ACCEPTED, _REFUSED = "verified_active", "verified_inactive"


class KingfisherFailure(Exception):
    """It could not be asked, or nobody knows what became of it. The text quotes nothing of what was sent or came."""


@dataclass(frozen=True, slots=True)
class Known:
    """A secret that one of the SDK's rules knows."""

    rule: str
    hosts: tuple[str, ...]
    """Who is asked, empty where the rule does not say it openly."""
    revocable: bool
    revoking_hosts: tuple[str, ...]
    _finding: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the issuer answered: `accepted` is None where that says nothing of the secret."""

    accepted: bool | None
    says: str
    _result: Any = field(repr=False)


class Kingfisher:
    """The SDK with its rules, made ready at the first question: seconds once for each version, then half a second."""

    def __init__(self, state: Path, *, rules: Sequence[Path] = (), inside: bool = False) -> None:
        """`state` is the program's own folder, where compiled rules are kept. Tests bring rules of their own, which
        ask a loopback address (`inside`)."""
        try:
            self._sdk: Any = import_module(MODULE)
            cache = state / f"kingfisher-{version()}"
            cache.mkdir(mode=0o700, exist_ok=True)
            self._rules = self._sdk.Rules(list(rules), builtins=not rules, cache=not rules, cache_dir=cache)
            policy = self._sdk.DetectionPolicy(inline_ignores=False, markup_context=False, base64_max_depth=0)
            self._scanner = self._sdk.Scanner(self._rules, base64=False, policy=policy)
            self._validator = self._sdk.Validator(timeout=SECONDS / 2, retries=0, allow_internal_ips=inside)
        except _FAILURES as error:
            raise KingfisherFailure(f"{PACKAGE} cannot be started ({type(error).__name__})") from None
        self._told = {rule["id"]: rule for rule in self._rules.metadata()}

    def know(self, secret: Secret, names: Sequence[str]) -> Known | None:
        """The rule that can ask about this secret, or None; nothing is sent. Some rules want a telling name before it:
        `names` are tried one after the other."""
        for name in names:
            text = f'{name} = "{secret.reveal()}"\n'.encode("utf-8", "surrogateescape")
            source = self._sdk.ScanInput(path="text", data=text)
            with_rule = [one for one in self._scan(source) if one.visible and one.secret == secret.reveal()]
            able = [one for one in with_rule if self._told[one.rule_id]["validation"]]
            able = [one for one in able if not self._lacks(one)]
            if able:
                return self._known(min(able, key=lambda one: (not self._told[one.rule_id]["revocation"], one.rule_id)))
        return None

    def ask(self, known: Known) -> Heard:
        """One question to the issuer: whether it accepts the secret. Raises KingfisherFailure."""
        try:
            (result,) = self._validator.validate([known._finding], timeout=SECONDS)
        except _FAILURES as error:
            raise KingfisherFailure(f"the issuer was not reached ({type(error).__name__})") from None
        accepted = {_ACCEPTED: True, _REFUSED: False}.get(result.outcome)
        words = {_ACCEPTED: "accepted", _REFUSED: "refused"}
        why = "" if accepted is not None else f" ({result.reason})" if result.reason else ""
        status = f", HTTP {result.http_status}" if result.http_status else ""
        return Heard(accepted, f"{words.get(result.outcome, 'no answer about it')}{why}{status}", result)

    def revoke(self, heard: Heard) -> str:
        """Ends a secret that was accepted just now, and says what came back.

        Raises KingfisherFailure where that is not confirmed: it may be done all the same.
        """
        try:
            done = self._sdk.Revoker(self._rules, timeout=SECONDS / 2).revoke(
                heard._result, confirm=True, timeout=SECONDS
            )
        except _FAILURES as error:
            raise KingfisherFailure(f"what became of it is not known ({type(error).__name__})") from None
        status = f", HTTP {done.http_status}" if done.http_status else ""
        if not done.revoked:
            raise KingfisherFailure(f"the issuer did not confirm it{status}")
        return f"the issuer took it{status}"

    def _scan(self, source: Any) -> list[Any]:
        try:
            return list(self._scanner.scan_input(source, timeout=SECONDS))
        except _FAILURES as error:
            raise KingfisherFailure(f"{PACKAGE} gave up ({type(error).__name__})") from None

    def _lacks(self, finding: Any) -> bool:
        """Whether the question needs more than the secret: a key's id, the address of a server."""
        (issues,) = self._validator.inspect([finding], timeout=SECONDS)
        return any(issue.stage != "revocation" for issue in issues)

    def _known(self, finding: Any) -> Known:
        detail = self._rules.detail(finding.rule_id)
        (issues,) = self._validator.inspect([finding], timeout=SECONDS)
        revocable = bool(self._told[finding.rule_id]["revocation"]) and not issues
        asked, ended = (tuple(_hosts(detail[part])) for part in ("validation", "revocation"))
        return Known(finding.rule_id, asked, revocable, ended, finding)


def _hosts(rule: Any) -> Iterator[str]:
    """Hosts of the addresses that a part of a rule names."""
    yield from dict.fromkeys(_HOST.findall(json.dumps(rule)))
