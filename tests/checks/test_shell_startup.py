"""Secrets in shell start-up files of every shell, with the place where they stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import shell_startup
from checks.model.finding import Confidence, Finding, Severity
from checks.model.workstation import Workstation
from tests.checks.conftest import MakeWorkstation, random_password, random_token, seen, unprivileged, write

FORMS = {
    ".bashrc": "alias ll='ls -l'\nexport DB_PASSWORD='{}'\n",
    ".bash_profile": 'export DB_PASSWORD="{}" # why\n',
    ".profile": "DB_PASSWORD={}; export DB_PASSWORD\n",
    ".zshrc": "plugins=(git\n  docker)\ntypeset -x DB_PASSWORD={}\n",
    ".zshenv": "if [[ -o login ]]; then\n  export DB_PASSWORD=$'{}'\nfi\n",
    ".tcshrc": "setenv DB_PASSWORD {}\n",
    ".config/fish/config.fish": "set -gx EDITOR vi\nset -gx DB_PASSWORD '{}'\n",
    ".config/fish/conf.d/secrets.fish": "set --global --export DB_PASSWORD {}\n",
    ".config/fish/fish_variables": "# VERSION: 3.0\nSETUVAR --export DB_PASSWORD:{}\n",
    ".config/environment.d/50-app.conf": "A=1\nDB_PASSWORD={}\n",
    ".config/powershell/Microsoft.PowerShell_profile.ps1": "$env:DB_PASSWORD = '{}'\n",
    ".config/powershell/profile.ps1": '[Environment]::SetEnvironmentVariable("DB_PASSWORD", "{}")\n',
    ".config/systemd/user/app.service": '[Service]\nEnvironment=A=1 "DB_PASSWORD={}"\n',
    ".config/systemd/user/app.service.d/10.conf": "[Service]\nExecStart=/bin/sh -c 'DB_PASSWORD={} run'\n",
    ".config/containers/systemd/app.container": "[Container]\nEnvironment=DB_PASSWORD={}\n",
    ".login": "set DB_PASSWORD = '{}'\n",
    ".pam_environment": "EDITOR DEFAULT=vi\nDB_PASSWORD DEFAULT={}\n",
    ".envrc": "layout python\nexport DB_PASSWORD={}\n",
    ".bashrc.d/app": "export DB_PASSWORD={}\n",
    ".oh-my-zsh/custom/app.zsh": "export DB_PASSWORD={}\n",
    ".bash_aliases": "alias db='DB_PASSWORD={} psql'\n",
}

CLEAN = """\
export PATH="$HOME/bin:$PATH"
export GITHUB_TOKEN=$(gh auth token)
export DB_PASSWORD="${DB_PASSWORD:-}"
export SSH_AUTH_SOCK=/run/user/1000/keyring/ssh
export PASSWORD_STORE_DIR=~/.password-store
alias dl='docker login -u bob --password-stdin'
PS1='\\u@\\h:\\w\\$ '
eval "$(direnv hook bash)"
source <(kubectl completion bash)
token() { pass show "api/$1"; }
"""


def findings(workstation: Workstation, path: Path) -> list[Finding]:
    return seen(shell_startup.read(workstation, path)).findings


@pytest.mark.parametrize("name", FORMS)
def test_every_file_is_surveyed(workstation: MakeWorkstation, name: str) -> None:
    machine, word = workstation(), random_password()
    text = FORMS[name].format(word)
    path = write(machine.home / name, text)
    (found,) = seen(shell_startup.survey(machine)).findings
    assert found.secret and found.secret.reveal() == word
    assert (found.rule, found.place.path, found.severity) == ("secret-in-shell-startup", str(path), Severity.MEDIUM)
    assert found.place.line and found.place.column
    assert text.splitlines()[found.place.line - 1][found.place.column - 1 :].startswith(word)
    assert word not in found.title + found.locator + found.advice


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("etc/environment", 'DB_PASSWORD="{}"\n'),
        ("etc/profile.d/app.sh", "export DB_PASSWORD={}\n"),
        ("etc/crontab", "0 0 * * * root mysqladmin -p{} ping\n"),
        ("etc/cron.d/app", "DB_PASSWORD={}\n0 0 * * * root run\n"),
        ("var/spool/cron/crontabs/bob", "0 0 * * * mysqladmin -p{} ping\n"),
        ("etc/systemd/system/app.service", "[Service]\nEnvironment=DB_PASSWORD={}\n"),
    ],
)
def test_files_of_the_system(workstation: MakeWorkstation, name: str, text: str) -> None:
    machine, word = workstation(), random_password()
    write(machine.root / name, text.format(word))
    (found,) = seen(shell_startup.survey(machine)).findings
    assert found.secret and found.secret.reveal() == word


def test_a_registry_s_login_with_its_user_and_host(workstation: MakeWorkstation) -> None:
    machine, token = workstation(), random_token("dckr_pat_", 27)
    path = write(
        machine.home / ".zshrc", f"export CR_USER=bob\nexport CR_PAT={token}\ndocker login -u eve -p {token}\n"
    )
    variable, login = findings(machine, path)
    assert (variable.registry, variable.confidence, variable.severity) == (
        "ghcr.io",
        Confidence.CERTAIN,
        Severity.CRITICAL,
    )
    assert (login.registry, login.username, login.place.line) == ("docker.io", "eve", 3)


def test_fish_escapes_are_read(workstation: MakeWorkstation) -> None:
    machine, word = workstation(), random_password()
    path = write(machine.config_home / "fish" / "fish_variables", f"SETUVAR DB_PASSWORD:{word}\\x2dx\\u00e9\n")
    (found,) = findings(machine, path)
    assert found.secret and found.secret.reveal() == f"{word}-xé"


@pytest.mark.parametrize(
    "encode", [lambda text: text.encode("utf-16"), lambda text: text.replace("\n", "\r\n").encode()]
)
def test_other_encodings(workstation: MakeWorkstation, tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    word = random_password()
    path = write(tmp_path / "profile.ps1", encode(f"# é\n$env:DB_PASSWORD = '{word}'\n"))
    (found,) = findings(workstation(), path)
    assert found.secret and found.secret.reveal() == word
    assert (found.place.line, found.place.column) == (2, 21)


def test_clean_files_say_nothing(workstation: MakeWorkstation, tmp_path: Path) -> None:
    assert findings(workstation(), write(tmp_path / ".bashrc", CLEAN)) == []


def test_a_file_and_a_link_to_it_are_one(workstation: MakeWorkstation) -> None:
    machine = workstation()
    write(machine.home / ".bashrc", f"export DB_PASSWORD={random_password()}\n")
    (machine.home / ".bash_profile").symlink_to(".bashrc")
    assert len(seen(shell_startup.survey(machine)).findings) == 1


def test_what_the_environment_names(workstation: MakeWorkstation, tmp_path: Path) -> None:
    path = write(tmp_path / "dots" / "env", f"export DB_PASSWORD={random_password()}\n")
    write(tmp_path / "zdot" / ".zshrc", f"export DB_PASSWORD={random_password()}\n")
    machine = workstation({"BASH_ENV": str(path), "ZDOTDIR": str(tmp_path / "zdot")})
    assert len(seen(shell_startup.survey(machine)).findings) == 2


def test_what_cannot_be_read_is_said(workstation: MakeWorkstation) -> None:
    machine = workstation()
    path = write(machine.home / ".bashrc", "x", mode=0)
    with unprivileged():
        got = seen(shell_startup.survey(machine))
    assert [one.path for one in got.skipped if one.path == str(path)] == [str(path)]
    large = machine.home / ".zshrc"
    with large.open("wb") as stream:
        stream.truncate(shell_startup.LARGEST + 1)
    assert [one.path for one in seen(shell_startup.read(machine, large)).skipped] == [str(large)]


def test_a_home_without_any(workstation: MakeWorkstation) -> None:
    assert seen(shell_startup.survey(workstation())) == seen(iter(()))


@pytest.mark.parametrize("name", [*FORMS, "x/deploy.sh", "x/.zlogin", "etc/profile", "etc/environment"])
def test_which_files_are_ours(name: str) -> None:
    assert shell_startup.claims(Path("/x") / name)


@pytest.mark.parametrize("name", ["profile", "environment", "notes.txt", "fish_variables", "a.conf", "sh"])
def test_which_files_are_not(name: str) -> None:
    assert not shell_startup.claims(Path("/x") / name)
