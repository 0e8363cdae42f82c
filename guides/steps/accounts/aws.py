"""Amazon: an IAM access key. A second one beside it, the old one first off, then deleted; never both in one call."""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.display import printable
from guides.case.model import StepId
from guides.case.walk import Walk
from guides.registries.aws import Aws, AwsCall
from guides.registries.aws_errors import KeyUnknown
from guides.registries.aws_wire import INSTALL, AwsKey, Wire, installed, is_region
from guides.registries.control import Control
from guides.registries.verification import RegistryLogin, Verdict
from guides.registries.verify import verify
from guides.steps.accounts.account import asked
from guides.steps.accounts.aws_login import ecr_host, id_asks, login_asks, login_of, new_key, old_key, region
from guides.steps.accounts.aws_traces import traces
from guides.steps.accounts.ecr_helper import use_helper
from guides.steps.checking import remember_accepted
from guides.steps.evidence_store import save
from guides.steps.receiving import about, receive
from guides.steps.revoking import WORD, bury, stops
from guides.steps.step import Action, Answers, Ask, AskKind, Perform, StepFailed, action, text_of

KEY = "aws-access-key"
"""Id of the kind in guides/providers/ecr.yaml; the other one is a registry login of twelve hours."""
TRIES = 10
SECONDS = 3.0
"""A key that was made, switched or deleted is known everywhere some seconds later (IAM user guide)."""
OFF, ON = "AWS: the old key is off", "AWS: the old key is on again"
_SIGNED = "Requests are signed: the key id and a signature are sent, the secret key itself is not."


