"""The JSON report: names and types as documented, the same ids in every run, and nothing that should not be in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from checks.catalog import CHECKS
from tests.end_to_end.command import dockhygiene
from tests.end_to_end.planting import HOST, plant
from tests.guides.edits.documents import spellings
from tests.guides.move.machine import entry
from tui import __version__

TEXT, NUMBER, BOTH = {"str"}, {"int", "float"}, {"str", "NoneType"}
PLACE = {
    "kind": TEXT,
    "path": TEXT,
    **{name: {"int", "NoneType"} for name in ("line", "end_line", "column")},
    **dict.fromkeys(("repository", "commit", "blob", "image", "layer", "field"), BOTH),
}
SECRET = {"masked": TEXT, "fingerprint": TEXT, "kind": TEXT, "length": {"int"}}
FINDING = {
    **dict.fromkeys(("id", "check", "rule", "title", "severity", "confidence", "advice"), TEXT),
    **dict.fromkeys(("credential", "registry", "username"), BOTH),
    "place": {"dict"},
    "secret": {"dict", "NoneType"},
}
CREDENTIAL = {
    **dict.fromkeys(("id", "kind", "severity"), TEXT),
    **dict.fromkeys(("registry", "username", "provider"), BOTH),
    **{name: {"list"} for name in ("findings", "uses")},
}
SKIPPED = {"check": TEXT, "path": TEXT, "reason": TEXT, **{name: {"int", "NoneType"} for name in ("size", "files")}}
CHECK = {
    **dict.fromkeys(("id", "status"), TEXT),
    "reason": BOTH,
    **{name: {"int"} for name in ("items", "bytes", "unchanged")},
    "seconds": NUMBER,
}
REPORT = {
    "schema": {"int"},
    "tool": {"dict"},
    "started": TEXT,
    "seconds": NUMBER,
    **{name: {"list"} for name in ("findings", "ignored", "credentials", "uses", "skipped", "checks", "notes")},
}


def assert_shape(value: dict[str, Any], shape: dict[str, set[str]]) -> None:
    assert set(value) == set(shape)
    for name, types in shape.items():
        assert type(value[name]).__name__ in types, (name, value[name])


def report_of(home: Path, *args: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(dockhygiene(home, "scan", "--format", "json", *args).stdout)
    return report


def test_the_json_report_has_its_schema(home: Path) -> None:
    word = plant(home, **{"bad.example": {"auth": "YWJj"}})
    (home / ".config/containers/auth.json").mkdir(parents=True)
    report = report_of(home, "--skip", "docker-leftovers")
    assert_shape(report, REPORT)
    assert report["schema"] == 1
    assert report["tool"] == {"name": "dockhygiene", "version": __version__}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", report["started"])
    for finding in report["findings"]:
        assert_shape(finding, FINDING)
        assert_shape(finding["place"], PLACE)
        if finding["secret"]:
            assert_shape(finding["secret"], SECRET)
        assert finding["severity"] in ("critical", "high", "medium", "low")
        assert finding["confidence"] in ("certain", "likely", "possible")
    for name, shape in (("credentials", CREDENTIAL), ("skipped", SKIPPED), ("checks", CHECK)):
        assert report[name]
        for one in report[name]:
            assert_shape(one, shape)
    assert [one["id"] for one in report["checks"]] and {one["id"] for one in report["checks"]} == {
        check.id for check in CHECKS
    }
    assert [one["reason"] for one in report["checks"] if one["id"] == "docker-leftovers"] == ["not asked for"]
    login = next(one for one in report["findings"] if one["registry"] == HOST and one["secret"])
    assert login["secret"] == login["secret"] | {"masked": "16 characters", "kind": "password", "length": 16}
    assert (login["place"]["line"], login["place"]["path"]) == (4, str(home / ".docker/config.json"))
    (credential,) = [one for one in report["credentials"] if one["id"] == login["credential"]]
    assert login["id"] in credential["findings"]
    assert not any(form in json.dumps(report) for form in spellings(word))


def test_the_report_is_plain_ascii(home: Path) -> None:
    plant(home, **{"b\u00fc\u202e.example": entry("J\u00fcrgen")})
    assert dockhygiene(home, "scan", "--format", "json").stdout.isascii()


def test_ids_are_the_same_in_the_next_run_and_on_another_line(home: Path, tmp_path: Path) -> None:
    plant(home)
    config = home / ".docker/config.json"
    first = report_of(home)
    again = report_of(home)
    config.write_text(config.read_text().replace("{", "{\n\n\n", 1))
    moved = report_of(home)
    ids = [[one["id"] for one in report["findings"]] for report in (first, again, moved)]
    assert ids[0] == ids[1] == ids[2]
    assert first["credentials"][0]["id"] == moved["credentials"][0]["id"]
    assert first["findings"][0]["place"]["line"] + 3 == moved["findings"][0]["place"]["line"]

    other = tmp_path / "other"
    (other / ".docker").mkdir(parents=True)
    (other / ".docker/config.json").write_bytes(config.read_bytes())
    (secret,) = [
        one["secret"]
        for one in report_of(other)["findings"]
        if one["secret"] and one["place"]["path"].startswith(str(other))
    ]
    assert secret["fingerprint"] not in {one["secret"]["fingerprint"] for one in moved["findings"] if one["secret"]}
