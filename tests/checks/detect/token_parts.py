"""Parts of tokens that an offline test looks into: made here, so that the rules' examples pass it."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import quote

from checks.detect.validity import atlassian, aws, azure, gitlab_routable
from checks.detect.validity.base58 import ALPHABET
from checks.detect.validity.marvin import marvin32

Maker = Callable[[Random, str], str]
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64URL = _BASE64[:-2] + "-_"
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ALNUM = _BASE64[:-2]
_HEX = "0123456789abcdef"


def chars(random: Random, alphabet: str, length: int) -> str:
    return "".join(random.choices(alphabet, k=length))


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def b64u(data: bytes | str) -> str:
    return b64(data).rstrip("=").replace("+", "-").replace("/", "_")


def gitlab_payload(random: Random, prefix: str) -> str:
    """Version 1."""
    route = f"o:1\nu:{chars(random, _HEX, 3)}".encode()
    payload = b64u(random.randbytes(16) + route + bytes([len(route)]))
    return _summed(prefix, f"{payload}.01.{_digits(len(payload))}")


def gitlab_early_payload(random: Random, prefix: str) -> str:
    payload = b64u(f"o:1\nu:{chars(random, _HEX, 3)}".encode() + random.randbytes(16) + b"\x10")
    return _summed(prefix, f"{payload}.{_digits(len(payload))}")


def _summed(prefix: str, body: str) -> str:
    return body + gitlab_routable.checksum(prefix + body)


def _digits(number: int) -> str:
    return "".join("0123456789abcdefghijklmnopqrstuvwxyz"[digit] for digit in divmod(number, 36))


def macaroon(host: str, caveats: list[list[object]]) -> Maker:
    """For an index whose host's name is as long as the real one's."""

    def make(random: Random, _: str) -> str:
        fields = b"\x02" + _field(1, host.encode()) + _field(2, str(uuid.UUID(int=random.getrandbits(128))).encode())
        rows = b"".join(_field(2, json.dumps(caveat).encode()) + b"\0" for caveat in caveats)
        return b64u(fields + b"\0" + rows + b"\0" + _field(6, random.randbytes(32)))

    return make


def _field(kind: int, value: bytes) -> bytes:
    return bytes([kind, len(value)]) + value


def aws_id(random: Random, prefix: str) -> str:
    """Sixteen characters that hold an account of at most twelve digits."""
    while True:
        body = chars(random, _BASE32, 16)
        if aws.key_id(prefix[-4:] + body):
            return body


def bedrock_key(random: Random, _: str) -> str:
    account = chars(random, "0123456789", 12)
    return b64(f"BedrockAPIKey-{chars(random, _HEX, 4)}-at-{account}:{b64(random.randbytes(33))}")


def signed_query(random: Random, _: str) -> str:
    """Good for another hour."""
    begun = datetime.now(UTC) - timedelta(minutes=5)
    credential = f"AKIA{aws_id(random, 'AKIA')}%2F{begun:%Y%m%d}%2Feu-west-1%2Fs3%2Faws4_request"
    return (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={begun:%Y%m%dT%H%M%S}Z"
        f"&X-Amz-Expires=3900&X-Amz-SignedHeaders=host&X-Amz-Signature={chars(random, _HEX, 64)}"
    )


def bedrock_short_key(random: Random, _: str) -> str:
    return b64(f"bedrock.amazonaws.com/?Action=CallWithBearerToken&{signed_query(random, '')}&Version=1")


def ecr_blob(random: Random, _: str) -> str:
    blob = {"payload": b64(random.randbytes(600)), "datakey": b64(random.randbytes(180)), "version": "2"}
    end = {"type": "DATA_KEY", "expiration": int(time.time()) + 40_000}
    return b64(json.dumps(blob | end, separators=(",", ":")))


def ecr_login(random: Random, _: str) -> str:
    return b64(f"AWS:{ecr_blob(random, '')}")


def atlassian_sum(_: Random, token: str) -> str:
    return atlassian.checksum(token)


def atlassian_access_token(random: Random, _: str) -> str:
    body = f"ATCTT3xFfG{chars(random, _BASE64URL, 173)}="
    return body + atlassian.checksum(body)


def bitbucket_server_body(random: Random, _: str) -> str:
    return b64(chars(random, "0123456789", 12).encode() + b":" + random.randbytes(20))


def jfrog_api_key(random: Random, _: str) -> str:
    number = 0x1FDE0F << 404 | random.getrandbits(404)
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return text


def jfrog_reference(random: Random, _: str) -> str:
    return b64(f"reftkn:01:{int(time.time()) + 10**6}:{chars(random, _ALNUM, 27)}")


def uuid_58(random: Random, _: str) -> str:
    """A random UUID in base 58, 22 characters."""
    number, text = uuid.UUID(int=random.getrandbits(128), version=4).int, ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return text.rjust(22, "1")


def ngc_key(random: Random, _: str) -> str:
    return b64(f"{chars(random, 'abcdefghijklmnopqrstuvwxyz0123456789', 26)}:{uuid.UUID(int=random.getrandbits(128))}")


def azure_key(signature: str, seed: str, size: int, ending: str = "", alphabet: str = _BASE64) -> Maker:
    """A key of so many bytes whose checksum holds."""
    length = (size * 8 + 5) // 6

    def make(random: Random, _: str) -> str:
        text = chars(random, _ALNUM, length - 10) + signature + "AAAAAA"
        data = base64.b64decode(text + "=" * (-length % 4))[: size - 4]
        data += marvin32(data, azure.seed_of(seed)).to_bytes(4, "little")
        return b64(data).rstrip("=").translate(str.maketrans(_BASE64, alphabet)) + ending

    return make


def azure_annotated(provider: str) -> Maker:
    def make(random: Random, _: str) -> str:
        body = f"{chars(random, _ALNUM, 52)}JQQJ99BD{chars(random, _ALNUM, 16)}{provider}"
        total = marvin32(base64.b64decode(body)[:60], azure.seed_of("Default0"))
        return body + azure.annotated_sum(total.to_bytes(4, "little"))[:4]

    return make


def azure_signature(random: Random, _: str) -> str:
    return quote(b64(random.randbytes(32)), safe="")


def _soon(seconds: int) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def pem(random: Random, words: str = "PRIVATE KEY", newline: str = "\n") -> str:
    body = b64(random.randbytes(1200))
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return newline.join([f"-----BEGIN {words}-----", *lines, f"-----END {words}-----", ""])


def google_key_file(random: Random, _: str) -> str:
    return json.dumps({"type": "service_account", "project_id": "p", "private_key": pem(random)}, indent=2)


def basic_login(random: Random, _: str) -> str:
    return b64(f"user{random.randrange(100)}:{chars(random, _ALNUM, 20)}")


def signed_token(header: str, claims: Callable[[Random], str], signature: int) -> Maker:
    """A web token from the text of its two objects."""

    def make(random: Random, _: str) -> str:
        return f"{b64u(header)}.{b64u(claims(random))}.{chars(random, _BASE64URL, signature)}"

    return make


_RS256 = '{"alg":"RS256","kid":"k1"}'
_BOUND = (
    '{"aud":["https://k.test"],"exp":4102444800,"iss":"https://k.test","kubernetes.io":{"namespace":"n"},"sub":"%s"}'
)
_ACCOUNT = '{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"n","sub":"%s"}'

PART_MAKERS: dict[str, Maker] = {
    "gitlab-payload": gitlab_payload,
    "gitlab-early": gitlab_early_payload,
    "macaroon": macaroon("idx.test", [[3, "user"]]),
    "macaroon-test": macaroon("long.idx.test", [[1, ["project"]]]),
    "macaroon-over": macaroon("idx.test", [[0, 1_700_000_000, 1_699_999_000]]),
    "aws-id": aws_id,
    "bedrock": bedrock_key,
    "bedrock-short": bedrock_short_key,
    "aws-query": signed_query,
    "ecr-blob": ecr_blob,
    "ecr-login": ecr_login,
    "crc32-hex": atlassian_sum,
    "atct": atlassian_access_token,
    "bbdc": bitbucket_server_body,
    "jfrog-key": jfrog_api_key,
    "jfrog-reference": jfrog_reference,
    "uuid58": uuid_58,
    "ngc": ngc_key,
    "azure-storage": azure_key("+ASt", "Default0", 64, "=="),
    "azure-cosmos": azure_key("ACDb", "MastRW00", 64, "=="),
    "azure-batch": azure_key("+ABa", "AbAcct00", 64, "=="),
    "azure-ml": azure_key("+AMC", "Classic0", 64, "=="),
    "azure-apim": azure_key("APIM", "IoTHub00", 64, "=="),
    "azure-functions": azure_key("AzFu", "Functi00", 40, "==", _BASE64URL),
    "azure-search": azure_key("AzSe", "PAdmin00", 39),
    "azure-registry": azure_key("+ACR", "ACRDflt0", 39),
    "azure-redis": azure_key("AzCa", "Access00", 32, "="),
    "azure-iot": azure_key("AIoT", "Device00", 32, "="),
    "azure-sql": azure_key("+SQL", "UsrPwd00", 32, "="),
    "azure-bus": azure_key("+ASb", "Send0000", 32, "="),
    "azdo": azure_annotated("AZDO"),
    "azure-ai": azure_annotated("ACOG"),
    "sas-signature": azure_signature,
    "tomorrow": lambda _random, _: _soon(86_400),
    "yesterday": lambda _random, _: _soon(-86_400),
    "epoch-soon": lambda _random, _: str(int(time.time()) + 1_000),
    "pem": lambda random, _: pem(random),
    "pem-dots": lambda _random, _: "\\n...\\n".join(f"-----{word} PRIVATE KEY-----" for word in ("BEGIN", "END")),
    "pem-lines": lambda random, _: pem(random, newline="\\n"),
    "pem64": lambda random, _: b64(pem(random, "RSA PRIVATE KEY")),
    "pem64-locked": lambda random, _: b64(pem(random, "ENCRYPTED PRIVATE KEY")),
    "google-key64": lambda random, _: b64(google_key_file(random, _)),
    "login64": basic_login,
    "text64": lambda random, _: b64(chars(random, _ALNUM, 20)),
    "kubernetes-jwt": signed_token(_RS256, lambda random: _ACCOUNT % chars(random, _HEX, 8), 342),
    "kubernetes-bound-jwt": signed_token(_RS256, lambda random: _BOUND % chars(random, _HEX, 8), 342),
    "argocd-jwt": signed_token('{"alg":"HS256"}', lambda random: f'{{"iss":"argocd","sub":"{random.random()}"}}', 43),
    "jfrog-jwt": signed_token(
        '{"ver":"2","typ":"JWT","alg":"RS256","kid":"k"}', lambda random: f'{{"sub":"jfac@{random.random()}"}}', 342
    ),
    "scalr-jwt": signed_token(
        '{"alg":"HS256","typ":"JWT"}', lambda random: f'{{"iss":"user","jti":"at-{chars(random, _HEX, 8)}"}}', 43
    ),
    "redhat-jwt": signed_token('{"alg":"RS512"}', lambda random: f'{{"sub":"{chars(random, _HEX, 32)}"}}', 683),
}
"""Named in the templates of the rules, beside the makers of `examples.py`."""
