"""JFrog CLI's `jfrog-cli.conf.v6`: servers with a password or tokens; with a master key they are encrypted."""

from __future__ import annotations

from checks.formats.json_positions import member, parse
from checks.formats.leaves import json_leaves
from checks.formats.located import Logins
from checks.tool_files.fields import Fields

_SERVERS = Fields(
    json_leaves,
    ("password", "accesstoken", "refreshtoken", "artifactoryrefreshtoken", "apikey", "sshpassphrase"),
    users=("user", "username"),
    hosts=("url", "artifactoryurl"),
)


def read_jfrog(text: str) -> Logins:
    """The secrets of each server, or none where the file says that it is encrypted."""
    encrypted = member(parse(text).root, "enc")
    return Logins() if encrypted and encrypted.text == "true" else _SERVERS(text)
