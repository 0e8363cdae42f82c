"""Google: a service account's key. One more beside it, the old one first disabled, then deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from checks.formats.display import printable, shell_path
from checks.model.secret import Secret
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.edits.edit import ToDo
from guides.edits.key_file import plan_key_file
from guides.edits.key_ids import with_key_id
from guides.registries.api import Call
from guides.registries.control import Control
from guides.registries.google import Google
from guides.registries.google_keys import ServiceKey, Shape, in_shape, service_key
from guides.registries.trouble import Forbidden
from guides.registries.verification import Verdict
from guides.steps.accounts.account import asked
from guides.steps.accounts.google_login import new_key, old_key, old_shape, open_files
from guides.steps.checking import remember_accepted
from guides.steps.evidence_store import save
from guides.steps.files import check_of, make
from guides.steps.receiving import about, receive
from guides.steps.revoking import WORD, bury, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Offer, Perform, StepFailed, action, secret_of, text_of

TRIES = 10
SECONDS = 6.0
"""A key that was disabled or deleted may be accepted for a minute more."""
OFF, ON = "Google: the old key is disabled", "Google: the old key is enabled again"
ITSELF, TOKEN = "itself", "token"
EXAMPLE = "europe-docker.pkg.dev"


class GoogleAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.client = Google(walk.around.network, walk.around.api_hosts.get("google", ""))

    def evidence(self) -> Iterator[Action]:
        hosts = f"{self.client.token_host}, {self.client.host} and {self.client.analyzer_host}"
        yield action(
            "google",
            "Ask Google about this key, and when it last signed in",
            self._look,
            effects=(f"A request signed with the key, never the key itself, goes to {hosts}, over TLS.",),
            asks=self._login(),
            verb="Ask",
            recommended=not self.walk.case.evidence,
        )

    def generate(self) -> Iterator[Action]:
        yield action(
            "google",
            "Make one more key for the same service account",
            self._create,
            effects=(
                f"POST {self.client.host}/v1/projects/-/serviceAccounts/ACCOUNT/keys: one more key; all others stay.",
                f"Then {self.client.token_host} is asked whether it is accepted.",
                *self._sent(),
            ),
            asks=self._login(),
            verb="Make it",
            recommended=not self.walk.case.new,
        )

    def update(self) -> Iterator[Action]:
        registry = self.walk.case.registry or EXAMPLE
        yield action(
            "gcloud",
            "Let docker make its own logins: docker-credential-gcloud",
            lambda _: _helper(registry),
            confirm=False,
        )

        if self.walk.case.new and old_shape(self.walk) is Shape.PEM:
            for number, path in enumerate(open_files(self.walk)):
                title = f"Put the new key with its id into {shell_path(path, self.walk.home)}"
                yield Action(f"google-file-{number}", title, partial(self._file, path), recommended=number == 0)

    def test(self) -> Iterator[Action]:
        if self.walk.case.new:
            yield action(
                "google",
                "Exchange the new key for a token",
                self._try,
                effects=(f"A request signed with the new key goes to {self.client.token_host}, over TLS.",),
                verb="Test",
                recommended=not self.walk.case.registry,
            )

    def revoke(self) -> Iterator[Action]:
        said = [entry.text for entry in self.walk.case.journal if entry.text in (OFF, ON)]
        off = said[-1:] == [OFF]
        yield self._revoking("google-off", "Disable it at Google first: that can be undone", self._off, not off)
        if off:
            yield self._revoking("google-on", "Enable it again: something still needed it", self._on, recommended=False)
        yield self._revoking(
            "google-delete", "Delete it at Google for good, and prove it", self._delete, off, final=True
        )
        yield action(
            "google-prove",
            "It was deleted on Google's page: prove it",
            lambda _: self._until_dead(old_key(self.walk), tries=1),
            effects=(f"Requests signed with the new key and with the old one go to {self.client.token_host}.",),
            asks=(WORD,),
            verb="Prove it",
        )

    # What the actions look like

    def _revoking(self, name: str, title: str, perform: Perform, recommended: bool, *, final: bool = False) -> Action:
        call = "DELETE" if final else f"POST {'enable' if name == 'google-on' else 'disable'}"
        return action(
            name,
            title,
            perform,
            effects=(
                *(() if name == "google-on" else stops(self.walk)),
                f"{call} at {self.client.host}: {'it cannot be undone' if final else 'it can be undone'}.",
                *self._sent(),
            ),
            asks=(*self._login(), *((WORD,) if final else ())),
            verb="Delete" if final else "Switch",
            recommended=recommended,
        )

    def _login(self) -> tuple[Ask, ...]:
        choices = (
            (TOKEN, "a token that I enter now: the output of gcloud auth print-access-token"),
            (ITSELF, "this key itself, if its account may manage its own keys"),
        )
        return (
            Ask("login", AskKind.CHOICE, "Log in with", choices),
            Ask("token", AskKind.SECRET, "The token, which is not kept", optional=True),
        )

    def _sent(self) -> tuple[str, ...]:
        return (f"Sent to {self.client.host}: the token that you enter now, or one that the key is exchanged for.",)

    # What they do

    def _look(self, answers: Answers) -> Iterator[str]:
        key, login = old_key(self.walk), self._owner(answers)
        self._accepted(key)
        lines = [f"key {key.id} of {key.email}"]
        with asked():
            lines += _allowed("the list of keys", lambda: self._listed(login, key))
            lines += _allowed("Policy Analyzer", lambda: self._last_sign_in(login, key))
        save(self.walk, self.client.host, tuple(lines))
        yield from (printable(line, 300) for line in lines)

    def _listed(self, login: Secret, key: ServiceKey) -> Iterator[str]:
        held = self.client.keys(login, key.email)
        yield f"the account has {len(held)} keys"
        for one in held:
            made = f"made {one.created:%Y-%m-%d %H:%M} UTC" if one.created else "of unknown age"
            state = f", disabled ({one.reason or 'by hand'})" if one.disabled else ""
            yield f"{'this key' if one.id == key.id else one.id}: {made}{state}"

    def _last_sign_in(self, login: Secret, key: ServiceKey) -> Iterator[str]:
        when = self.client.last_sign_in(login, key.project, key.email, key.id)
        yield f"last sign-in: {f'{when:%Y-%m-%d}' if when else 'not known'}; it is told a day or more late"

    def _create(self, answers: Answers) -> Iterator[str]:
        key, login = old_key(self.walk), self._owner(answers)
        self.walk.secrets.prove()
        with asked():
            call = self.client.create_key(login, key.email)
        lost = f"a key of {printable(key.email, 100)} may exist that nobody has: delete it by its time, make another"
        self.walk.begin(StepId.GENERATE, f"making a key at {call.host}", lost)
        yield call.shown
        with asked(lost):
            made = call.perform()
            value = in_shape(made, old_shape(self.walk))
        new = service_key(made, {})
        name = new.id if new else ""
        yield from self._received(value, name)
        if new:
            self._verified(new)
            self.walk.record(StepId.GENERATE, about(self.walk), f"accepted by {self.client.token_host}")
            yield f"{self.client.token_host} accepts the new key."

    def _received(self, value: Secret, name: str) -> Iterator[str]:
        """The registry's own answer counts too, and may come later: the key is kept whatever it says."""
        try:
            yield from receive(self.walk, value, self.walk.case.username, label=name, remote_id=name)
        except StepFailed as failed:
            if not self.walk.case.new:
                raise
            yield failed.reason

    def _verified(self, new: ServiceKey) -> None:
        with asked("the new key is kept; verify it in the step Test"):
            for turn in range(TRIES):
                if turn:
                    self.walk.around.pause(SECONDS)
                if not self.client.is_dead(new, self.walk.around.clock()):
                    self._accepted(new)
                    return
        raise StepFailed("the new key is kept, and not accepted yet", "try it in the step Test in a minute")

    def _file(self, path: str) -> Offer:
        """In a key file the private key stands in one line, escaped: it is changed there together with its id."""
        old, new, held = old_key(self.walk), self.walk.new(), self.walk.case.new
        if not new or not held:
            raise StepFailed("the new key is not in the case's store any more", "make another one")
        check = check_of(self.walk, path)
        plan = plan_key_file(self.walk.around.workstation, check, Path(path), old.private_key, new)
        if isinstance(plan, ToDo):
            raise StepFailed(f"{shell_path(path, self.walk.home)}: {plan.reason}", plan.how)
        edit = with_key_id(plan, old.id, held.remote_id)
        notes = tuple(printable(note, 400) for note in edit.notes)
        return Offer(lambda _: make(self.walk, edit), notes, edit.preview, verb="Change")

    def _try(self, answers: Answers) -> Iterator[str]:
        self._accepted(new_key(self.walk))
        self.walk.record(StepId.TEST, f"{self.client.token_host} gives tokens for the new key", "it answered just now")
        yield f"{self.client.token_host} gives tokens for it. What it may pull, the registry says."

    def _off(self, answers: Answers) -> Iterator[str]:
        yield from self._switched(answers, OFF, enabled=False)
        yield "It is disabled, everywhere within minutes. Watch your services, then delete it."

    def _on(self, answers: Answers) -> Iterator[str]:
        yield from self._switched(answers, ON, enabled=True)
        yield "It is enabled again. The old key opens everything as before."

    def _switched(self, answers: Answers, said: str, *, enabled: bool) -> Iterator[str]:
        key, login = old_key(self.walk), self._owner(answers)
        if not enabled:
            self._remember(key)
        with asked():
            call = self.client.set_enabled(login, key.email, key.id, enabled=enabled)
        yield call.shown
        self._perform(call, said)

    def _delete(self, answers: Answers) -> Iterator[str]:
        key, login = old_key(self.walk), self._owner(answers)
        self._remember(key)
        with asked():
            call = self.client.delete_key(login, key.email, key.id)
        yield call.shown
        self._perform(call, f"{call.host} deleted the old key")
        yield from self._until_dead(key)

    def _until_dead(self, key: ServiceKey, tries: int = TRIES) -> Iterator[str]:
        """Refused where it was accepted before, or where the new one is accepted now, with the same clock."""
        for turn in range(tries):
            if turn:
                self.walk.around.pause(SECONDS)
            with asked("prove it again in some minutes"):
                if not self.client.is_dead(key, self.walk.around.clock()):
                    continue
            if self.walk.case.new and self.walk.new():
                self._accepted(new_key(self.walk))
                yield f"{self.client.token_host} accepts the new key."
            elif self.walk.case.old.accepted is None:
                raise StepFailed("it was never seen to be accepted, so its refusal proves nothing", "make a new key")
            yield from bury(self.walk, f"{self.client.token_host} refuses the old key")
            return
        raise StepFailed(f"{self.client.token_host} still accepts it", "prove it again in some minutes")

    def _perform(self, call: Call[None], said: str) -> None:
        self.walk.begin(StepId.REVOKE, f"{call.method} at {call.host}", "prove it: it may be done already")
        with asked("look whether it was done: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, said)

    def _remember(self, key: ServiceKey) -> None:
        """Before a revocation: seen to be accepted, unless it is disabled already."""
        if self.walk.case.old.accepted is None:
            with asked():
                dead = self.client.is_dead(key, self.walk.around.clock())
            if not dead:
                self._accepted(key)

    def _accepted(self, key: ServiceKey) -> None:
        """An acceptance counts only where the same key under a made-up name is refused, which is tried once a day."""
        now = self.walk.around.clock()
        stranger = replace(key, email=f"dockhygiene-check@{key.project}.iam.gserviceaccount.com", id="0" * 40)

        def ask() -> Verdict:
            return Verdict.REFUSED if self.client.is_dead(stranger, now) else Verdict.VALID

        with asked():
            self.client.exchange(key, now)
            verdict = Control(self.walk.around.state, self.walk.around.clock).at(
                f"google {self.client.token_host}", ask
            )
        if not verdict.dead:
            raise StepFailed(f"{self.client.token_host} accepts everybody, so nothing is proven", "look what answers")
        self._remember_accepted(key)

    def _remember_accepted(self, key: ServiceKey) -> None:
        new = self.walk.new() if self.walk.case.new else None
        held = self.walk.case.new
        is_new = new is not None and held is not None and held.remote_id == key.id
        secret = new if is_new else self.walk.old()
        if secret:
            remember_accepted(self.walk, secret)

    def _owner(self, answers: Answers) -> Secret:
        if text_of(answers, "login") != ITSELF:
            return secret_of(answers, "token")
        with asked():
            return self.client.exchange(old_key(self.walk), self.walk.around.clock())


def _allowed(what: str, ask: Callable[[], Iterator[str]]) -> list[str]:
    """One question; without the right to it the others still count."""
    try:
        return list(ask())
    except Forbidden:
        return [f"{what}: this login may not look; not known"]


def _helper(registry: str) -> Iterator[str]:
    yield f"Run gcloud auth configure-docker {printable(registry, 100)}, or write into ~/.docker/config.json:"
    yield json.dumps({"credHelpers": {printable(registry, 100): "gcloud"}})
    yield f"Then take the stored login out: docker logout {printable(registry, 100)}"
    yield "The helper logs in as whoever gcloud is signed in as; without a person, workload identity needs no key."
