"""Which key of Amazon's this case is about, in which region, and which login may ask the owner's questions."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from checks.files.reading import NotRead, read_file
from checks.formats.display import printable
from checks.formats.encodings import text_of as decoded
from checks.model.secret import Secret
from guides.case.walk import Walk
from guides.registries.aws_wire import AwsKey, is_region
from guides.steps.step import Answers, Ask, AskKind, StepFailed, secret_of, text_of

KEY_ID = re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])")
_ECR = re.compile(r"[0-9]{12}\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
_PROFILE = "profile "
MOST_BYTES = 1 << 20
ITSELF, NEW, ENTERED = "itself", "new", "entered"


def key_id(walk: Walk) -> str:
    """The id that belongs to the case's secret: the name it was found with, else the nearest one in its file."""
    if KEY_ID.fullmatch(walk.case.username):
        return walk.case.username
    nearest = min((each for place in walk.case.places for each in _ids_near(place.path, place.line)), default=(0, ""))
    return nearest[1]


def old_key(walk: Walk, answers: Answers) -> AwsKey:
    """The case's key. Its id is remembered in the case. Raises StepFailed."""
    name, old = text_of(answers, "key_id") or key_id(walk), walk.old()
    if not old:
        raise StepFailed("the old secret key is not at hand any more", "use the key of an administrator")
    if not KEY_ID.fullmatch(name):
        raise StepFailed(f"{printable(name, 40) or 'nothing'} is no id of an access key", "it begins with AKIA")
    if walk.case.username != name:
        walk.file.keep(replace(walk.case, username=name))
    return AwsKey(name, old)


def new_key(walk: Walk) -> AwsKey:
    new, held = walk.new(), walk.case.new
    if not new or not held:
        raise StepFailed("the new key is not in the case's store any more", "make another one")
    return AwsKey(held.username, new)


def id_asks(walk: Walk) -> tuple[Ask, ...]:
    """Asks for the key's id where no file tells it."""
    if key_id(walk):
        return ()
    return (Ask("key_id", AskKind.TEXT, "The id of this key (AKIA...), which stands near the secret"),)


def login_asks(walk: Walk) -> tuple[Ask, ...]:
    """Who asks the owner's questions: the key itself, where it has the right; another profile; a key entered now."""
    choices = [(NEW, "the new key")] if walk.case.new else []
    choices.append((ITSELF, "this key itself, if it has the right"))
    choices += [
        (f"{_PROFILE}{name}", f"the profile {printable(name, 40)} of ~/.aws ({printable(key.id, 30)})")
        for name, key in profiles(walk).items()
        if not walk.is_old(key.secret)
    ]
    choices.append((ENTERED, "a key that I enter now, which is not kept"))
    return (
        Ask("login", AskKind.CHOICE, "Sign the questions with", tuple(choices)),
        Ask("login_id", AskKind.TEXT, "Id of that key (only if you enter one)", optional=True),
        Ask("login_secret", AskKind.SECRET, "Its secret (only if you enter one)", optional=True),
    )


def login_of(walk: Walk, answers: Answers) -> AwsKey:
    chosen = text_of(answers, "login")
    if chosen == NEW:
        return new_key(walk)
    if chosen == ENTERED:
        return AwsKey(text_of(answers, "login_id"), secret_of(answers, "login_secret"))
    if chosen.startswith(_PROFILE):
        key = profiles(walk).get(chosen.removeprefix(_PROFILE))
        if not key:
            raise StepFailed(f"{printable(chosen, 60)} is not in ~/.aws/credentials any more", "choose again")
        return key
    return old_key(walk, answers)


def profiles(walk: Walk) -> dict[str, AwsKey]:
    """Profiles that hold a key; those of a single sign-on hold none. A file that cannot be read has none."""
    found = {}
    for name, section in _sections(_file(walk, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")):
        name_of_key, secret = section.get("aws_access_key_id", ""), section.get("aws_secret_access_key", "")
        if name_of_key and secret:
            session = section.get("aws_session_token", "")
            found[name] = AwsKey(name_of_key, Secret(secret), Secret(session) if session else None)
    return found


def region(walk: Walk) -> str:
    """The region of a registry that is known, else the configured one, else Amazon's first."""
    hosts = [walk.case.registry, *(use.registry for use in walk.case.uses)]
    known = [match["region"] for host in hosts if host and (match := _ECR.fullmatch(host))]
    environment = walk.around.environment
    known += [environment.get("AWS_REGION", ""), environment.get("AWS_DEFAULT_REGION", "")]
    known += [section.get("region", "") for _, section in _sections(_file(walk, "AWS_CONFIG_FILE", ".aws/config"))]
    return next((one for one in known if is_region(one)), "us-east-1")


def ecr_host(walk: Walk) -> str:
    """A registry of Amazon's that this case knows of; empty where it knows none."""
    hosts = (walk.case.registry, *(use.registry for use in walk.case.uses))
    return next((host for host in hosts if host and _ECR.fullmatch(host)), "")


def _file(walk: Walk, variable: str, usual: str) -> Path:
    return Path(walk.around.environment.get(variable) or walk.home / usual)


def _sections(path: Path) -> Iterator[tuple[str, configparser.SectionProxy]]:
    parser = configparser.ConfigParser(interpolation=None, strict=False, default_section="\0")
    try:
        parser.read_string(decoded(read_file(path, MOST_BYTES).data))
    except (NotRead, configparser.Error):
        return
    yield from ((name, parser[name]) for name in parser.sections())


def _ids_near(path: str, line: int | None) -> Iterator[tuple[int, str]]:
    """(distance in lines, id) for each key id in this file."""
    if not os.path.isabs(path):  # noqa: PTH117  a variable's name is a place too
        return
    try:
        text = decoded(read_file(Path(path), MOST_BYTES).data)
    except NotRead:
        return
    for number, held in enumerate(text.splitlines(), 1):
        yield from ((abs(number - (line or 1)), match[0]) for match in KEY_ID.finditer(held))
