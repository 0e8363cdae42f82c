"""One pass over a text for every word that announces a secret, then a look around each place where one stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from checks.detect.free_text.command_lines import COMMAND_LINES
from checks.detect.free_text.context import context_of
from checks.detect.free_text.docker_logins import DOCKER_FILES, DOCKER_LOGINS
from checks.detect.free_text.found import Context, Found, Probe
from checks.detect.free_text.headers import AUTHORIZATION, TOKEN_HEADERS
from checks.detect.free_text.named_values import NAMED_VALUES
from checks.detect.free_text.tokens_by_rule import rule_probes
from checks.detect.free_text.urls import URL_LOGINS
from checks.detect.literals import Finder, finder

MOST_FOUND = 5000
"""Secrets in one file beyond which it is a list of something else."""


def _never() -> bool:
    return False


class Engine:
    """Every probe, ready to look at any number of texts."""

    def __init__(self, probes: Sequence[Probe], make_finder: Callable[[Sequence[bytes]], Finder] = finder) -> None:
        by_word: dict[bytes, list[Probe]] = {}
        for probe in probes:
            for word in probe.words:
                by_word.setdefault(word, []).append(probe)
        self.words = tuple(by_word)
        self._finder = make_finder(self.words)
        self._probes = [tuple(held) for held in by_word.values()]

    def look(
        self,
        data: bytes,
        path: str,
        cancelled: Callable[[], bool] = _never,
        *,
        commands: bool = True,
        names: bool = True,
    ) -> list[Found]:
        """What the text gives away, in its order; of two that overlap, the better one. At most `MOST_FOUND`.

        `path` is relative to the tree that was named, and tells programs, tests and lock files apart. Without
        `commands` no command line is read: somebody else has done that. Without `names` no value counts for its name.
        """
        declined = [probe for probe, wanted in ((COMMAND_LINES, commands), (NAMED_VALUES, names)) if not wanted]
        context: Context | None = None
        found: list[Found] = []
        looked_at: dict[int, int] = {}
        for number, (start, index) in enumerate(self._finder(data)):
            for probe in self._probes[index]:
                if probe in declined or (probe.begins and not probe.begins(data, start)):
                    continue
                context = context or context_of(path, data)
                if context.locked and not probe.in_locked:
                    continue
                if probe.window:
                    if start < looked_at.get(id(probe), 0):
                        continue
                    looked_at[id(probe)] = probe.window(data, start, context)[1]
                found.extend(probe.find(data, start, context))
            if number % 256 == 255 and (cancelled() or len(found) > 2 * MOST_FOUND):
                break
        return list(_best(found))[:MOST_FOUND] if found else found


@cache
def engine() -> Engine:
    """The engine of this process."""
    clues = (NAMED_VALUES, URL_LOGINS, AUTHORIZATION, TOKEN_HEADERS, DOCKER_LOGINS, DOCKER_FILES, COMMAND_LINES)
    return Engine((*rule_probes(), *clues))


def _best(found: list[Found]) -> Iterator[Found]:
    """A vendor's rule is better than a general one, a form than a name, then the surer, then the longer one."""
    kept: Found | None = None
    for one in sorted(found, key=lambda one: (one.start, one.end)):
        if kept and one.start < kept.end:
            kept = max(kept, one, key=_quality)
            continue
        if kept:
            yield kept
        kept = one
    if kept:
        yield kept


def _quality(one: Found) -> tuple[bool, bool, int, int]:
    return not one.general, not one.named, one.confidence, one.end - one.start
