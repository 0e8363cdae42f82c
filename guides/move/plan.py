"""The plan of a move: what goes where, what stays and why, and what only the person can decide. Changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checks.formats.helper_names import PREFIX, is_suffix
from checks.formats.registry_names import HUB_SERVER, is_hub_shadow, is_web_login_record, server_of
from checks.model.secret import Secret
from guides.edits.credential_file import Rewrite, take_out
from guides.edits.preview import preview
from guides.move.logins import CredentialFile, Flavour, Left, Login, leave, logins_of
from guides.stores.program import find_program
from guides.stores.roundtrip import same_record
from guides.stores.store import TOKEN_USER, Record, Store, StoreMissing, StoreRefused

LEAVE = "leave"
CONTAINERS_PROGRAMS = ("podman", "skopeo", "buildah")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is never guessed. Each choice is (answer, label); `leave` is always one of them."""

    id: str
    text: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """One login on its way into the store: the records it becomes, and the places it is taken out of."""

    server: str
    logins: tuple[Login, ...]
    records: tuple[Record, ...]
    held: frozenset[str]
    """Servers for which the store holds this very record already."""
    replaced: frozenset[str]
    """Servers for which it holds another one, which the person agreed to give up."""


@dataclass(frozen=True)
class FileChange:
    """The new version of one file."""

    file: CredentialFile
    rewrite: Rewrite
    servers: Mapping[int, str]
    """For each emptied entry, by its index: the server under which the store holds its secret."""
    preview: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """All of a move. With open questions, what they are about is left where it is."""

    store: Store
    transfers: tuple[Transfer, ...]
    changes: tuple[FileChange, ...]
    left: tuple[Left, ...]
    questions: tuple[Question, ...]
    notes: tuple[str, ...]
    default_store: bool
    """Whether `credsStore` is set, so that the next `docker login` lands in the store as well."""

    @property
    def empty(self) -> bool:
        return not self.changes


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person asked for and answered."""

    registries: Collection[str] = ()
    """Registries to move; none means all."""
    answers: Mapping[str, str] = field(default_factory=dict)
    default_store: bool | None = None
    """None: set it where that breaks nothing."""


def make_plan(files: Sequence[CredentialFile], store: Store, environment: Mapping[str, str], wishes: Wishes) -> Plan:
    """Plans the move of every login that the store can hold. Reads the store; raises StoreError where it cannot."""
    return _Planner(files, store, environment, wishes).plan()


class _Planner:
    def __init__(
        self, files: Sequence[CredentialFile], store: Store, environment: Mapping[str, str], wishes: Wishes
    ) -> None:
        self.files = files
        self.store = store
        self.environment = environment
        self.wishes = wishes
        self.left: list[Left] = []
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def plan(self) -> Plan:
        by_server: dict[str, list[Login]] = {}
        for file in self.files:
            for login in self._one_per_entry(self._wanted(file)):
                by_server.setdefault(login.server, []).append(login)
        transfers = [made for logins in by_server.values() if (made := self._transfer(logins))]
        transfers = self._with_their_hub_login(transfers)
        default = self._default_store(transfers)
        self._note_surroundings(transfers)
        changes = [change for file in self.files if (change := self._change(file, transfers, default))]
        return Plan(
            self.store,
            tuple(transfers),
            tuple(changes),
            tuple(self.left),
            tuple(self.questions),
            tuple(dict.fromkeys(self.notes)),
            any(change.rewrite.creds_store_before is not None for change in changes),
        )

    def _wanted(self, file: CredentialFile) -> Iterable[Login]:
        for found in logins_of(file):
            wanted = not self.wishes.registries or found.registry in self.wishes.registries
            if isinstance(found, Left):
                if wanted:
                    self.left.append(found)
            elif wanted:
                yield found

    def _one_per_entry(self, logins: Iterable[Login]) -> Iterable[Login]:
        """Of an entry with an identity token and a password, the one that the person chooses."""
        pairs: dict[tuple[str, int], list[Login]] = {}
        for login in logins:
            pairs.setdefault((str(login.file.path), login.index), []).append(login)
        for options in pairs.values():
            if not options[0].alternative:
                yield from options
                continue
            first = options[0]
            question = Question(
                f"both:{first.file.path}:{first.entry.key}",
                f"{first.registry} in {first.file.path}, line {first.line}, holds an identity token and a password. "
                "A helper can hold one of them. The other stays in the file.",
                (
                    ("token", f"move the identity token, which docker uses ({options[0].record.secret.masked})"),
                    ("password", f"move the password of {first.entry.username} ({options[-1].record.secret.masked})"),
                    (LEAVE, "leave both in the file"),
                ),
            )
            answer = self._ask(question)
            for login, name in zip(options, ("token", "password"), strict=True):
                if answer == name:
                    yield login
                else:
                    reason = "its entry holds an identity token and a password, and a helper holds one"
                    self.left.append(leave(login, reason, f"dockhygiene move {login.registry}, and choose"))

    def _ask(self, question: Question) -> str:
        answer = self.wishes.answers.get(question.id)
        if answer is None:
            self.questions.append(question)
            return LEAVE
        return answer

    def _transfer(self, logins: list[Login]) -> Transfer | None:
        chosen = self._chosen(logins)
        if not chosen:
            return None
        first = chosen[0]
        records = tuple(Record(server, first.record.username, first.record.secret) for server in first.servers)
        held, other = set(), {}
        try:
            for record in records:
                self.store.accept(record)
                stored = self.store.get(record.server)
                if same_record(stored, record):
                    held.add(record.server)
                elif stored:
                    other[record.server] = stored
        except StoreRefused as error:  # one login that the store cannot hold must not keep the others here
            self.left += [leave(login, error.reason, error.mend or "delete the entry by hand") for login in chosen]
            return None
        if other and not self._may_replace(chosen[0], next(iter(other.values()))):
            reason = f"{self.store.title} holds another login for it"
            self.left += [leave(login, reason, f"dockhygiene move {login.registry}, and choose") for login in chosen]
            return None
        return Transfer(first.server, tuple(chosen), records, frozenset(held), frozenset(other))

    def _chosen(self, logins: list[Login]) -> list[Login]:
        """All of them where they agree; else those that hold what the person chooses."""
        values: dict[tuple[str, Secret], list[Login]] = {}
        for login in logins:
            values.setdefault((login.record.username, login.record.secret), []).append(login)
        if len(values) == 1:
            return logins
        options = list(values.values())
        question = Question(
            f"server:{logins[0].server}",
            f"{logins[0].registry} stands here with {len(options)} different logins. A store holds one per registry.",
            (*((str(number), _describe(group)) for number, group in enumerate(options, 1)), (LEAVE, "leave them all")),
        )
        answer = self._ask(question)
        chosen: list[Login] = []
        for number, group in enumerate(options, 1):
            if answer == str(number):
                chosen = group
            else:
                reason = "another login of the same registry stands elsewhere"
                self.left += [leave(one, reason, f"dockhygiene move {one.registry}, and choose") for one in group]
        return chosen

    def _may_replace(self, login: Login, stored: Record) -> bool:
        stored_as = "an identity token" if stored.username == TOKEN_USER else stored.username
        question = Question(
            f"store:{login.server}",
            f"{self.store.title} already holds a login for {login.registry}: {stored_as}, {stored.secret.masked}. "
            f"The file has {_describe([login])}.",
            (
                ("replace", "replace the one in the store; it cannot be brought back"),
                (LEAVE, "keep the one in the store, and leave the file"),
            ),
        )
        return self._ask(question) == "replace"

    def _with_their_hub_login(self, transfers: list[Transfer]) -> list[Transfer]:
        """Web-login records follow the Docker Hub login into its store, or stay with it."""
        servers = {transfer.server for transfer in transfers}
        kept = []
        for transfer in transfers:
            follows = is_web_login_record(transfer.server) and HUB_SERVER not in servers
            helper = transfer.logins[0].file.auth.cred_helpers.get(HUB_SERVER, transfer.logins[0].file.auth.creds_store)
            if follows and helper != self.store.id:
                reason = "it belongs to the Docker Hub login, which stays"
                self.left += [leave(login, reason, "dockhygiene move docker.io") for login in transfer.logins]
            else:
                kept.append(transfer)
        return kept

    def _default_store(self, transfers: list[Transfer]) -> bool:
        """Whether docker's own file gets `credsStore`."""
        docker = next((file for file in self.files if file.flavour is Flavour.DOCKER), None)
        if not docker or docker.refusal or not transfers or self.wishes.default_store is False:
            return False
        current = docker.auth.creds_store
        if current == self.store.id:
            return False
        if current and self._exists(current):
            self.notes.append(f"New logins go on to the store that config.json names already: {current}.")
            return False
        staying = self._staying(docker, transfers)
        programs = [name for name in CONTAINERS_PROGRAMS if shutil.which(name, path=self.environment.get("PATH", ""))]
        if staying and programs and self.wishes.default_store is None:
            self.notes.append(
                f"credsStore is not set: {', '.join(sorted(staying))} would need a pin in config.json that "
                f"{programs[0]} cannot read. New logins still land in the file; move the rest, then move again."
            )
            return False
        if current:
            self.notes.append(f"config.json names a store that is not here: {current}. It is replaced.")
        return True

    def _note_surroundings(self, transfers: list[Transfer]) -> None:
        """What the move cannot change, and what the person should know before it."""
        if self.environment.get("DOCKER_AUTH_CONFIG"):
            self.notes.append("DOCKER_AUTH_CONFIG is set: docker takes what it holds before it asks any store.")
        for login in (login for transfer in transfers for login in transfer.logins):
            if login.file.document.links > 1:
                self.notes.append(f"{login.file.path} has other names (hard links): they keep the old content.")
            if is_hub_shadow(login.entry.key):
                self.notes.append(f"docker does not use the entry {login.entry.key}; from the store it will.")

    def _exists(self, suffix: str) -> bool:
        if not is_suffix(suffix):
            return False
        try:
            find_program(PREFIX + suffix, self.environment)
        except StoreMissing:
            return False
        return True

    def _staying(self, file: CredentialFile, transfers: list[Transfer]) -> dict[str, str]:
        """Servers whose login stays in docker's file, with the pin that keeps docker from asking the store for it."""
        moved = {server for transfer in transfers for server in transfer.logins[0].servers}
        keys = [entry.key for entry in file.auth.entries if entry.secrets and not is_web_login_record(entry.key)]
        servers = dict.fromkeys(map(server_of, keys), "")
        return {server: "" for server in servers if server not in moved and server not in file.auth.cred_helpers}

    def _change(self, file: CredentialFile, transfers: list[Transfer], default: bool) -> FileChange | None:
        fields, servers, helpers = {}, {}, {}
        for transfer in transfers:
            for login in transfer.logins:
                if login.file is file:
                    fields[login.index] = login.fields
                    servers[login.index] = transfer.server
                    helpers.update(self._helpers_for(login))
        store = None
        if default and file.flavour is Flavour.DOCKER:
            store = self.store.id
            helpers.update(self._staying(file, transfers))
        if not fields and store is None:
            return None
        rewrite = take_out(file.auth, fields, helpers, store)
        return FileChange(file, rewrite, servers, preview(file.auth, rewrite.text))

    def _helpers_for(self, login: Login) -> dict[str, str]:
        if is_web_login_record(login.entry.key):
            return {}
        if login.file.flavour is Flavour.CONTAINERS:
            return {login.registry: self.store.id}
        return dict.fromkeys(login.servers, self.store.id)


def _describe(logins: list[Login]) -> str:
    first = logins[0]
    who = "an identity token" if first.record.username == TOKEN_USER else first.record.username
    places = ", ".join(f"{login.file.path}:{login.line}" for login in logins)
    return f"{who}, {first.record.secret.masked}, in {places}"
