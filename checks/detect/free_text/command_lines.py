"""Command lines in any text: `docker login -p` in a Makefile, a README, a string of a program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks import late
from checks.detect.free_text.found import Context, Found, Probe
from checks.model.finding import Confidence, Severity

_WORDS = (
    b" login ", b" login\t", b"--password", b"sshpass ", b"curl ", b"wget ", b"mysql", b"--creds", b"-creds ",
    b"redis-cli ", b"--build-arg", b"docker run", b"podman run", b"skopeo ", b"pgpassword=", b"--docker-password",
    b"aws configure", b"htpasswd ", b"-passin ", b"-passout ", b"-storepass", b"set-credentials", b"--passphrase ",
    b"mariadb", b"mongosh ", b"mongo -", b"mongodump ", b"mongorestore ", b"cqlsh ", b"sqlcmd ", b"sqlplus ", b"psql ",
    b"influx -", b"ldapsearch ", b"ldapadd ", b"ldapmodify ", b"smbclient ", b"zip -p ", b"7z ", b"rclone ",
    b"rabbitmqctl ", b"mosquitto_", b"mc alias ", b"lftp -", b"ipmitool ", b"snmpwalk ", b"etcdctl ", b"add-authtoken ",
    b"tailscale up", b"tunnel run", b"ansible-playbook ", b"--from-literal", b"wrangler secret", b"chpasswd",
)  # fmt: skip
_WRITTEN = (
    b"/.netrc", b" .netrc", b".pgpass", b".my.cnf", b"/.npmrc", b" .npmrc", b"/.pypirc", b"/.git-credentials",
    b".docker/config.json", b".aws/credentials", b".m2/settings.xml", b"> .env",
)  # fmt: skip
"""Files that commands write."""
_HERE_DOCUMENT = late.compile(rb"<<-?[ \t]?[\\\"']?(?P<end>\w{1,40})")
_PROSE = late.compile(r"[a-z]+[,.;:]?")
_PROMPT = late.compile(rb"[ \t]*(?:[\w.-]{1,40}@[\w.-]{1,60}[^\s$#%]{0,80})?[$#%>][ \t]+")
"""What a pasted session has before the command."""
_COMMENTS = (b"#", b"//", b"*", b"--", b";", b"%")
_LONGEST = 4000
"""Bytes of a command line, to either side of the word."""


def _find(data: bytes, start: int, context: Context) -> Iterator[Found]:
    from checks.detect.command_logins import command_secrets  # a shell's grammar: only for who has met a command
    from checks.detect.telling_words import worth_parsing

    begin, end = _window(data, start, context)
    prompt = _PROMPT.match(data, begin, end)
    begin = prompt.end() if prompt else begin
    text = data[begin:end].decode("utf-8", "surrogateescape")
    if not worth_parsing(text):
        return
    for found in command_secrets(text):
        if found.confidence < Confidence.CERTAIN and _PROSE.fullmatch(text, found.start, found.end):
            continue  # "the --password option"
        offset = begin + len(text[: found.start].encode("utf-8", "surrogateescape"))
        length = len(text[found.start : found.end].encode("utf-8", "surrogateescape"))
        doubtful = context.example and not found.secret.form
        yield Found(
            "command-line-secret", found.what, Severity.HIGH, Confidence.POSSIBLE if doubtful else found.confidence,
            found.secret, offset, offset + length, found.registry, found.username, named=True,
        )  # fmt: skip


def _window(data: bytes, start: int, context: Context) -> tuple[int, int]:
    """The line, not too far; in a program the string in which the word stands, or a comment."""
    begin = max(data.rfind(b"\n", max(0, start - _LONGEST), start) + 1, start - _LONGEST, 0)
    end = data.find(b"\n", start, start + _LONGEST)
    end = end if end >= 0 else min(len(data), start + _LONGEST)
    opened, mark = max((data.rfind(mark, begin, start), mark) for mark in (b'"', b"'", b"`"))
    if not context.code or (opened < 0 and data[begin:start].lstrip().startswith(_COMMENTS)):
        return begin, _with_document(data, begin, end)
    if opened < 0:
        return start, start  # a statement of the program itself
    closed = data.find(mark, start, end)
    return opened + 1, closed if closed >= 0 else end


def _with_document(data: bytes, begin: int, end: int) -> int:
    """Where the command line ends that begins on this line: its here-document belongs to it."""
    opened = _HERE_DOCUMENT.search(data, begin, end)
    if not opened:
        return end
    closed = re.compile(rb"\n[ \t]*" + opened["end"] + rb"(?=[ \t\r]*(?:\n|\Z))").search(data, end, end + _LONGEST)
    return closed.end() if closed else end


COMMAND_LINES = Probe((*_WORDS, *_WRITTEN), _find, window=_window)
