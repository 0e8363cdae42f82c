"""Private keys as OpenSSH, OpenSSL and PuTTY write them. None is kept in this file: they are made here."""

from __future__ import annotations

import base64
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from checks.formats.private_keys import private_keys

SSH_KEYGEN = shutil.which("ssh-keygen")
BEGIN, END = "-----BEGIN {}" + "PRIVATE KEY-----\n", "-----END {}" + "PRIVATE KEY-----\n"


def armour(kind: str, body: str) -> str:
    return BEGIN.format(kind) + body + "\n" + END.format(kind)


def written(encryption: KeySerializationEncryption, form: PrivateFormat) -> str:
    key = (
        ed25519.Ed25519PrivateKey.generate()
        if form is PrivateFormat.OpenSSH
        else ec.generate_private_key(ec.SECP256R1())
    )
    return key.private_bytes(Encoding.PEM, form, encryption).decode()


@pytest.mark.parametrize(
    ("form", "protected"),
    [
        (PrivateFormat.OpenSSH, False),
        (PrivateFormat.PKCS8, False),
        (PrivateFormat.PKCS8, True),
        (PrivateFormat.TraditionalOpenSSL, False),
        (PrivateFormat.TraditionalOpenSSL, True),
    ],
)
def test_what_protects_it(form: PrivateFormat, protected: bool) -> None:
    text = written(BestAvailableEncryption(b"x") if protected else NoEncryption(), form)
    (key,) = private_keys(f"note\n\n  {text}")
    assert (key.line, key.column, key.protected, key.hardware) == (3, 3, protected, False)


@pytest.mark.skipif(not SSH_KEYGEN, reason="ssh-keygen is not installed: Debian package openssh-client")
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa"])
@pytest.mark.parametrize("form", ["RFC4716", "PEM"])
@pytest.mark.parametrize("passphrase", ["", "x" * 9])
def test_what_ssh_keygen_writes(kind: str, form: str, passphrase: str, tmp_path: Path) -> None:
    assert SSH_KEYGEN
    path = tmp_path / "key"
    command = [SSH_KEYGEN, "-q", "-t", kind, "-m", form, "-N", passphrase, "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    (key,) = private_keys(path.read_text())
    assert key.protected is bool(passphrase)
    assert list(private_keys(path.with_suffix(".pub").read_text())) == []


def test_a_key_on_a_device() -> None:
    def string(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    public = string(b"sk-ssh-ed25519@openssh.com") + string(secrets.token_bytes(32))
    body = b"openssh-key-v1\0" + string(b"none") * 2 + string(b"") + (1).to_bytes(4, "big") + string(public)
    (key,) = private_keys(armour("OPENSSH ", base64.b64encode(body).decode()))
    assert key.hardware


@pytest.mark.parametrize(("cipher", "protected"), [("none", False), ("aes256-cbc", True)])
def test_putty(cipher: str, protected: bool) -> None:
    text = f"PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: {cipher}\r\nComment: x\r\n"
    (key,) = private_keys(text)
    assert (key.line, key.protected) == (1, protected)


def test_several_in_one_file() -> None:
    one = written(NoEncryption(), PrivateFormat.PKCS8)
    assert [key.line for key in private_keys(one + one)] == [1, 1 + one.count("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        armour("", "..."),
        armour("RSA ", "your key here"),
        armour("OPENSSH ", base64.b64encode(b"x" * 60).decode()),
        "-----BEGIN PUBLIC KEY-----\n" + "A" * 80,
        "-----BEGIN CERTIFICATE-----\n" + "A" * 80,
    ],
)
def test_no_key(text: str) -> None:
    assert list(private_keys(text)) == []


@given(st.binary(max_size=80), st.sampled_from(["", "OPENSSH ", "RSA "]))
def test_any_body(body: bytes, kind: str) -> None:
    for key in private_keys(armour(kind, base64.b64encode(b"openssh-key-v1\0" + body).decode())):
        assert key.line == 1


@pytest.mark.parametrize("sign", ["-----BEGIN ", BEGIN.format(""), BEGIN.format("OPENSSH ") + "A" * 50, "-", "A", "\n"])
def test_a_megabyte_of_anything(sign: str) -> None:
    assert len(list(private_keys(sign * (2**20 // len(sign))))) >= 0
