# Fake of 1Password's `op` 2, from developer.1password.com/docs/cli/reference/management-commands/item (get, create,
# edit, delete), item-template-json, and the messages in its error pages. STATE is set by whoever installs it.
import json
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
    print(f"[ERROR] 2026/01/01 00:00:00 {said}", file=sys.stderr)
    sys.exit(1)


def options(words, known):
    given, plain, rest = {}, [], list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            if word not in known:
                fail(f"unknown flag: {word}")
            given[word] = rest.pop(0) if known[word] else True
        else:
            plain.append(word)
    return given, plain


def find(wanted, vault):
    found = [one for one in items if wanted in (one["id"], one["title"]) and not one.get("archived")]
    if not found:
        fail(f'"{wanted}" isn\'t an item in the "{vault}" vault. Specify the item with its UUID, name, or domain.')
    if len(found) > 1:
        fail(f'More than one item matches "{wanted}". Try again and specify the item by its ID:')
    return found[0]


if mode:
    fail(mode)
if argv[:1] != ["item"]:
    fail(f"unknown command {argv[:1]}")
verb, rest = argv[1], argv[2:]
flags, plain = options(rest, {"--vault": True, "--format": True, "--archive": False})
vault = flags["--vault"]
if vault != "Team":
    fail(f'"{vault}" isn\'t a vault in this account. Specify the vault with its ID or name.')
if verb == "get":
    print(json.dumps(find(plain[0], vault)))
elif verb == "create":
    assert plain == ["-"]
    made = json.load(sys.stdin)
    assert made["category"] == "PASSWORD"
    fields = [{"id": f"f{number}", **one} for number, one in enumerate(made["fields"])]
    fields += [{"id": "notesPlain", "type": "STRING", "purpose": "NOTES", "label": "notesPlain"}]
    items.append({**made, "id": f"id{len(items)}abc", "version": 1, "vault": {"name": vault}, "fields": fields})
elif verb == "edit":
    found, made = find(plain[0], vault), json.load(sys.stdin)
    found["fields"] = [{"id": f"g{number}", **one} for number, one in enumerate(made["fields"])]
    found["version"] += 1
elif verb == "delete":
    assert flags.get("--archive")
    find(plain[0], vault)["archived"] = True
else:
    fail(f"unknown command {verb}")
kept.write_text(json.dumps(items))
