"""Jib and the other image plugins of Maven and Gradle.

Fields: GoogleContainerTools/jib, plugins' README (`from`, `to`, `auth`, `credHelper`); eclipse/jkube and fabric8's
docker-maven-plugin (`authConfig`, servers by the registry's host); com.bmuschko.docker (`registryCredentials`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.formats.maven_settings import is_encrypted
from checks.formats.properties import settings
from checks.formats.registry_names import HUB_CONTAINERS_NAME, provider_of
from checks.formats.xml_positions import Element
from checks.model.use import Use
from checks.uses.references import Held, held
from checks.uses.registries import canonical, implied_registry, needs_login, split_image
from checks.uses.source import Source
from checks.uses.updating import IN_THIS_FILE

MAVEN, GRADLE = "maven", "gradle"
_BLOCK = late.compile(
    r"\b(?P<name>from|to|auth|registryCredentials|jib)\s{0,20}(?:\.set)?\s{0,5}\{|(?P<close>\})|(?P<open>\{)"
)
_FIELD = late.compile(
    r"""\b(?P<name>image|username|password|url|credHelper)(?:\.set)?[ \t]{0,20}[=(\s][ \t]{0,20}=?[ \t]{0,20}
        (?:"(?P<double>[^"\n]{0,500})"|'(?P<single>[^'\n]{0,500})'|(?P<code>[^\n;})]{1,200}))""",
    re.VERBOSE,
)
_CALL = late.compile(
    r"""(?:getenv|findProperty|property|environmentVariable|getProperty)\(\s{0,5}["'](?P<name>[\w.-]{1,100})["']"""
)
_PATH = late.compile(r"(?P<name>[A-Za-z_][\w.]{0,100})")
_WHERE = "the property or variable that the build reads"
_SERVER = "in this file; mvn --encrypt-password asks for the value and prints its encrypted form"
_PROPERTY = late.compile(
    r"(?:jib\.(?:to|from)\.auth|docker|jkube\.docker|registry)[\w.]{0,60}\.?(?:password|token)\Z", re.I
)


def read_pom(source: Source) -> Iterator[Use]:
    """`auth` and `authConfig` beside images, and images of registries that may want a login."""
    for _, element in source.xml.root.walk() if source.xml.root else ():
        if element.name in ("from", "to") and (image := element.child("image")) and image.value:
            yield from _jib_image(source, element, image)
        elif element.name == "authConfig":
            password = element.child("password")
            if password and password.value:
                yield source.use(
                    MAVEN,
                    "authConfig of an image plugin",
                    password.value.line,
                    registry=element.text("registry"),
                    username=element.text("username"),
                    value=held(password.value.text),
                    update=_WHERE,
                )


def _jib_image(source: Source, element: Element, image: Element) -> Iterator[Use]:
    pushes = element.name == "to"
    text = image.value.text if image.value else ""
    auth, helper = element.child("auth"), element.child("credHelper")
    password = auth.child("password") if auth else None
    title = f"jib.{element.name}"
    if auth and password and password.value:
        yield source.use(
            MAVEN,
            f"{title}.auth",
            password.value.line,
            username=auth.text("username"),
            value=held(password.value.text),
            image=text,
            pushes=pushes,
            update=_WHERE,
        )
    elif pushes or needs_login(split_image(text)[0]) or helper:
        line = image.value.line if image.value else 1
        update = "docker login, the credential helper that it names, or a server in ~/.m2/settings.xml"
        name = helper.value.text if helper and helper.value else ""
        yield source.use(MAVEN, f"{title}.image", line, value=Held(name), image=text, pushes=pushes, update=update)


