"""`NuGet.Config`: learn.microsoft.com/nuget/reference/nuget-config-file#packagesourcecredentials.

`Password` and the API keys are encrypted with a key of the Windows account; `ClearTextPassword` is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.formats.located import Login, Logins, host_of
from checks.formats.xml_positions import Element, Parsed, parse


def read_nuget(text: str) -> Logins:
    """The clear passwords of package sources, with the host and the user of each."""
    parsed = parse(text)
    return Logins(tuple(_logins(parsed, parsed.root)) if parsed.root else (), parsed.problem)


def _logins(parsed: Parsed, root: Element) -> Iterator[Login]:
    listed = root.child("packageSources")
    urls = _pairs(listed) if listed else {}
    credentials = root.child("packageSourceCredentials")
    for source in credentials.children if credentials else ():
        name = source.name.replace("_x0020_", " ")
        held = _pairs(source)
        host = host_of(urls.get(name.lower(), ""))
        for pair in source.children:
            value = parsed.attribute(pair, "value")
            if pair.attributes.get("key", "").lower() == "cleartextpassword" and value and value.text:
                yield Login(f"{name}/ClearTextPassword", value, host, held.get("username", ""))


def _pairs(holder: Element) -> dict[str, str]:
    return {one.attributes.get("key", "").lower(): one.attributes.get("value", "") for one in holder.children}
