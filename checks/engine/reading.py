"""The layers of one engine's images: images that share layers are asked for together, each layer is read once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from checks.engine.client import Engine, EngineError, Refused
from checks.engine.known_layers import Counts, KnownLayers
from checks.engine.layers import CHECK
from checks.engine.listing import Listed, described, listed_images
from checks.engine.room import free_bytes
from checks.engine.saved import attested, makers_in, with_makers
from checks.engine.saving import CHANGED, Descriptions, PassedLayer, read_save
from checks.files.reading import size_text
from checks.formats.compression import Budget
from checks.images.joining import Stay, found_in
from checks.images.layers import LayerReader, ReadLayer
from checks.images.manifests import images_of
from checks.images.model import Image
from checks.model.finding import Finding, PassedOver, Skipped
from checks.model.workstation import MEBIBYTE, Workstation
from checks.trees.batch import Outcome
from checks.trees.contents import Contents

SPENT = "the time for this scan was spent before its layers were read; --images reads them"
_MOST_TOGETHER = 40
"""Images in one save."""
_WORTH_SAYING = 1024 * MEBIBYTE
Told = Outcome | Finding | Skipped


class _Wanted(NamedTuple):
    listed: Listed
    image: Image

    @property
    def shown(self) -> str:
        return self.listed.shown


class ImageReading:
    """One engine's images in one scan. Deadline: on the clock of time.monotonic."""

    def __init__(
        self,
        workstation: Workstation,
        engine: Engine,
        contents: Contents,
        known: KnownLayers,
        deadline: float | None,
    ) -> None:
        self._workstation = workstation
        self._engine = engine
        self._contents = contents
        self._known = known
        self._deadline = deadline
        self._read: dict[str, ReadLayer] = {}
        """By diff id: what was looked into in this scan."""
        self._passed: Counts = {}

    def all(self) -> Iterator[Told]:
        """Newest images first. Raises EngineError where the images cannot be listed."""
        images = list(self._described())
        for group in _together([one for one in images if not self._is_known(one.image)]):
            if self._workstation.cancelled.is_set():
                return
            yield from self._group(group)
        for diff_id in dict.fromkeys(layer.diff_id for one in images for layer in one.image.layers):
            if diff_id not in self._read:
                self._count(self._known.counts(diff_id) or {})
        for reason, (files, size) in self._passed.items():
            yield Skipped(CHECK, self._engine.endpoint.shown, reason, size=size, files=files)
        if self._contents.failures:
            yield Outcome(failures=self._contents.failures)

    def _described(self) -> Iterator[_Wanted]:
        for listed in listed_images(self._engine):
            if self._workstation.cancelled.is_set():
                return
            try:
                yield _Wanted(listed, described(self._engine, listed))
            except Refused:
                continue  # the survey has said it

    def _is_known(self, image: Image) -> bool:
        return all(self._known.counts(layer.diff_id) is not None for layer in image.layers)

    def _group(self, group: list[_Wanted]) -> Iterator[Told]:
        if self._is_spent():
            yield from (Skipped(CHECK, one.shown, SPENT, size=one.listed.size) for one in group)
            return
        need = sum(one.listed.size for one in group)
        free = free_bytes(self._engine)
        if free is None and need > _WORTH_SAYING:
            yield Skipped(
                CHECK,
                f"{self._engine.endpoint.shown} disk",
                "how much room it has is not known: a save may take as much as the images",
                size=need,
            )
        if free is not None and free < need:
            if len(group) > 1:
                for one in group:
                    yield from self._group([one])
                return
            reason = f"a save may need as much room, and the engine has {size_text(free)}: docker system prune"
            yield Skipped(CHECK, group[0].shown, reason, size=need)
            return
        yield from self._save(group)

    def _save(self, group: list[_Wanted]) -> Iterator[Told]:
        try:
            answer = self._engine.stream("/images/get", [("names", one.listed.id) for one in group])
        except EngineError as error:
            if isinstance(error, Refused) and len(group) > 1:  # one of them may have been deleted in the meantime
                for one in group:
                    yield from self._save([one])
            elif not self._workstation.cancelled.is_set():
                yield from (Skipped(CHECK, one.shown, str(error), size=one.listed.size) for one in group)
            return
        answer.deadline = self._deadline
        descriptions, budget = Descriptions(), Budget()
        new: list[str] = []
        full = LayerReader(self._workstation, self._contents, budget)
        names_only = LayerReader(self._workstation, Contents(self._workstation, ()), budget)
        try:
            for passed in read_save(answer, full, names_only, self._known, descriptions, lambda: bool(answer.given_up)):
                yield from self._take(passed, group, new)
        finally:
            answer.close()
        if self._workstation.cancelled.is_set():
            return
        saved = images_of(descriptions).images
        yield from self._told(group, saved, new)
        for finding in attested(saved, descriptions, full, self._contents):
            yield self._engine.placed(finding, CHECK, finding.place.image or finding.place.path)
        reason = (
            SPENT
            if self._is_spent()
            else answer.given_up or descriptions.damage or "not all of its layers are in what was saved"
        )
        for one in group:
            if any(layer.diff_id not in self._read for layer in one.image.layers):
                yield Skipped(CHECK, one.shown, reason, size=one.listed.size)

    def _take(self, passed: PassedLayer, group: list[_Wanted], new: list[str]) -> Iterator[Told]:
        """Files a layer that went by under its content's own name."""
        read, diff_id = passed.read, passed.read.diff_id
        if passed.known and self._known.counts(diff_id) is None:
            self._known.forget(passed.name)
            yield Skipped(CHECK, passed.name, CHANGED)
            return
        if not diff_id:
            yield Skipped(CHECK, passed.name, f"the layer was not read to its end: {read.problem}")
            return
        if diff_id in self._read:
            return
        self._read[diff_id] = read
        users = (one.shown for one in group if any(layer.diff_id == diff_id for layer in one.image.layers))
        yield Outcome(looked={CHECK: (1, read.bytes)}, path=f"{next(users, '')} {diff_id}".lstrip())
        if passed.known:
            self._count(self._known.counts(diff_id) or {})
            return
        new.append(diff_id)
        counts = dict(read.skipped)
        for one in read.said:
            if isinstance(one, PassedOver):
                files, size = counts.get(one.reason, (0, 0))
                counts[one.reason] = files + 1, size + one.bytes
        read.said = [one for one in read.said if isinstance(one, Skipped)]
        self._count(counts)
        if not read.found and not read.said and not read.problem:
            self._known.add(diff_id, passed.name, counts)

    def _told(self, group: list[_Wanted], saved: list[Image], new: list[str]) -> Iterator[Told]:
        """What was found in the layers that were read just now, with the images that they are part of."""
        makers = makers_in(saved)
        stays = {diff_id: Stay(read) for diff_id, read in self._read.items()}
        for one in group:
            image = with_makers(one.image, makers)
            for layer in image.layers:
                if layer.diff_id in stays:
                    stays[layer.diff_id].images.append((image, layer))
        for diff_id in new:
            stay = stays[diff_id]
            for said in stay.read.said:
                if isinstance(said, Skipped):
                    shown = stay.images[0][0].tags[:1] if stay.images else ()
                    yield replace(said, check=CHECK, path=f"{' '.join(shown) or diff_id} {said.path}")
            if stay.read.problem:
                yield Skipped(CHECK, diff_id, f"the layer was not read to its end: {stay.read.problem}")
            for finding in found_in(stay, stays, self._contents):
                yield self._engine.placed(finding, CHECK, finding.place.image or diff_id)

    def _is_spent(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline

    def _count(self, counts: Counts) -> None:
        for reason, (files, size) in counts.items():
            before = self._passed.get(reason, (0, 0))
            self._passed[reason] = before[0] + files, before[1] + size


def _together(images: Iterable[_Wanted]) -> Iterator[list[_Wanted]]:
    """Groups of images with the same lowest layer: whoever shares layers shares that one."""
    groups: dict[str, list[_Wanted]] = {}
    for one in images:
        if one.image.layers:
            groups.setdefault(one.image.layers[0].diff_id, []).append(one)
    for group in groups.values():
        for start in range(0, len(group), _MOST_TOGETHER):
            yield group[start : start + _MOST_TOGETHER]
