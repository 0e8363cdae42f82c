"""Where a secret becomes plain text again: in these modules and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
REVEALING = {
    "checks/formats/docker_auth.py": "encodes user and password as docker does",
    "checks/ignore/fingerprints.py": "computes the fingerprint of a machine token that a team shares",
    "checks/git/names.py": "hides it in the names of files that hold it",
    "checks/trees/wire.py": "hands what a reader process found to the program's own process",
    "guides/demo/project.py": "plants a made-up secret in a file and a history",
    "guides/demo/store.py": "is a store: it answers the helper protocol",
    "guides/demo/workstation.py": "plants its made-up secrets",
    "guides/edits/applying.py": "writes back what an edit took out of a file",
    "guides/edits/credential_file.py": "spells a login for a file, and compares what two texts say",
    "guides/edits/history.py": "judges whether the value could be an ordinary word of a command",
    "guides/edits/key_file.py": "finds how a key file spells a private key, and spells the new one",
    "guides/edits/planning.py": "refuses a new value with characters that cannot be seen",
    "guides/edits/spelling.py": "finds how a file spells a value, and spells the new one",
    "guides/edits/value_edit.py": "hands the new value to the quoting rules of the file's language",
    "guides/history/spellings.py": "spells it in every way in which a repository's objects may hold it",
    "guides/move/handback.py": "writes the file that gets its logins back",
    "guides/move/logins.py": "reads from an Amazon token when it expires",
    "guides/move/undo.py": "writes the file that gets its logins back",
    "guides/references/environment.py": "puts it into the environment of the command that was asked for",
    "guides/registries/api.py": "sends it to the provider, and takes it out of what the provider says",
    "guides/registries/authorization.py": "writes the header or the form in which a login goes to its registry",
    "guides/registries/aws_wire.py": "signs a request to Amazon",
    "guides/registries/github.py": "computes the hash by which GitHub's audit log knows a token",
    "guides/registries/google_keys.py": "reads a service account's key file, and signs a request to Google",
    "guides/registries/kingfisher.py": "puts it into the text in which kingfisher's SDK knows it",
    "guides/registries/htpasswd.py": "computes a user's bcrypt line, and compares one",
    "guides/stores/case/spelling.py": "spells a value for a case's store",
    "guides/stores/helper.py": "hands the secret to the helper's standard input",
    "guides/stores/managers/aws_secrets_manager.py": "puts it into the text that AWS keeps",
    "guides/stores/managers/bitwarden.py": "puts it into the item that bw reads on standard input",
    "guides/stores/managers/conjur.py": "hands it to Conjur's client",
    "guides/stores/managers/entry_text.py": "puts it into the text of an entry, and finds it there",
    "guides/stores/managers/gopass.py": "reads the entry into which it goes",
    "guides/stores/managers/json_program.py": "hands what a program shall keep to its standard input",
    "guides/stores/managers/keepass.py": "puts it into the database, and opens that with the master password",
    "guides/stores/managers/keyring.py": "hands it to the keyring",
    "guides/stores/managers/one_password.py": "puts it into the item that op reads on standard input",
    "guides/stores/managers/pass_store.py": "hands the entry to the standard input of pass",
    "guides/stores/managers/vault.py": "puts it among the fields that Vault keeps",
    "guides/stores/pass_setup.py": "hands the passphrase of a new key to gpg",
    "tui/commands/get.py": "prints the one secret that a person asked for",
}
"""Module to the reason why it has to."""


def sources() -> list[Path]:
    return [path for package in ("checks", "guides", "tui") for path in (ROOT / package).rglob("*.py")]


def attributes_of(path: Path) -> list[str]:
    """Names of attributes, also where getattr takes them as a text."""
    found = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
        elif isinstance(node, ast.Constant) and node.value in ("reveal", "_value"):
            found.append(node.value)
    return found


def test_exactly_these_modules_reveal() -> None:
    found = {str(path.relative_to(ROOT)) for path in sources() if "reveal" in attributes_of(path)}
    assert found == set(REVEALING)


def test_nobody_goes_around_it() -> None:
    for path in sources():
        if path != ROOT / "checks/model/secret.py":
            private = [name for name in attributes_of(path) if name == "_value"]
            assert not private or "Secret" not in path.read_text(), path


def test_every_reason_is_given() -> None:
    assert all(len(reason) > 10 for reason in REVEALING.values())
