"""The short form of a provider's file, for issuers beyond registries, and what becomes of it.

But for the few kinds with a client no program of ours asks these issuers or makes anything there, and the cells of the
capability matrix say so. Pages are addresses; a package registry's is named by the way through its menu instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guides.providers.links import link_fault
from guides.providers.provider import Can, Cell, Cells, CredentialKind, Killer, Links, Look, Proof, Provider
from guides.providers.reading import CLIENTS, ProviderError, is_id, is_source, read_as
from guides.words.filled import GENERIC, PLACE

_LOCKOUT = "Not known, so a value that was refused is not sent again."
_BLIND_SPOTS = (
    "Not every use leaves a trace, and some logs are kept for days only or need a paid plan.",
    "A log names the key or its user, mostly not the place that the value was taken from.",
)
_ELSEWHERE = (
    Look("M2", "Usage, costs and quotas", "", "a sudden peak, and hours that are not yours"),
    Look("M3", "Keys, members and settings there", "", "what nobody in your team made or changed"),
    Look("M4", "Your own logs of the services that use it", "", "refusals, and calls that they did not make"),
)
"""The other ways to look, which are the same for all of them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where one sees how it was used, and what to look for."""

    what: str
    look_for: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class ShortKind:
    """One kind of secret: what it is, where it is replaced and revoked, what happens then, how its use is seen."""

    id: str
    title: str
    forms: tuple[str, ...]
    """Ids of rules of `checks/detect/rules`, or of `checks.model.token_kinds`."""
    unlocks: str
    choices: tuple[str, ...]
    rights: str
    revoke: str
    effect: str
    see: tuple[Seen, ...]
    prevent: str
    source: str
    """A document and its mark, for all that stands here."""
    page: str = ""
    """Where a new one is made."""
    revoke_page: str = ""
    expiry_days: int = 0
    expiry: str = "It has no end date of its own. Enter one in a calendar."
    client: str = ""
    kills: tuple[Killer, ...] = ()
    traps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Short:
    """One issuer. `title` fits into a sentence: "A new one at ...". The first kind is what only a name gives away."""

    id: str
    title: str
    names: tuple[str, ...]
    """Shell patterns of variables that hold such a secret, in capitals."""
    kinds: tuple[ShortKind, ...]


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer beyond registries, and by what its secrets are known."""

    provider: Provider
    names: tuple[str, ...]
    forms: frozenset[str]


def read_issuer(text: bytes, file: str) -> Issuer:
    """One file. Raises ProviderError."""
    short: Short = read_as(Short, text, file)
    for fault in _faults(short):
        raise ProviderError(f"{file}: {fault}")
    kinds = tuple(_kind(kind, by_name=number == 0) for number, kind in enumerate(short.kinds))
    provider = Provider(short.id, short.title, kinds, _LOCKOUT, _BLIND_SPOTS)
    return Issuer(provider, short.names, frozenset(form for kind in short.kinds for form in kind.forms))


def _kind(short: ShortKind, *, by_name: bool) -> CredentialKind:
    first, *more = (Look("M1", seen.what, seen.page, seen.look_for) for seen in short.see)
    return CredentialKind(
        short.id,
        short.title,
        (*short.forms, *(("password",) if by_name else ())),
        short.unlocks,
        _cells(short),
        short.choices,
        short.rights,
        short.expiry_days,
        short.expiry,
        short.effect,
        "",
        (first, *more, *_ELSEWHERE),
        links=Links(short.page, short.revoke_page or short.page, first.where),
        kills_at_once=short.kills,
        client=short.client,
        traps=(*short.traps, short.prevent),
    )


def _cells(short: ShortKind) -> Cells:
    """What a program could do is not tried, but where an account of ours serves the kind (`client`)."""
    read = "(S" in short.source
    proof = Proof.DOCUMENTED if read else Proof.UNPROVEN

    def by_page(how: str) -> Cell:
        return Cell(Can.BROWSER, how, short.source, proof)

    def not_tried(how: str) -> Cell:
        return Cell(Can.NO, how, short.source, Proof.UNPROVEN)

    by_itself = Cell(Can.YES, "By the issuer's API, with the token as its own login.", short.source, Proof.DOUBLE)
    seen = "; ".join(f"{one.what}: {one.look_for}" for one in short.see)
    return Cells(
        new_with_old=not_tried("Not tried by this program."),
        new_by_owner=by_page(f"{short.choices[0]}."),
        verify=by_itself
        if short.client
        else not_tried("By the service that uses it; or by the extra kingfisher, where that knows its issuer."),
        revoke=by_page(short.revoke),
        revoke_itself=by_itself
        if short.client
        else not_tried("Not tried by this program; the extra kingfisher can for some issuers."),
        disable=not_tried("Not known. Look for a switch to disable it before you delete it."),
        last_used=by_page(f"{seen}."),
        access_log=by_page(f"{seen}."),
    )


def _faults(short: Short) -> Iterator[str]:
    if not short.kinds or len({kind.id for kind in short.kinds}) != len(short.kinds):
        yield "kinds: at least one, each with an id of its own"
    for kind in short.kinds:
        yield from (f"kinds.{kind.id}.{fault}" for fault in _kind_faults(kind))


def _kind_faults(kind: ShortKind) -> Iterator[str]:
    if not is_id(kind.id):
        yield "id: small letters, digits and hyphens"
    if not (kind.forms and kind.choices and kind.see):
        yield "forms, choices, see: at least one of each"
    if not is_source(kind.source):
        yield "source: a document and, in brackets, its mark"
    if kind.client not in CLIENTS:
        yield f"client: {kind.client} is none of {', '.join(sorted(CLIENTS - {''}))}"
    for page in (kind.page, kind.revoke_page, *(seen.page for seen in kind.see)):
        if page and (fault := link_fault(page)):
            yield f"{page}: {fault}"
    for choice in kind.choices:
        if unknown := sorted(set(PLACE.findall(choice)) - GENERIC.keys()):
            yield f"choices: unknown place {unknown[0]}"
