"""Doing what a plan says: store, write, prove. Anything that fails is taken back; a kill leaves the journal to tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.files.state import StateError, StateFolder
from checks.formats.docker_auth import read_auth_file
from checks.model.secret import FingerprintKey
from guides.edits.atomic import NotWritten, replace, temporary_for
from guides.edits.credential_file import meaning
from guides.edits.digest import digest
from guides.move import journal
from guides.move.journal import JournalFile, JournalRecord, Move, MoveState
from guides.move.plan import FileChange, Plan
from guides.move.prove import NotProven, Proof, prove
from guides.stores.roundtrip import replace as replace_record
from guides.stores.roundtrip import same_record
from guides.stores.store import Record, Store, StoreError


@dataclass(frozen=True, slots=True)
class RecordStored:
    """The store holds this server's record and gave it back equal."""

    server: str
    already: bool


@dataclass(frozen=True, slots=True)
class FileWritten:
    path: str


@dataclass(frozen=True, slots=True)
class LoginProven:
    proof: Proof


@dataclass(frozen=True, slots=True)
class MoveFailed:
    """Nothing was moved: the files are as they were. `remains` names what could not be taken back."""

    reason: str
    mend: str
    remains: str


@dataclass(frozen=True, slots=True)
class MoveFinished:
    """All is moved and proven; `id` is what undo takes."""

    id: str
    registries: tuple[str, ...]
    came_back: tuple[str, ...]
    """Files that another program (a `docker login`, say) wrote right after us: look at them and move again."""


MoveEvent = RecordStored | FileWritten | LoginProven | MoveFailed | MoveFinished


def apply(plan: Plan, state: StateFolder) -> Iterator[MoveEvent]:
    """Moves what the plan names. Ends with MoveFinished or MoveFailed. Raises StateError while another move runs."""
    with state.lock("move.lock", wait=False):
        yield from _Mover(plan, state, state.key()).run()


class _Mover:
    def __init__(self, plan: Plan, state: StateFolder, key: FingerprintKey) -> None:
        self.plan = plan
        self.state = state
        self.key = key
        self.store: Store = plan.store
        self.move = self._journalled()
        self.stored: list[tuple[Record, Record | None]] = []
        self.written: list[FileChange] = []
        self.came_back: list[str] = []

    def run(self) -> Iterator[MoveEvent]:
        journal.write(self.state, self.move)
        try:
            yield from self._store_records()
            self._journal(MoveState.WRITING)
            yield from self._write_files()
            yield from self._prove()
        except (StoreError, NotWritten, NotProven, NotRead, StateError) as error:
            remains = self._take_back()
            self._close(MoveState.FAILED, str(error))
            yield MoveFailed(str(error), getattr(error, "mend", ""), remains)
            return
        self._close(MoveState.DONE)
        registries = {login.registry: None for transfer in self.plan.transfers for login in transfer.logins}
        yield MoveFinished(self.move.id, tuple(registries), tuple(self.came_back))

    def _journalled(self) -> Move:
        records = tuple(
            JournalRecord(
                record.server,
                record.username,
                self.key.of("record", record.username, record.secret),
                "same"
                if record.server in transfer.held
                else "other"
                if record.server in transfer.replaced
                else "absent",
            )
            for transfer in self.plan.transfers
            for record in transfer.records
        )
        return journal.new_move(self.store.id, records, tuple(self._file(change) for change in self.plan.changes))

    def _file(self, change: FileChange) -> JournalFile:
        file, rewrite = change.file, change.rewrite
        return JournalFile(
            path=str(file.path),
            flavour=file.flavour,
            temporary=str(temporary_for(file.target)),
            before=digest(self.key, file.document.data),
            after=digest(self.key, _bytes(rewrite.text)),
            meaning=self.key.of("meaning", meaning(file.auth)),
            emptied=rewrite.emptied,
            servers=dict(change.servers),
            helpers_before=dict(rewrite.helpers_before),
            creds_store_before=rewrite.creds_store_before,
            added=rewrite.added,
        )

    def _journal(self, state: MoveState, note: str = "") -> None:
        self.move = self.move.at(state, note)
        journal.write(self.state, self.move)

    def _close(self, state: MoveState, note: str = "") -> None:
        """The last word of the journal. A full disk here loses nothing: the next start finds it out from the files."""
        try:
            self._journal(state, note)
        except StateError:
            pass

    def _store_records(self) -> Iterator[MoveEvent]:
        for transfer in self.plan.transfers:
            for record in transfer.records:
                current = self.store.get(record.server)
                already = same_record(current, record)
                if current and not already and record.server not in transfer.replaced:
                    raise StoreError(
                        f"{self.store.title} got another login for {record.server} meanwhile", "look again"
                    )
                if not already:
                    self.stored.append((record, current))
                    replace_record(self.store, record)
                yield RecordStored(record.server, already)

    def _write_files(self) -> Iterator[MoveEvent]:
        for change, entry in zip(self.plan.changes, self.move.files, strict=True):
            replace(change.file.target, Path(entry.temporary), change.file.document.data, _bytes(change.rewrite.text))
            self.written.append(change)
            yield FileWritten(str(change.file.path))

    def _prove(self) -> Iterator[MoveEvent]:
        after = {}
        for change in self.plan.changes:
            document = read_file(change.file.path, limit=len(change.file.document.data) * 2 + 65536)
            if document.data == _bytes(change.rewrite.text):
                after[change.file.path] = read_auth_file(document.data)
            else:
                self.came_back.append(str(change.file.path))
        logins = [login for transfer in self.plan.transfers for login in transfer.logins]
        for proof in prove([login for login in logins if login.file.path in after], after, self.store):
            yield LoginProven(proof)

    def _take_back(self) -> str:
        """Restores files, then the store; what could not be restored, in words."""
        remains = []
        for change, entry in reversed(list(zip(self.written, self.move.files, strict=False))):
            try:
                old, new = change.file.document.data, _bytes(change.rewrite.text)
                replace(change.file.target, Path(entry.temporary), new, old)
            except NotWritten as error:
                remains.append(str(error))
        if remains:
            return "; ".join([*remains, f"{self.store.title} keeps the logins, so nothing is lost"])
        for record, before in reversed(self.stored):
            try:
                self.store.erase(record.server)
                if before:
                    self.store.put(before)
            except StoreError as error:
                remains.append(f"{self.store.title} still holds {record.server}: {error.reason}")
        return "; ".join(remains)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
