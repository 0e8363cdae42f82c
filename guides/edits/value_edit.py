"""Plans the change of one file in which an old secret was found, and proves it before it is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from checks import container_auth, container_builds, credential_documents, docker_config, docker_leftovers
from checks.files.state import StateError
from checks.model.check import Check
from checks.model.finding import Finding
from checks.model.secret import Secret
from checks.model.workstation import Workstation
from guides.edits import by_reference, dockerfile, history
from guides.edits.edit import ToDo, ValueEdit, Way
from guides.edits.json_text import Splice
from guides.edits.json_text import apply as applied
from guides.edits.languages import Language, language_of
from guides.edits.lines_that_set import can_be_taken_out, line_that_sets
from guides.edits.masking import positions_after
from guides.edits.places import located
from guides.edits.planning import (
    NotPlanned,
    Opened,
    Request,
    changed,
    check_new_value,
    finished,
    line_table,
    opened,
)
from guides.edits.quoting import ways_to_write
from guides.edits.readings import Reading, Readings, beside, difference, readings
from guides.edits.spelling import Form, Spelled, respelled
from guides.edits.variables import NAME, Reference, reference_for, sets_itself, ways_to_refer

MOST_READINGS = 300
"""How often the file is read again to find spellings that are read back as they should; mostly once is enough."""
_LOGINS = (docker_config.id, container_auth.id, credential_documents.id)
_MOVE = "Let docker read it from a store: dockhygiene move takes the login out of this file."
_BUILD_SECRET = (
    "Mount it for the one command that needs it: RUN --mount=type=secret,id={0} ..., which reads /run/secrets/{0}, "
    "and docker build --secret id={0},env={1}. Images that were built before hold the old value."
)
_GONE = "Nothing gives this name a value any more: what needs it has to get it from a store."


def plan_edit(
    workstation: Workstation,
    check: Check,
    path: Path,
    old: Secret,
    new: Secret | None,
    way: Way,
    name: str = "",
    reference: str = "",
) -> ValueEdit | ToDo:
    """One edit for all findings of the old secret in this file, or what is left to a person.

    `name` is the variable's, for Way.VARIABLE and in a compose file; `reference` for Way.REFERENCE. Reads the file, and
    changes nothing.
    """
    request = replace(Request.of(workstation, check, path, old, new, way, name), reference=reference)
    try:
        held = opened(request)
        if history.is_history(request.path):
            return history.plan(request, held)
        if way is Way.MOUNT:
            return dockerfile.plan(request, held)
        language = language_of(request.path, held.text)
        _check_way(request, language)
        with readings(workstation, check, request.path) as reads:
            return _Planner(request, held, language, reads).plan()
    except NotPlanned as left:
        return request.to_do(left)
    except (StateError, OSError) as error:
        return request.to_do(NotPlanned(f"it could not be tried out in memory: {error}"))


def ways_for(check: Check, path: Path, text: str) -> tuple[Way, ...]:
    """What can be offered for this file. Whether it can be done is known when it is planned."""
    if history.is_history(path):
        return (Way.NOTHING,)
    if check.id == docker_leftovers.id:
        return ()
    language = language_of(path, text)
    if language is Language.DOCKERFILE:
        return (Way.MOUNT,)
    ways = [Way.VALUE]
    if reference_for(path, language, text, "NAME"):
        ways.append(Way.VARIABLE)
    if can_be_taken_out(path, language):
        ways.append(Way.NOTHING)
    return tuple(ways)


def _check_way(request: Request, language: Language) -> None:
    """Raises NotPlanned where this way is none for such a file."""
    if not request.old:
        raise NotPlanned("no old value is known")
    if request.way is Way.VALUE:
        if check_new_value(request.new) == request.old:
            raise NotPlanned("the new value is the old one", "Generate another one.")
        return
    if request.check.id in _LOGINS:
        raise NotPlanned("a docker login is moved, not cut out", _MOVE)
    if request.check.id == container_builds.id or language is Language.DOCKERFILE:
        name = request.name or "TOKEN"
        raise NotPlanned("a build's variables stay in its image", _BUILD_SECRET.format(name.lower(), name))
    if request.way is Way.VARIABLE and not NAME.fullmatch(request.name):
        raise NotPlanned("no name is known for the variable", "Name one: letters, digits and _.")


class _Planner:
    def __init__(self, request: Request, held: Opened, language: Language, reads: Readings) -> None:
        self.request = request
        self.held = held
        self.language = language
        self.reads = reads
        self.lines = line_table(held)
        self.before = reads.of(held.data)
        self.tried = 0

    def plan(self) -> ValueEdit:
        found = self.before.of(self.request.old)
        if not found:
            raise NotPlanned("the old value is not found there any more", "Nothing: look again.")
        self._check_offer(found[0])
        places = self._places(found)
        choices = [self._choices(place) for place in places]
        splices, after = self._proven(choices)
        return finished(self.request, self.held, splices, self.before, after, self._notes())

    def _check_offer(self, finding: Finding) -> None:
        """Raises NotPlanned where no rule is known for such a file."""
        path, way = self.request.path, self.request.way
        if way is Way.VARIABLE and not self._reference():
            reason = "its reader takes no variables there, as far as is known"
        elif way is Way.REFERENCE and not self._reference():
            reason = "what reads it is never started through dockhygiene"
        elif way is Way.NOTHING and not can_be_taken_out(path, self.language):
            reason = "more than one line belongs to it there"
        else:
            return
        raise NotPlanned(reason, finding.advice, finding.place.line)

    def _places(self, found: Sequence[Finding]) -> list[Spelled]:
        """Where the old secret is spelled, each stretch once. Raises NotPlanned."""
        places: list[Spelled] = []
        for finding in found:
            place = located(self.held.text, self.lines, finding)
            if not place:
                raise NotPlanned("it is written there in a form that is not known", line=finding.place.line)
            places.append(place)
        kept: list[Spelled] = []
        for place in sorted(set(places), key=lambda one: (one.start, -one.end)):
            if not kept or place.start >= kept[-1].end:
                kept.append(place)
        return kept

    def _choices(self, place: Spelled) -> list[Splice]:
        """Ways to change this place, the best first. Raises NotPlanned where there is none."""
        line = self.held.text.count("\n", 0, place.start) + 1
        if self.request.way is Way.VALUE:
            made = self._with_value(place)
            reason = f"the new value would need quotes there that {self.language.value} does not have, or twice"
        elif self.request.way is Way.VARIABLE:
            made, reason = self._with_reference(place), "no name of a variable can stand there"
        elif self.request.way is Way.REFERENCE:
            made, reason = self._with_reference(place), "a reference cannot stand there, or only as the whole value"
        else:
            cut = line_that_sets(self.request.path, self.language, self.held.text, place.start, place.end)
            made, reason = [cut] if cut else [], "the line does more than to set it"
        if not made:
            raise NotPlanned(reason, line=line)
        return list(dict.fromkeys(made))

    def _with_value(self, place: Spelled) -> list[Splice]:
        new = check_new_value(self.request.new)
        if not self.held.file.is_ascii_or_utf and not new.reveal().isascii():
            raise NotPlanned("the file has an old encoding, which the new value would not fit")
        again = respelled(self.held.file.written, place, self.request.old, new)
        if again is not None:
            return [Splice(place.start, place.end, again)]
        if place.form is not Form.PLAIN:
            return []
        return list(ways_to_write(self.language, self.held.text, place.start, place.end, new.reveal()))

    def _with_reference(self, place: Spelled) -> list[Splice]:
        text, name = self.held.text, self.request.name
        itself = self.request.way is Way.VARIABLE and sets_itself(text, place.start, name)
        if place.form is Form.BASE64 or itself:
            return []
        reference = self._reference()
        assert reference
        if self.request.way is Way.REFERENCE:
            return list(by_reference.ways_to_write(reference, self.language, text, place.start, place.end))
        return list(ways_to_refer(reference, self.language, text, place.start, place.end))

    def _reference(self) -> Reference | None:
        """How the reader of this file takes it, or None where no way is known."""
        request, text = self.request, self.held.text
        if request.way is Way.REFERENCE:
            return by_reference.written(request.path, self.language, text, request.name, request.reference)
        return reference_for(request.path, self.language, text, request.name)

    def _proven(self, choices: Sequence[Sequence[Splice]]) -> tuple[list[Splice], Reading]:
        """The first choices that are read back as they should be. Raises NotPlanned."""
        chosen = [one[0] for one in choices]
        after, reason = self._tried(chosen)
        if reason and any(len(one) > 1 for one in choices):
            chosen = [self._best(one, alone=len(choices) == 1) for one in choices]
            after, reason = self._tried(chosen)
        if reason:
            raise NotPlanned(reason, line=self.held.text.count("\n", 0, chosen[0].start) + 1)
        return chosen, after

    def _best(self, choices: Sequence[Splice], *, alone: bool) -> Splice:
        for choice in choices:
            after, reason = self._tried([choice])
            if not reason or (not alone and self._is_step(after)):
                return choice
        return choices[0]

    def _is_step(self, after: Reading) -> bool:
        """Whether some of the old secret's findings became the new one's, and nothing else changed."""
        old, new = self.request.old, self.request.value
        fewer = len(self.before.of(old)) - len(after.of(old))
        own_fewer = sum(one.secret == old for one in self.before.own) - sum(one.secret == old for one in after.own)
        more = sum(one.secret == new for one in after.own) - sum(one.secret == new for one in self.before.own)
        others = sum(one.secret not in (old, new) for one in self.before.findings)
        others_now = sum(one.secret not in (old, new) for one in after.findings)
        return fewer > 0 and others == others_now and (new is None or more == own_fewer)

    def _tried(self, splices: Sequence[Splice]) -> tuple[Reading, str]:
        self.tried += 1
        if self.tried > MOST_READINGS:
            raise NotPlanned("it stands there too often, in too many spellings")
        if any(left.end > right.start for left, right in pairwise(splices)):
            return self.before, "two changes would overlap"
        text, old, new = self.held.text, self.request.old, self.request.value
        after = self.reads.of(changed(self.held, splices))
        if self.request.way is Way.NOTHING:
            removed = "".join(text[one.start : one.end] for one in splices)
            return after, difference(self.before, after, old, new, removed=removed)
        before = beside(self.before, text, [(one.start, one.end) for one in splices], (old, new))
        now = beside(after, applied(text, splices), positions_after(splices), (old, new))
        return after, difference(before, now, old, new)

    def _notes(self) -> list[str]:
        if self.request.way in (Way.VARIABLE, Way.REFERENCE):
            reference = self._reference()
            return [reference.to_do] if reference else []
        return [_GONE] if self.request.way is Way.NOTHING else []
