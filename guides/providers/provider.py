"""A provider and its kinds of credential: everything that the guide says or does about them, as data.

Each capability has its source, a document with a mark: S read in source or official documentation, S2 read in a
third-party page or an issue thread, M general knowledge, I inference. `proof` says whether this program tried it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from guides.providers.links import filled_link


class Can(StrEnum):
    """Whether something can be done by a program."""

    YES = "yes"
    CONDITION = "condition"
    """By a program, if what `how` says is fulfilled."""
    BROWSER = "browser"
    NO = "no"


class Proof(StrEnum):
    """What a capability rests on."""

    REAL_SERVER = "real server"
    """Our tests do it with the real server program."""
    DOUBLE = "double"
    """Our tests do it with a double that was held against the official description."""
    DOCUMENTED = "documented"
    """The provider describes it; no code of ours was tried."""
    UNPROVEN = "unproven"
    """Nobody official says so, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One capability: `how` is a sentence for people, with its condition."""

    can: Can
    how: str
    source: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Cells:
    """The capability matrix's row of one kind of credential."""

    new_with_old: Cell
    """A new one by API, with the old credential as the login."""
    new_by_owner: Cell
    """A new one by API, with the owner's or an administrator's login."""
    verify: Cell
    revoke: Cell
    revoke_itself: Cell
    """Whether the credential is login enough to end itself."""
    disable: Cell
    """Switched off so that it can be switched on again."""
    last_used: Cell
    access_log: Cell

    def __getitem__(self, name: str) -> Cell:
        cell = getattr(self, name, None)
        if not isinstance(cell, Cell):
            raise KeyError(name)
        return cell


CELLS = tuple(field.name for field in fields(Cells))


@dataclass(frozen=True, slots=True)
class Links:
    """Pages, as templates; an empty text where there is none. `CredentialKind.link` fills them."""

    create: str = ""
    manage: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True)
class Scopes:
    """Names of the least rights, as the provider's API and pages spell them; empty where rights have no names."""

    pull: tuple[str, ...] = ()
    push: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Killer:
    """A call or a button that ends the old credential at once, and is therefore never used."""

    call: str
    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at what others may have done."""

    way: str
    """Which of the four ways it belongs to: `M1` access logs, `M2` usage, `M3` connections and operations, `M4` API."""
    what: str
    where: str
    """A page as a template, `api` for a question that a client asks, `server` for the registry's own machine."""
    look_for: str


@dataclass(frozen=True, slots=True)
class CredentialKind:
    """One kind of credential of one provider."""

    id: str
    title: str
    forms: tuple[str, ...]
    """Ids of `checks.model.token_kinds`, `password` for what no form gives away, `identity-token`."""
    unlocks: str
    cells: Cells
    choices: tuple[str, ...]
    """What to choose on the page that makes a new one, in the page's order. May hold `{name}` and `{expires}`."""
    rights: str
    """The least privilege, in words."""
    expiry_days: int
    """Recommended life of a new one; 0 where it has none that one could choose."""
    expiry: str
    revoke_effect: str
    """What ends, when, and what its owner is told."""
    remaining_life: str
    """How long tokens that it was already exchanged for live on."""
    looks: tuple[Look, ...]
    usernames: tuple[str, ...] = ()
    """Shell patterns of user names that only this kind has; `{registry}` is the first part of the registry's host."""
    links: Links = Links()
    scopes: Scopes = Scopes()
    kills_at_once: tuple[Killer, ...] = ()
    client: str = ""
    """Id of the API client; empty where the browser has to do."""
    traps: tuple[str, ...] = ()

    def link(self, page: str, *, pushes: bool = False, **values: str) -> str:
        """The address of the page `create`, `manage` or `log`, or an empty text where there is none.

        Values are percent-encoded. Raises KeyError for one that the page needs and that was not given, ValueError for
        a host that is none.
        """
        template: str = {"create": self.links.create, "manage": self.links.manage, "log": self.links.log}[page]
        return filled_link(template, self._with_scopes(values, pushes))

    def look_link(self, look: Look, **values: str) -> str:
        """The page of one look, or an empty text where it is no page. Raises as `link` does."""
        return filled_link(look.where, values) if "://" in look.where else ""

    def _with_scopes(self, values: Mapping[str, str], pushes: bool) -> dict[str, str]:
        return {**values, "scopes": ",".join(self.scopes.push if pushes else self.scopes.pull)}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who issued a credential."""

    id: str
    """As `checks.formats.registry_names.provider_of` gives it, or `distribution`, or `unknown`."""
    title: str
    """Fits into a sentence: "Sign in to ..."."""
    kinds: tuple[CredentialKind, ...]
    lockout: str
    """What happens to somebody who is refused too often."""
    log_blind_spots: tuple[str, ...]
    hosts: tuple[str, ...] = ()
    """Registry hosts."""
    api_host: str = ""
    realms: tuple[str, ...] = ()
    """Other hosts that may see its secrets: token services and APIs."""

    def kind(self, id: str) -> CredentialKind:  # noqa: A002  what the file calls it
        """One kind by its id; raises KeyError."""
        for kind in self.kinds:
            if kind.id == id:
                return kind
        raise KeyError(id)
