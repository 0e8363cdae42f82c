"""Private keys: what the real programs write, with and without a pass phrase."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.detect.validity import pgp_keys, private_keys
from tests.checks.detect.key_parts import KEY_MAKERS
from tests.services.require import require

OPENSSH_HEAD = 52
"""Characters that say that there is no pass phrase; the rule's secret begins behind them."""


def made(name: str) -> str:
    return KEY_MAKERS[name](Random(7), "")


def program(name: str) -> str:
    return require(name, {"gpg": "gnupg", "ssh-keygen": "openssh-client"}.get(name, name))


def run(*arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, check=True, text=True, stdin=subprocess.DEVNULL)
    return done.stdout


@pytest.mark.parametrize("name", ["rsa-pem", "ec-pem", "dsa-pem", "rsa-pkcs8", "ed25519-pkcs8", "rsa-pem-line"])
def test_a_key_is_one(name: str) -> None:
    assert private_keys.der(made(name))


@pytest.mark.parametrize("name", ["rsa-pem-locked", "pkcs8-locked", "certificate", "noise-key", "noise-pkcs8"])
def test_what_is_locked_or_noise_is_none(name: str) -> None:
    assert not private_keys.der(made(name))


def test_a_key_under_another_name_is_none() -> None:
    assert not private_keys.der(made("rsa-pem").replace("RSA ", "EC "))


def test_a_cut_key_is_none() -> None:
    lines = made("rsa-pem").splitlines()
    assert not private_keys.der("\n".join(lines[:5] + lines[6:]))


@pytest.mark.parametrize("arguments", [("genrsa", "2048"), ("ecparam", "-name", "prime256v1", "-genkey", "-noout")])
def test_what_openssl_writes(arguments: tuple[str, ...]) -> None:
    assert private_keys.der(run(program("openssl"), *arguments))


@pytest.mark.parametrize(
    ("phrase", "comment"), [("", "ada@host"), ("", ""), ("a phrase", "ada@host")], ids=["open", "no comment", "locked"]
)
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_what_ssh_keygen_writes(tmp_path: Path, kind: str, phrase: str, comment: str) -> None:
    run(program("ssh-keygen"), "-q", "-t", kind, "-N", phrase, "-C", comment, "-f", str(tmp_path / "key"))
    text = (tmp_path / "key").read_text()
    assert private_keys.openssh_encrypted(text) is bool(phrase)
    body = re.sub(r"-----[A-Z ]+-----|\s", "", text)[OPENSSH_HEAD:-24]
    assert private_keys.openssh_body(body) is not bool(phrase)


@pytest.mark.parametrize("phrase", ["", "a phrase"], ids=["open", "locked"])
@pytest.mark.parametrize("kind", ["ed25519", "rsa2048", "dsa2048", "nistp256"])
def test_what_gpg_writes(kind: str, phrase: str) -> None:
    with tempfile.TemporaryDirectory(prefix="dh-") as home:  # pytest's own path is too long for the agent's socket
        gpg = (program("gpg"), "--homedir", home, "--batch", "--pinentry-mode", "loopback", "--passphrase", phrase)
        try:
            run(*gpg, "--quick-gen-key", "ada", kind, "sign", "0")
            text = run(*gpg, "--armor", "--export-secret-keys")
        finally:
            if agent := shutil.which("gpgconf"):
                subprocess.run([agent, "--homedir", home, "--kill", "all"], capture_output=True, check=False)
    assert pgp_keys.unprotected(text) is not bool(phrase)
    place = text.index("=\n") - 90 if "=\n" in text else len(text) // 2
    swapped = text[:place] + ("B" if text[place] == "A" else "A") + text[place + 1 :]
    assert pgp_keys.unprotected(swapped) is False


def test_pgp_armour_without_its_checksum() -> None:
    lines = made("pgp-key").splitlines()
    assert pgp_keys.unprotected("\n".join(line for line in lines if not line.startswith("="))) is True
    assert pgp_keys.unprotected(made("pgp-locked")) is False


def test_the_checksum_of_the_standard() -> None:
    """The check value of CRC-24/OPENPGP in the catalogue of such codes."""
    assert pgp_keys.crc24(b"12" + b"3456789") == 0x21CF02


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["RSA PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]))
def test_nothing_raises(body: bytes, words: str) -> None:
    text = f"-----BEGIN {words}-----\n{base64.b64encode(body).decode()}\n-----END {words}-----"
    assert private_keys.der(text) in (True, False)
    assert private_keys.openssh_encrypted(text) in (True, False)
    assert private_keys.openssh_body(base64.b64encode(body).decode()) in (True, False)
    assert pgp_keys.unprotected(text) in (True, False, None)