class AwsAccount:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.is_key = walk.kind.id == KEY

    def client(self, answers: Answers | None = None) -> Aws:
        chosen = text_of(answers or {}, "region") or region(self.walk)
        if not is_region(chosen):
            raise StepFailed(f"{printable(chosen, 40)} is no region", "name one like eu-west-1")
        return Aws(Wire(self.walk.around.network, self.walk.around.api_hosts.get("aws", "")), chosen)

    def evidence(self) -> Iterator[Action]:
        if self._by_api():
            hosts = self._hosts("sts", "iam", "cloudtrail")
            yield action(
                "aws",
                "Ask Amazon whose key it is, when and where it was used",
                self._look,
                effects=(f"Asked are {hosts}, over TLS; CloudTrail tells of the last 90 days in one region.", _SIGNED),
                asks=(*id_asks(self.walk), *login_asks(self.walk), self._region_ask()),
                verb="Ask",
                recommended=not self.walk.case.evidence,
            )

    def generate(self) -> Iterator[Action]:
        if self.is_key and not installed():
            yield action("aws-extra", "Let the program do it: this needs Amazon's SDK", _install, confirm=False)
        if self._by_api():
            yield action(
                "aws",
                "Make a second access key for the same user",
                self._create,
                effects=(
                    f"CreateAccessKey at {self._hosts('iam')}: one more key; the old one stays as it is. A user may "
                    "have two.",
                    f"Its secret comes back once. Then {self._hosts('sts')} is asked whether it is accepted; a made-up "
                    "key must be refused there.",
                    _SIGNED,
                ),
                asks=(*id_asks(self.walk), *login_asks(self.walk)),
                verb="Make it",
                recommended=not self.walk.case.new,
            )

    def update(self) -> Iterator[Action]:
        yield use_helper(self.walk)

    def test(self) -> Iterator[Action]:
        if self._by_api() and self.walk.case.new:
            yield action(
                "aws",
                "Ask for a registry login with the new key",
                self._try,
                effects=(
                    f"Asked are {self._hosts('sts', 'ecr')}, over TLS, and the registry that you name, with the login "
                    "of twelve hours that comes back.",
                    _SIGNED,
                ),
                asks=(
                    self._region_ask(),
                    Ask(
                        "registry", AskKind.TEXT, "Log in at this registry", default=ecr_host(self.walk), optional=True
                    ),
                ),
                verb="Test",
                recommended=True,
            )

    def revoke(self) -> Iterator[Action]:
        if not self._by_api():
            return
        off = self._is_off()
        yield self._revoking("aws-off", "Switch it off at Amazon first: that can be undone", self._off, not off)
        if off:
            yield self._revoking("aws-on", "Switch it on again: something still needed it", self._on, recommended=False)
        yield self._revoking("aws-delete", "Delete it at Amazon for good, and prove it", self._delete, off, final=True)
        yield action(
            "aws-prove",
            "It was deleted on Amazon's page: prove it",
            self._prove,
            effects=(f"{self._hosts('sts')} is asked, with the new key and with the old one.", _SIGNED),
            asks=(*id_asks(self.walk), WORD),
            verb="Prove it",
        )

    # What the actions look like

    def _by_api(self) -> bool:
        return self.is_key and installed()

    def _hosts(self, *services: str) -> str:
        return " and ".join(dict.fromkeys(self.client().host(service) for service in services))

    def _region_ask(self) -> Ask:
        return Ask("region", AskKind.TEXT, "Region", default=region(self.walk))

    def _revoking(self, name: str, title: str, perform: Perform, recommended: bool, *, final: bool = False) -> Action:
        operation = "DeleteAccessKey" if final else "UpdateAccessKey"
        return action(
            name,
            title,
            perform,
            effects=(
                *(() if name == "aws-on" else stops(self.walk)),
                f"{operation} at {self._hosts('iam')}: {'it cannot be undone' if final else 'it can be undone'}.",
                _SIGNED,
            ),
            asks=(*id_asks(self.walk), *login_asks(self.walk), *((WORD,) if final else ())),
            verb="Delete" if final else "Switch",
            recommended=recommended,
        )

    def _is_off(self) -> bool:
        said = [entry.text for entry in self.walk.case.journal if entry.text in (OFF, ON)]
        return said[-1:] == [OFF]

    # What they do

    def _look(self, answers: Answers) -> Iterator[str]:
        old, login, client = old_key(self.walk, answers), login_of(self.walk, answers), self.client(answers)
        with asked():
            who = client.whose(old)
        self._accepted(client, old)
        lines = [f"key {old.id} of {who.arn}, account {who.account}"]
        with asked():
            lines += traces(client, login, old.id, who.user, self.walk.around)
        save(self.walk, client.host("iam"), tuple(lines))
        yield from (printable(line, 300) for line in lines)

    def _create(self, answers: Answers) -> Iterator[str]:
        old, login, client = old_key(self.walk, answers), login_of(self.walk, answers), self.client()
        user = self._owner(client, login, old)
        with asked():
            held = client.keys(login, user).items
        if len(held) > 1:
            others = ", ".join(
                f"{one.id} ({'active' if one.active else 'inactive'})" for one in held if one.id != old.id
            )
            raise StepFailed(
                f"{printable(user, 64)} has two keys already, and Amazon allows no third: {others}",
                "look when the other was last used; delete it if nobody uses it, or paste it here",
            )
        self.walk.secrets.prove()
        call = client.create_key(login, user)
        lost = f"a second key of {user} may exist that nobody has the secret of: delete it, and make another"
        self.walk.begin(StepId.GENERATE, f"making a key at {call.host}", lost)
        yield call.shown
        with asked(lost):
            new = call.perform()
        yield from receive(self.walk, new.secret, new.id, label=new.id, remote_id=new.id)
        yield from self._verify_new(client)

    def _verify_new(self, client: Aws) -> Iterator[str]:
        new = new_key(self.walk)
        for _ in range(TRIES):
            with asked("the new key is kept; verify it in the step Test"):
                dead = client.is_dead(new)
            if not dead:
                self._accepted(client, new)
                self.walk.record(StepId.GENERATE, about(self.walk), f"accepted by {client.host('sts')}")
                yield f"{client.host('sts')} accepts the new key, and refuses a made-up one."
                return
            self.walk.around.pause(SECONDS)
        raise StepFailed("the new key is kept, and not accepted yet", "try it in the step Test in a minute")

    def _try(self, answers: Answers) -> Iterator[str]:
        client, new = self.client(answers), new_key(self.walk)
        with asked():
            who = client.whose(new)
            token = client.registry_token(new)
        self._accepted(client, new)
        yield f"It is {printable(who.arn, 120)}, and gets logins for {printable(token.registry, 120)}."
        note = f"{client.host('ecr')} gives registry logins"
        if host := text_of(answers, "registry"):
            found = verify(
                RegistryLogin(host, "AWS", token.secret),
                self.walk.around.network,
                control=Control(self.walk.around.state, self.walk.around.clock),
                clock=self.walk.around.clock,
            )
            yield f"{found.registry}: {found.verdict}. {found.reason}"
            if not found.accepted:
                raise StepFailed(f"the registry does not accept the login: {found.reason}", "look at the key's policy")
            note += f"; {found.registry} accepts them"
        self.walk.record(StepId.TEST, note, f"answered by {client.host('ecr')}")

    def _off(self, answers: Answers) -> Iterator[str]:
        client, old, call = self._switch(answers, active=False)
        yield call.shown
        self._perform(call, OFF)
        for _ in range(TRIES):
            with asked("it is off; ask again in a minute"):
                if client.is_dead(old):
                    yield f"{client.host('sts')} refuses it now. Watch your services, then delete it."
                    return
            self.walk.around.pause(SECONDS)
        yield f"{client.host('sts')} still accepts it: that may take minutes. Look before you delete it."

    def _on(self, answers: Answers) -> Iterator[str]:
        _, _, call = self._switch(answers, active=True)
        yield call.shown
        self._perform(call, ON)
        yield "It is on again. The old key opens everything as before."

    def _switch(self, answers: Answers, *, active: bool) -> tuple[Aws, AwsKey, AwsCall[None]]:
        old, login, client = old_key(self.walk, answers), login_of(self.walk, answers), self.client()
        user = self._owner(client, login, old)
        if not active:
            self._remember(client, old)
        with asked():
            return client, old, client.set_active(login, user, old.id, active=active)

    def _delete(self, answers: Answers) -> Iterator[str]:
        old, login, client = old_key(self.walk, answers), login_of(self.walk, answers), self.client()
        self._remember(client, old)
        user = self._owner(client, login, old)
        with asked():
            used = client.last_use(login, old.id)
            call = client.delete_key(login, user, old.id)
        if used.when:
            yield f"Last used {used.when:%Y-%m-%d %H:%M} UTC, {printable(used.service, 40)}."
        yield call.shown
        self._perform(call, f"{call.host} deleted the old key")
        yield from self._until_dead(client, old)

    def _prove(self, answers: Answers) -> Iterator[str]:
        yield from self._until_dead(self.client(), old_key(self.walk, answers), tries=1)

    def _until_dead(self, client: Aws, old: AwsKey, tries: int = TRIES) -> Iterator[str]:
        """Refused as unknown at the host that accepted it before, or that accepts the new one now."""
        for turn in range(tries):
            if turn:
                self.walk.around.pause(SECONDS)
            with asked("prove it again in some minutes"):
                if not client.is_dead(old):
                    continue
                if self.walk.case.new and self.walk.new():
                    client.whose(new_key(self.walk))
                    self._accepted(client, new_key(self.walk))
                    yield f"{client.host('sts')} accepts the new key."
                elif self.walk.case.old.accepted is None:
                    raise StepFailed(
                        "it was never seen to be accepted, so its refusal proves nothing", "make a new key"
                    )
            yield from bury(self.walk, f"{client.host('sts')} does not know the old key any more")
            return
        raise StepFailed(f"{client.host('sts')} still accepts it", "prove it again in some minutes")

    def _perform(self, call: AwsCall[None], said: str) -> None:
        self.walk.begin(StepId.REVOKE, f"{call.operation} at {call.host}", "prove it: it may be done already")
        with asked("look whether it was done: prove it"):
            call.perform()
        self.walk.settle(StepId.REVOKE, said)

    def _owner(self, client: Aws, login: AwsKey, old: AwsKey) -> str:
        """Name of the user whose key it is. Raises StepFailed for a key that no user has."""
        with asked():
            try:
                user = client.whose(old).user
            except KeyUnknown:  # off already: IAM still knows whose it is
                user = client.last_use(login, old.id).user
        if not user:
            raise StepFailed("this key belongs to no IAM user", "it is root's or a role's: use Amazon's web page")
        return user

    def _remember(self, client: Aws, old: AwsKey) -> None:
        """Before a revocation: seen to be accepted, unless it is off already."""
        if self.walk.case.old.accepted is None:
            with asked():
                dead = client.is_dead(old)
            if not dead:
                self._accepted(client, old)

    def _accepted(self, client: Aws, key: AwsKey) -> None:
        """An acceptance counts only where a made-up key is refused, which is tried once a day."""

        def ask() -> Verdict:
            return Verdict.REFUSED if client.refuses_strangers() else Verdict.VALID

        with asked():
            verdict = Control(self.walk.around.state, self.walk.around.clock).at(f"aws {client.host('sts')}", ask)
        if not verdict.dead:
            raise StepFailed(
                f"{client.host('sts')} accepts a made-up key too, so nothing is proven", "look what answers there"
            )
        remember_accepted(self.walk, key.secret)


def _install(answers: Answers) -> Iterator[str]:
    yield f"Amazon's SDK is not installed: {INSTALL}."
