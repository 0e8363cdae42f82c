# Fake of Bitwarden's `bw`, from bitwarden.com/help/cli: get item searches, create and edit read base64 of JSON from
# standard input, delete puts into the trash. STATE is set by whoever installs it.
import base64
import json
import os
import pathlib
import sys

state = pathlib.Path(STATE)  # noqa: F821
argv = sys.argv[1:]
with (state / "argv").open("a") as log:
    log.write(" ".join(argv) + "\n")
mode = (state / "mode").read_text() if (state / "mode").exists() else ""
kept = state / "items.json"
items = json.loads(kept.read_text()) if kept.exists() else []


def fail(said):
    print(said, file=sys.stderr)
    sys.exit(1)


def sent():
    return json.loads(base64.b64decode(sys.stdin.read(), validate=True))


if mode:
    fail(mode)
if not os.environ.get("BW_SESSION"):
    fail("Vault is locked.")
argv = [one for one in argv if one != "--nointeraction"]
if argv[:2] == ["get", "item"]:
    found = [one for one in items if argv[2] == one["id"] or argv[2].lower() in one["name"].lower()]
    exact = [one for one in found if argv[2] in (one["id"], one["name"])]
    if not found:
        fail("Not found.")
    if len(found) > 1 and len(exact) != 1:
        fail("More than one result was found. Try getting a specific object by `id` instead.")
    print(json.dumps((exact or found)[0]))
elif argv == ["create", "item"]:
    items.append({**sent(), "object": "item", "id": f"0000-{len(items)}"})
    print(json.dumps(items[-1]))
elif argv[:2] == ["edit", "item"]:
    number = next(number for number, one in enumerate(items) if one["id"] == argv[2])
    items[number] = {**sent(), "id": argv[2]}
    print(json.dumps(items[number]))
elif argv[:2] == ["delete", "item"]:
    items = [one for one in items if one["id"] != argv[2]]
else:
    fail(f"Invalid command: {argv}")
kept.write_text(json.dumps(items))