def read_settings(source: Source) -> Iterator[Use]:
    """Servers whose id is a registry's host, and properties with a registry's password."""
    for path, element in source.xml.root.walk() if source.xml.root else ():
        if element.name == "server" and (password := element.child("password")) and password.value:
            name = element.text("id")
            host = canonical(name)
            if (
                host and (host == HUB_CONTAINERS_NAME or provider_of(host, "") or ":" in host or "." in host)
            ) or implied_registry(name):
                encrypted = is_encrypted(password.value.text) and not held(password.value.text).name
                value = Held(name) if encrypted else held(password.value.text)
                yield source.use(
                    MAVEN,
                    f"server {name}",
                    password.value.line,
                    registry=name if host else "",
                    username=element.text("username"),
                    value=Held(value.name or name, value.secret),
                    update=_SERVER,
                )
        elif element.value and "properties" in path and _PROPERTY.fullmatch(element.name):
            yield source.use(MAVEN, f"property {element.name}", element.value.line, value=held(element.value.text))


def read_properties(source: Source) -> Iterator[Use]:
    """`gradle.properties`: what a build's login reads."""
    found = list(settings(source.text))
    values = {one.name: one.value.text for one in found}
    for one in found:
        if _PROPERTY.fullmatch(one.name) or implied_registry(one.name):
            stem = one.name.rpartition(".")[0]
            value = held(one.value.text)
            user = values.get(f"{stem}.username", "") if stem else ""
            registry = split_image(values.get(f"{stem.removesuffix('.auth')}.image", ""))[0] or "" if stem else ""
            yield source.use(
                GRADLE,
                f"property {one.name}",
                one.value.line,
                registry=registry,
                username=user,
                value=Held(value.name or one.name, value.secret),
                update=IN_THIS_FILE,
                hint=one.name,
            )


def read_gradle(source: Source) -> Iterator[Use]:
    """`jib { to { image auth { username password } } }` and `registryCredentials`, in Groovy and Kotlin, by form."""
    for start, end, name in _blocks(source.text):
        fields = {match["name"]: match for match in _FIELD.finditer(source.text, start, end)}
        image, password = fields.get("image"), fields.get("password")
        text = _string(image)
        if name == "registryCredentials" and password:
            registry = _string(fields.get("url")) or HUB_CONTAINERS_NAME
            yield _gradle_use(source, name, password, fields.get("username"), registry, "", pushes=True)
        elif name in ("from", "to") and password:
            yield _gradle_use(
                source, f"jib.{name}.auth", password, fields.get("username"), "", text, pushes=name == "to"
            )
        elif name in ("from", "to") and image and text and (name == "to" or needs_login(split_image(text)[0])):
            line = source.lines.at(image.start())[0]
            update = "docker login, or the credential helper that it names"
            helper = Held(_string(fields.get("credHelper")))
            yield source.use(
                GRADLE, f"jib.{name}.image", line, value=helper, image=text, pushes=name == "to", update=update
            )


def _gradle_use(
    source: Source,
    title: str,
    password: re.Match[str],
    user: re.Match[str] | None,
    registry: str,
    image: str,
    *,
    pushes: bool,
) -> Use:
    line = source.lines.at(password.start())[0]
    code = password["code"]
    named = (_CALL.search(code) or _PATH.search(code)) if code else None
    value = Held(named["name"]) if named else held(_string(password))
    return source.use(
        GRADLE,
        title,
        line,
        registry=registry,
        username=_string(user),
        value=value,
        image=image,
        pushes=pushes,
        update=_WHERE,
    )


def _string(match: re.Match[str] | None) -> str:
    return (match["double"] or match["single"] or "") if match else ""


def _blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of the blocks that hold logins; only where jib or a docker plugin is used."""
    if not re.search(r"jib|docker", text):
        return
    open_blocks: list[tuple[str, int]] = []
    for match in _BLOCK.finditer(text):
        if match["close"]:
            if open_blocks:
                name, start = open_blocks.pop()
                if name in ("from", "to", "registryCredentials"):
                    yield start, match.end(), name
        elif len(open_blocks) < 200:
            open_blocks.append((match["name"] or "", match.end()))
