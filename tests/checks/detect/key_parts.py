"""Parts of tokens that an offline test looks into, and private keys: made here, by other means than the tests use."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import zlib
from collections.abc import Callable
from functools import cache
from random import Random

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

Maker = Callable[[Random, str], str]
_B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_HEX = "0123456789abcdef"
_PEM, _TRADITIONAL = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
_PKCS8, _OPENSSH = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.OpenSSH
_LOCK = serialization.BestAvailableEncryption(b"made up here")


def chars(random: Random, alphabet: str, length: int) -> str:
    return "".join(random.choices(alphabet, k=length))


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def digits_of(number: int, alphabet: str, length: int = 0) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text.rjust(length, alphabet[0])


def grafana_sum(_: Random, token: str) -> str:
    return zlib.crc32(token.rstrip("_").encode()).to_bytes(4, "little").hex()


def cloudflare_sum(_: Random, token: str) -> str:
    return zlib.crc32(token.split("_")[1].encode()).to_bytes(4, "big").hex()


def synapse_sum(_: Random, token: str) -> str:
    return digits_of(zlib.crc32(token.rstrip("_").encode()), _B62, 6)


def atlassian_sum(_: Random, token: str) -> str:
    return "=" + zlib.crc32(f"{token}=".encode()).to_bytes(4, "big").hex().upper()


def json_of(*names: str, padded: bool = True) -> Maker:
    """Base64 of an object with these members."""

    def make(random: Random, _: str) -> str:
        text = b64(json.dumps({name: chars(random, _HEX, 16) for name in names}, separators=(",", ":")))
        return text if padded else text.rstrip("=").replace("+", "-").replace("/", "_")

    return make


def ksuid(random: Random, _: str) -> str:
    made = random.randint(200_000_000, int(time.time()) - 1_400_000_000)
    return digits_of(made << 128 | random.getrandbits(128), _B62, 27)


def early_ksuid(random: Random, _: str) -> str:
    return digits_of(1000 << 128 | random.getrandbits(128), _B62, 27)


def nats_seed(kind: int) -> Maker:
    def make(random: Random, _: str) -> str:
        body = bytes([18 << 3 | kind >> 5, (kind & 31) << 3]) + random.randbytes(32)
        return base64.b32encode(body + _crc16(body).to_bytes(2, "little")).decode().rstrip("=")

    return make


def _crc16(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte << 8
        for _ in range(8):
            total = (total << 1 ^ (0x1021 if total & 0x8000 else 0)) & 0xFFFF
    return total


def base58_checked(version: bytes, length: int, end: bytes = b"") -> Maker:
    def make(random: Random, _: str) -> str:
        body = version + random.randbytes(length) + end
        data = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
        return digits_of(int.from_bytes(data, "big"), _B58)

    return make


def extended_key(random: Random, _: str) -> str:
    body = bytes.fromhex("0488ade4") + random.randbytes(41) + b"\0" + random.randbytes(32)
    data = body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    return digits_of(int.from_bytes(data, "big"), _B58)


def age_key(random: Random, _: str) -> str:
    head = "age-secret-key-"
    number = random.getrandbits(256) << 4
    body = [number >> 5 * place & 31 for place in range(51, -1, -1)]
    spread = [ord(char) >> 5 for char in head] + [0] + [ord(char) & 31 for char in head]
    total = _bch([*spread, *body, 0, 0, 0, 0, 0, 0]) ^ 1
    sums = [total >> 5 * (5 - place) & 31 for place in range(6)]
    return "AGE-SECRET-KEY-1" + "".join(_BECH32[value] for value in body + sums)


def _bch(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    check = 1
    for value in values:
        high = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place in range(5):
            if high >> place & 1:
                check ^= generator[place]
    return check


def sized(length: int) -> Maker:
    """Base64 of so many random bytes."""
    return lambda random, _: b64(random.randbytes(length))


def discord_token(random: Random, _: str) -> str:
    made = random.randint(10**11, int(time.time() * 1000) - 1_420_070_400_000)
    head = b64(str(made << 22 | random.getrandbits(22))).rstrip("=")
    return f"{head}.{chars(random, _B62, 6)}.{chars(random, _B62 + '-_', 38)}"


def elastic_key(random: Random, _: str) -> str:
    return b64(f"{chars(random, _B62, 20)}:{chars(random, _B62, 22)}")


def intercom_key(random: Random, _: str) -> str:
    return b64(b"tok:" + chars(random, _HEX, 40).encode())[:60]


def workos_body(random: Random, _: str) -> str:
    return b64(f"key_01{chars(random, _B62, 50)}").rstrip("=")


def server_key(random: Random, _: str) -> str:
    return b64(chars(random, "0123456789", 12).encode() + b":" + random.randbytes(20))


def cisco_hidden(random: Random, _: str) -> str:
    key = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
    start, plain = random.randint(0, 15), chars(random, _B62, 14).encode()
    return f"{start:02d}" + "".join(f"{byte ^ key[(start + at) % 53]:02X}" for at, byte in enumerate(plain))


def words(count: int) -> Maker:
    """As many made-up words, such as a wallet's phrase has."""

    def make(random: Random, _: str) -> str:
        return " ".join(chars(random, "abdefgilmnoprstu", random.randint(3, 8)) for _ in range(count))

    return make


