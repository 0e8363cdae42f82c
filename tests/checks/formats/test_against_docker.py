"""Our judgement of a config.json beside docker's own, where a docker CLI is installed. It starts no daemon."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.formats.docker_auth import read_auth_file
from tests.checks.conftest import encoded
from tests.services.docker_client import client_version, newest_client

OLDEST = (28,)
"""The version whose rules we follow; Debian 12 has an older one."""

_DOCUMENTS = [
    "",
    " \n",
    "null",
    "nullx",
    "nul",
    "true",
    "truex",
    "5",
    '"s"',
    "[]",
    "{}",
    "{}}",
    "{} trailing",
    '{"auths":{}}{"auths":[]}',
    "\x00{}",
    "{}\x00",
    "\x0b{}",
    "\ufeff{}",
    "{// c\n}",
    '{"a":1,}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":1e5}',
    '{"a":-}',
    '{"a":NaN}',
    '{"a":"\x01"}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\ud800"}',
    '{"a":"\\u12"}',
    '{"a":"b\n"}',
    '{"a":"b',
    '{"auths":null}',
    '{"auths":[]}',
    '{"auths":"x"}',
    '{"auths":{"x":null}}',
    '{"auths":{"x":5}}',
    '{"auths":{"x":[]}}',
    '{"auths":{"x":5,"x":{}}}',
    '{"AUTHS":{"x":5}}',
    '{"auths":{"x":{"AUTH":"YWJj"}}}',
    '{"auths":{"x":{"pa\u017f\u017fword":5}}}',
    '{"auths":{"x":{"pa\u00dfword":5}}}',
    '{"auths":{"x":{"auth":null}}}',
    '{"auths":{"x":{"auth":""}}}',
    '{"auths":{"x":{"auth":5}}}',
    '{"auths":{"x":{"auth":"YWJj"}}}',
    '{"auths":{"x":{"auth":"!!!"}}}',
    '{"auths":{"x":{"auth":"Og=="}}}',
    '{"auths":{"x":{"auth":"dTo="}}}',
    '{"auths":{"x":{"auth":"dTpw"}}}',
    '{"auths":{"x":{"auth":"dTpw\\n"}}}',
    '{"auths":{"x":{"auth":"dT\\r\\npw"}}}',
    '{"auths":{"x":{"auth":"dTp="}}}',
    '{"auths":{"x":{"auth":"dTq="}}}',
    '{"auths":{"x":{"auth":"dTpwAA"}}}',
    '{"auths":{"x":{"auth":"dTpwAA=="}}}',
    '{"auths":{"x":{"auth":"dTpwAAA="}}}',
    '{"auths":{"x":{"auth":"dTpw=="}}}',
    '{"auths":{"x":{"auth":" dTpw"}}}',
    '{"auths":{"x":{"auth":"dTpw\\u0000"}}}',
    '{"auths":{"x":{"auth":"OnA="}}}',
    '{"auths":{"x":{"auth":"\\n"}}}',
    '{"auths":{"x":{"auth":"dTp-"}}}',
    '{"auths":{"x":{"auth":"!!","AUTH":""}}}',
    '{"auths":{"x":{"auth":"!!","auth":"dTpw"}}}',
    '{"auths":{"x":{"auth":"dTpw","auth":"!!"}}}',
    '{"auths":{"x":{"auth":"dTpw","auth":null}}}',
    '{"auths":{"x":{"auth":"!!"},"x":{"auth":"dTpw"}}}',
    '{"auths":{"x":{"auth":"dTpw"}},"auths":{"x":{"auth":"!!"}}}',
    '{"auths":{"x":{"auth":"!!"}},"auths":null}',
    '{"auths":{"x":{"auth":"!!"}},"auths":{"y":{}}}',
    '{"auths":{"x":{"username":"u","password":"p"}}}',
    '{"auths":{"x":{"identitytoken":5}}}',
    '{"auths":{"x":{"registrytoken":[]}}}',
    '{"auths":{"x":{"serveraddress":5}}}',
    '{"auths":{"x":{"unknown":5}}}',
    '{"credsStore":5}',
    '{"credHelpers":{"h":5}}',
    '{"credHelpers":{"h":null}}',
    '{"credHelpers":[]}',
    '{"HttpHeaders":{"a":5}}',
    '{"features":{"buildkit":true}}',
    '{"plugins":{"a":[]}}',
    '{"plugins":{"a":{"b":5}}}',
    '{"proxies":{"default":5}}',
    '{"proxies":{"default":{"httpProxy":5}}}',
    '{"proxies":{"default":{"other":5}}}',
    '{"pruneFilters":["a",5]}',
    '{"pruneFilters":{}}',
    '{"experimental":true}',
    '{"stackOrchestrator":5}',
    '{"detachKeys":5}',
    '{"currentContext":null}',
    "{'auths':{}}",
    "auths: {}",
]


def docker_refuses(data: bytes, folder: Path) -> bool:
    docker = newest_client()
    if client_version(Path(docker)) < OLDEST:
        pytest.skip(f"docker {OLDEST[0]} or newer is not here: older ones judge a few documents otherwise")
    (folder / "config.json").write_bytes(data)
    # Lists what lies in the folder: no daemon is asked.
    ran = subprocess.run(
        [docker, "--config", str(folder), "context", "ls"],
        capture_output=True,
        env={"HOME": str(folder), "PATH": str(folder)},
        timeout=60,
    )
    return b"Error parsing config file" in ran.stderr or b"Error loading config file" in ran.stderr


def we_refuse(data: bytes) -> bool:
    auth_file = read_auth_file(data)
    return bool(auth_file.problem) or any(entry.problem for entry in auth_file.entries)


@pytest.mark.parametrize("text", _DOCUMENTS)
def test_docker_and_we_agree(text: str, tmp_path: Path) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert we_refuse(data) == docker_refuses(data, tmp_path)


@pytest.mark.parametrize("depth", [9_999, 10_000])
def test_docker_and_we_agree_on_depth(depth: int, tmp_path: Path) -> None:
    data = b'{"a":' + b"[" * depth + b"]" * depth + b"}"
    assert we_refuse(data) == docker_refuses(data, tmp_path)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe{\x00}\x00", b'{"a":"\xff"}', b'{"auths":{"\xff":{"auth":"dTpw"}}}', b"\xff"]
)
def test_docker_and_we_agree_on_bytes(data: bytes, tmp_path: Path) -> None:
    assert we_refuse(data) == docker_refuses(data, tmp_path)


_scalars = st.none() | st.integers(0, 9) | st.booleans() | st.just("") | st.just("x")
_auth_values = _scalars | st.sampled_from(
    [encoded("u", "p"), encoded("u", ""), encoded("", "p"), "YWJj", "dTpw\n", "d"]
)
_fields = st.sampled_from(["auth", "AUTH", "username", "password", "identitytoken", "email", "serveraddress", "other"])
_entry = _scalars | st.lists(st.tuples(_fields, _auth_values), max_size=3)
_tops = st.sampled_from(
    ["auths", "Auths", "credsStore", "credHelpers", "HttpHeaders", "features", "other", "detachKeys"]
)
_top_value = _scalars | st.lists(st.tuples(st.sampled_from(["x", "y"]), _entry), max_size=3)
_config = st.lists(st.tuples(_tops, _top_value), max_size=4)


def spelled(value: object) -> str:
    """A list of pairs is an object that may repeat a name."""
    if isinstance(value, list):
        return "{" + ",".join(f"{json.dumps(name)}:{spelled(below)}" for name, below in value) + "}"
    return json.dumps(value)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(_config, st.sampled_from(["", "}", ",", "x"]), st.integers(0, 400))
def test_docker_and_we_agree_on_generated_documents(config: list[object], tail: str, cut: int) -> None:
    text = spelled(config)
    data = (text[:cut] + tail if cut < 40 else text + tail).encode()
    with tempfile.TemporaryDirectory() as folder:
        assert we_refuse(data) == docker_refuses(data, Path(folder)), data
