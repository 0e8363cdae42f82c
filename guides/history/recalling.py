"""Reading the secret once more from where it was found: a case forgets it as soon as it is proven dead.

The same checks look at the same versions of the same files, and what they find is compared by the case's fingerprint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from checks.git.objects import MISSING, read_objects
from checks.git.runner import Git, GitError
from checks.model.finding import Finding
from checks.model.secret import Secret
from checks.trees.contents import Contents

MOST_VERSIONS = 500
"""Versions of one file that are looked at, the newest first."""
MOST_BYTES = 32 << 20


def recall(
    git: Git, places: Iterable[tuple[str, str | None]], contents: Contents, wanted: Callable[[Secret], bool]
) -> Secret | None:
    """The secret, from (path in the repository, id of the object where it is known). None where it is found nowhere."""
    for path, blob in places:
        for data in _versions(git, path, blob):
            for one in contents.look(path, data):
                if isinstance(one, Finding) and one.secret and wanted(one.secret):
                    return one.secret
    return None


def _versions(git: Git, path: str, blob: str | None) -> Iterator[bytes]:
    """This object, then the versions of the file of this name. What cannot be read is passed over."""
    try:
        named = [blob] if blob else []
        if path:
            named += islice(_ids(git, path), MOST_VERSIONS)
        for name in dict.fromkeys(named):
            for one in read_objects(git, [name]):
                if one.kind != MISSING and len(one.data) <= MOST_BYTES:
                    yield one.data
    except GitError:
        return


def _ids(git: Git, path: str) -> Iterator[str]:
    """Ids of the versions of this file, the newest first."""
    with git.running("rev-list", "--objects", "--all", "--", path) as stream:
        for line in stream:
            name, _, at = line.decode("utf-8", "surrogateescape").rstrip("\n").partition(" ")
            if at == path:
                yield name