def byte_list(random: Random, _: str) -> str:
    return ",".join(str(byte) for byte in random.randbytes(64))


@cache
def _private_key(kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else ed25519.Ed25519PrivateKey.generate()


def pem(
    kind: str, form: serialization.PrivateFormat, *, locked: bool = False, newline: str = "\n"
) -> Callable[[Random, str], str]:
    """A real key; RSA keys take long to make, so there is one a process."""

    def make(_: Random, __: str) -> str:
        lock = _LOCK if locked else serialization.NoEncryption()
        return _private_key(kind).private_bytes(_PEM, form, lock).decode().strip().replace("\n", newline)

    return make


def armoured(label: str, length: int, *, before: str = "") -> Maker:
    """Such an armour around random bytes."""

    def make(random: Random, _: str) -> str:
        text = b64(random.randbytes(length))
        lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
        return f"-----BEGIN {label}-----\n{before}{lines}\n-----END {label}-----"

    return make


def _in_armour(label: str, text: str) -> str:
    return f"-----BEGIN {label}-----\n{text}\n-----END {label}-----"


def openssh_locked(random: Random, _: str) -> str:
    names = b"".join(len(name).to_bytes(4, "big") + name for name in (b"aes256-ctr", b"bcrypt"))
    text = b64(b"openssh-key-v1\0" + names + random.randbytes(300))
    return _in_armour("OPENSSH PRIVATE KEY", text)


def dsa_pem(random: Random, _: str) -> str:
    body = b"\x02\x01\x00" + b"".join(b"\x02\x14\x3f" + random.randbytes(19) for _ in range(5))
    text = b64(b"\x30\x81" + bytes([len(body)]) + body)
    return _in_armour("DSA PRIVATE KEY", text)


def openvpn_key(random: Random, _: str) -> str:
    lines = "\n".join(chars(random, _HEX, 32) for _ in range(16))
    return f"-----BEGIN OpenVPN Static key V1-----\n{lines}\n-----END OpenVPN Static key V1-----"


def pgp_block(usage: int) -> Maker:
    """An Ed25519 key of version 4 whose secret part is protected as this byte says."""

    def make(random: Random, _: str) -> str:
        oid = bytes.fromhex("092b06010401da470f01")
        public = b"\x04" + random.randbytes(4) + b"\x16" + oid + b"\x01\x07\x40" + random.randbytes(32)
        packet = public + bytes([usage]) + b"\x01\x00" + random.randbytes(32) + b"\x12\x34"
        data = bytes([0x94, len(packet)]) + packet
        text = b64(data)
        lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
        label = "PGP PRIVATE KEY BLOCK"
        return f"-----BEGIN {label}-----\n\n{lines}\n={b64(_crc24(data).to_bytes(3, 'big'))}\n-----END {label}-----"

    return make


def _crc24(data: bytes) -> int:
    """By long division of the whole text, where the program goes byte by byte."""
    number = int.from_bytes(data, "big") << 24 ^ 0xB704CE << 8 * len(data)
    for place in range(8 * len(data) - 1, -1, -1):
        if number >> place + 24 & 1:
            number ^= 0x1864CFB << place
    return number


def putty(encryption: str) -> Maker:
    def make(random: Random, _: str) -> str:
        public, private = b64(random.randbytes(51)), b64(random.randbytes(36))
        return (
            f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: {encryption}\nComment: a\nPublic-Lines: 1\n{public}\n"
            f"Private-Lines: 1\n{private}\nPrivate-MAC: {chars(random, _HEX, 64)}"
        )

    return make


def role_token(role: str) -> Maker:
    """A signed web token with this role."""

    def make(random: Random, _: str) -> str:
        parts = ({"alg": "HS256", "typ": "JWT"}, {"iss": "supabase", "ref": chars(random, _HEX, 20), "role": role})
        head = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
        return f"{head}.{chars(random, _B62 + '-_', 43)}"

    return make


KEY_MAKERS: dict[str, Maker] = {
    "grafana-sum": grafana_sum,
    "cloudflare-sum": cloudflare_sum,
    "synapse-sum": synapse_sum,
    "atlassian-sum": atlassian_sum,
    "sentry-json": json_of("iat", "url", "region_url", "org"),
    "grafana-cloud-json": json_of("o", "n", "k", "m"),
    "grafana-key-json": json_of("k", "n", "id"),
    "one-password-json": json_of(
        "signInAddress", "userAuth", "email", "srpX", "muk", "secretKey", "throttleSecret", "deviceUuid", "a", "b", "c"
    ),
    "tunnel-json": json_of("a", "t", "s"),
    "mapbox-json": json_of("u", "a", padded=False),
    "ksuid": ksuid,
    "early-ksuid": early_ksuid,
    "nats-user": nats_seed(20 << 3),
    "nats-account": nats_seed(0),
    "wif": base58_checked(b"\x80", 32, b"\x01"),
    "wif-old": base58_checked(b"\x80", 32),
    "xprv": extended_key,
    "age-letters": lambda random, _: chars(random, _BECH32, 80),
    "age-key": age_key,
    "bytes16": sized(16),
    "bytes32": sized(32),
    "bytes64": sized(64),
    "discord-token": discord_token,
    "elastic-key": elastic_key,
    "intercom-key": intercom_key,
    "workos-body": workos_body,
    "server-key": server_key,
    "cisco-hidden": cisco_hidden,
    "words12": words(12),
    "words24": words(24),
    "byte-list": byte_list,
    "rsa-pem": pem("rsa", _TRADITIONAL),
    "rsa-pem-line": pem("rsa", _TRADITIONAL, newline="\\n"),
    "rsa-pem-locked": pem("rsa", _TRADITIONAL, locked=True),
    "ec-pem": pem("ec", _TRADITIONAL),
    "ec-pem-line": pem("ec", _TRADITIONAL, newline="\\n"),
    "dsa-pem": dsa_pem,
    "rsa-pkcs8": pem("rsa", _PKCS8),
    "rsa-pkcs8-line": pem("rsa", _PKCS8, newline="\\n"),
    "ed25519-pkcs8": pem("ed25519", _PKCS8),
    "pkcs8-locked": pem("ec", _PKCS8, locked=True),
    "openssh-key": pem("ed25519", _OPENSSH),
    "openssh-rsa": pem("rsa", _OPENSSH, newline="\\n"),
    "openssh-locked": openssh_locked,
    "certificate": armoured("CERTIFICATE", 900),
    "noise-key": armoured("RSA PRIVATE KEY", 900),
    "noise-pkcs8": armoured("PRIVATE KEY", 900),
    "pem-text": lambda random, _: b64(pem("rsa", _TRADITIONAL)(random, "")),
    "pem-text-pkcs8": lambda random, _: b64(pem("rsa", _PKCS8)(random, "")),
    "pem-text-openssh": lambda random, _: b64(pem("ed25519", _OPENSSH)(random, "")),
    "certificate-text": lambda random, _: b64(armoured("CERTIFICATE", 900)(random, "")),
    "cosign-key": armoured("ENCRYPTED SIGSTORE PRIVATE KEY", 400),
    "openvpn-key": openvpn_key,
    "pgp-key": pgp_block(0),
    "pgp-locked": pgp_block(254),
    "putty-key": putty("none"),
    "putty-locked": putty("aes256-cbc"),
    "service-role-jwt": role_token("service_role"),
    "anon-jwt": role_token("anon"),
}
"""Named in the templates of the rules, beside the makers of `examples.py`."""
