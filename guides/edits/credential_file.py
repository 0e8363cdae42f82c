"""Edits of a docker-style credential file: logins taken out, helpers named, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from checks.formats.docker_auth import AuthFile, decode_auth, encode_auth, members, read_auth_file
from checks.formats.json_positions import Member, Node
from checks.model.secret import Secret
from guides.edits.json_text import (
    Splice,
    append_members,
    apply,
    raw_members,
    render_object,
    spell,
    spell_member,
)
from guides.stores.store import TOKEN_USER, Record

LOGIN_FIELDS = ("auth", "username", "password", "identitytoken")


@dataclass(frozen=True, slots=True)
class RemovedMember:
    """A member taken out of an entry: where it stood, how it was spelled, and all of its value but the secret."""

    index: int
    name: str
    username: str = ""
    """The user in an `auth`, or the value of a `username`."""
    holds_secret: bool = True

    @property
    def field(self) -> str:
        return self.name.casefold()

    def value(self, secret: Secret) -> Secret:
        """The value that stood here, given the login's secret."""
        if self.field == "auth":
            return encode_auth(self.username, secret if self.holds_secret else None)
        return Secret(self.username) if self.field == "username" else secret


@dataclass(frozen=True, slots=True)
class EmptiedEntry:
    """An entry whose login was taken out. `index` counts all entries of the file."""

    index: int
    key: str
    removed: tuple[RemovedMember, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A new version of a credential file, and all that undoing it needs besides the secrets."""

    text: str = field(repr=False)
    emptied: tuple[EmptiedEntry, ...]
    helpers_before: Mapping[str, str | None]
    """For each `credHelpers` name that is set: what stood there, None for nothing."""
    creds_store_before: str | None
    """None where the rewrite does not set it; an empty text where nothing stood."""
    added: tuple[str, ...] = ()
    """Top-level members that were not there. An empty `credHelpers` that was there is kept, and so stays undoable."""


def take_out(
    auth_file: AuthFile, fields: Mapping[int, Collection[str]], helpers: Mapping[str, str], creds_store: str | None
) -> Rewrite:
    """Takes the named fields out of the entries (by index), names the helpers, and sets `credsStore` unless None."""
    text, splices, emptied = auth_file.text, [], []
    for index, dropped in sorted(fields.items()):
        entry = auth_file.entries[index]
        keep, removed = _divide(entry.node, dropped)
        raws = [raw_members(text, entry.node)[position] for position in keep]
        splices.append(Splice(entry.node.start, entry.node.end, render_object(text, entry.node.start, raws)))
        emptied.append(EmptiedEntry(index, entry.key, removed))
    settings, added = _settings(auth_file, helpers, creds_store)
    splices += settings
    before = {name: auth_file.cred_helpers.get(name) for name in helpers}
    store_before = None if creds_store is None else auth_file.creds_store
    return Rewrite(apply(text, splices), tuple(emptied), before, store_before, added)


def put_back(auth_file: AuthFile, rewrite: Rewrite, secrets: Mapping[int, Secret]) -> Secret:
    """The text before the rewrite, from the text after it and the secret of each emptied entry, by its index.

    The result holds secrets again, so it is one.
    """
    text, splices = auth_file.text, []
    for emptied in rewrite.emptied:
        node = auth_file.entries[emptied.index].node
        raws = raw_members(text, node)
        for removed in sorted(emptied.removed, key=lambda one: one.index):
            value = removed.value(secrets[emptied.index])
            raws.insert(removed.index, spell_member(removed.name, spell(value.reveal())))
        splices.append(Splice(node.start, node.end, render_object(text, node.start, raws)))
    splices += _unset(auth_file, rewrite)
    return Secret(apply(text, splices))


def _divide(node: Node, dropped: Collection[str]) -> tuple[list[int], tuple[RemovedMember, ...]]:
    keep, removed = [], []
    for index, held in enumerate(node.members):
        if held.name.casefold() in dropped and held.value.kind == "string" and held.value.text:
            removed.append(_removed(index, held))
        else:
            keep.append(index)
    return keep, tuple(removed)


def _removed(index: int, held: Member) -> RemovedMember:
    field = held.name.casefold()
    if field == "auth":
        user, password, _ = decode_auth(held.value.text)
        return RemovedMember(index, held.name, user, bool(password))
    return RemovedMember(index, held.name, held.value.text if field == "username" else "", field != "username")


def _settings(
    auth_file: AuthFile, helpers: Mapping[str, str], creds_store: str | None
) -> tuple[list[Splice], tuple[str, ...]]:
    """Splices that name the helpers, and the top-level members that they add."""
    root = auth_file.root
    assert root
    splices: list[Splice] = []
    new: dict[str, str] = {}
    if helpers:
        held = _last(root, "credHelpers", "object")
        if held:
            splices.append(_merge_helpers(auth_file.text, held.value, helpers))
        else:
            start = root.members[0].start if root.members else root.start
            raws = [spell_member(name, spell(suffix)) for name, suffix in helpers.items()]
            new["credHelpers"] = render_object(auth_file.text, start, raws)
    if creds_store is not None:
        held = _last(root, "credsStore", "string")
        if held:
            splices.append(Splice(held.value.start, held.value.end, spell(creds_store)))
        else:
            new["credsStore"] = spell(creds_store)
    if new:
        raws = [spell_member(name, value) for name, value in new.items()]
        splices.append(append_members(auth_file.text, root, raws))
    return splices, tuple(new)


def _last(root: Node, name: str, kind: str) -> Member | None:
    held = [one for one in members(root, name) if one.value.kind == kind]
    return held[-1] if held else None


def _merge_helpers(text: str, node: Node, helpers: Mapping[str, str]) -> Splice:
    raws, missing = [], dict(helpers)
    for held in node.members:
        suffix = missing.pop(held.name, None) if held.name in missing else helpers.get(held.name)
        raws.append(text[held.start : held.value.end] if suffix is None else spell_member(held.name, spell(suffix)))
    raws += [spell_member(name, spell(suffix)) for name, suffix in missing.items()]
    return Splice(node.start, node.end, render_object(text, node.start, raws))


def _unset(auth_file: AuthFile, rewrite: Rewrite) -> list[Splice]:
    """Splices that take the settings back."""
    root = auth_file.root
    assert root
    splices, added = [], []
    held = _last(root, "credHelpers", "object")
    if held and rewrite.helpers_before:
        raws = _helpers_before(auth_file.text, held.value, rewrite.helpers_before)
        if raws or "credHelpers" not in rewrite.added:
            splices.append(Splice(held.value.start, held.value.end, render_object(auth_file.text, held.start, raws)))
        else:
            added.append(held)
    store = _last(root, "credsStore", "string")
    if store and rewrite.creds_store_before is not None:
        if "credsStore" not in rewrite.added:
            splices.append(Splice(store.value.start, store.value.end, spell(rewrite.creds_store_before)))
        else:
            added.append(store)
    return [*splices, *_removals(auth_file, added)]


def _helpers_before(text: str, node: Node, before: Mapping[str, str | None]) -> list[str]:
    raws = []
    for held in node.members:
        old = before.get(held.name)
        if held.name not in before:
            raws.append(text[held.start : held.value.end])
        elif old is not None:
            raws.append(spell_member(held.name, spell(old)))
    return raws


def _removals(auth_file: AuthFile, gone: list[Member]) -> Iterator[Splice]:
    """Cuts members out of the root together with the comma before them (or after, for the first ones)."""
    root = auth_file.root
    assert root
    kept = [position for position, held in enumerate(root.members) if held not in gone]
    if not kept:
        yield Splice(root.start, root.end, "{}")
        return
    for held in gone:
        position = root.members.index(held)
        if position > kept[0]:
            yield Splice(root.members[position - 1].value.end, held.value.end, "")
        else:
            yield Splice(held.start, root.members[position + 1].start, "")


def meaning(auth_file: AuthFile) -> Secret:
    """What the file says, spelling aside: equal for two texts exactly if every value and its order are equal.

    An `auth` counts as the login it decodes to, whatever its line breaks.
    """
    parts: list[str] = []
    waiting: list[tuple[str, Node]] = [("", auth_file.root)] if auth_file.root else []
    while waiting:
        name, node = waiting.pop()
        value = node.text
        if name.casefold() == "auth" and node.kind == "string":
            user, password, problem = decode_auth(value)
            value = value if problem else f"{user}:{password.reveal() if password else ''}"
        parts += [name, node.kind, value, str(len(node.members)), str(len(node.items))]
        waiting += [("", item) for item in reversed(node.items)]
        waiting += [(held.name, held.value) for held in reversed(node.members)]
    return Secret("\0".join(part.replace("\0", "\0\0") for part in parts))


def hand_over(
    auth_file: AuthFile, helpers: Mapping[str, str | None], creds_store: str | None, logins: Mapping[str, Record]
) -> Secret:
    """The text with these `credHelpers` renamed (None takes one away), `credsStore` set (empty takes it away, None
    keeps it), and these logins written into `auths` in plain text, by key. The result may hold secrets, so it is one.
    """
    before = Rewrite("", (), helpers, creds_store, ("credHelpers", *(() if creds_store else ("credsStore",))))
    text = apply(auth_file.text, _unset(auth_file, before))
    if not logins:
        return Secret(text)
    changed = read_auth_file(text.encode("utf-8", "surrogateescape"))
    assert changed.root
    return Secret(apply(text, _written_in(changed, changed.root, logins)))


def _written_in(auth_file: AuthFile, root: Node, logins: Mapping[str, Record]) -> Iterator[Splice]:
    text, missing = auth_file.text, dict(logins)
    for entry in auth_file.entries:
        record = None if entry.replaced else missing.pop(entry.key, None)
        if record and entry.node.kind == "object":
            raws = [*_login_members(record), *raw_members(text, entry.node)]
            yield Splice(entry.node.start, entry.node.end, render_object(text, entry.node.start, raws))
    raws = [spell_member(key, "{" + ", ".join(_login_members(record)) + "}") for key, record in missing.items()]
    held = _last(root, "auths", "object")
    if raws and held:
        yield append_members(text, held.value, raws)
    elif raws:
        yield append_members(text, root, [spell_member("auths", "{" + ", ".join(raws) + "}")])


def _login_members(record: Record) -> list[str]:
    if record.username == TOKEN_USER:
        return [spell_member("identitytoken", spell(record.secret.reveal()))]
    return [spell_member("auth", spell(encode_auth(record.username, record.secret).reveal()))]
