# ruff: noqa: E501  lines of files, as they are
"""Shell start-up files, scripts and history."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import (
    FISH_DOUBLE,
    FISH_SINGLE,
    SHELL_BARE,
    SHELL_DOUBLE,
    both,
    doubled,
    only,
    shell_single,
    without,
)
from tests.quality.values import SECRETS

_BASHRC = "# ~/.bashrc\n[ -z \"$PS1\" ] && return\nHISTSIZE=1000\nalias ll='ls -l'\n"
_FISH = "set -gx EDITOR vim\nfish_add_path ~/bin\n"
_REFERENCE = only(r"[\w${}:?\-]+")
_IN_DOUBLE = without('"<[!')
FORMS = (
    Form("shell start-up", "bash, double quotes", ".bashrc", 'export %name%="%value%"\n', SHELL_DOUBLE, head=_BASHRC,
         quiet_quote=_IN_DOUBLE),
    Form("shell start-up", "bash, single quotes", ".bash_profile", "export %name%='%value%'\n", shell_single,
         head=_BASHRC, quiet_quote=without("'$")),
    Form("shell start-up", "zsh, bare", ".zshrc", "export %name%=%value%\n", SHELL_BARE, head=_BASHRC,
         quiet_quote=_REFERENCE),
    Form("shell start-up", "two steps", ".zshenv", "%name%='%value%'\nexport %name%\n", shell_single,
         quiet_quote=without("'$")),
    Form("shell start-up", "commented out", ".bashrc", '# export %name%="%value%"\n', SHELL_DOUBLE, head=_BASHRC,
         secrets={"token": SECRETS["token"]}, quiet_quote=_IN_DOUBLE),
    Form("shell start-up", "alias", ".bash_aliases", "alias dl=\"docker login -u %user% -p '%value%' %host%\"\n",
         both(without("'\""), SHELL_DOUBLE), quiet_quote=without("'\"!")),
    Form("shell start-up", "function", ".zshrc", "login_acme() {\n  docker login %host% -u %user% -p '%value%'\n}\n",
         shell_single, quiet_quote=without("'")),
    Form("shell start-up", "piped", ".profile", "echo '%value%' | docker login %host% -u %user% --password-stdin\n",
         shell_single, quiet_quote=without("'")),
    Form("fish start-up", "set -gx", ".config/fish/config.fish", "set -gx %name% '%value%'\n", FISH_SINGLE, head=_FISH,
         quiet_quote=without("'$")),
    Form("fish start-up", "set -x, double quotes", ".config/fish/conf.d/keys.fish", 'set -x %name% "%value%"\n',
         FISH_DOUBLE, head=_FISH, quiet_quote=_IN_DOUBLE),
    Form("fish start-up", "universal variables", ".config/fish/fish_variables", "SETUVAR --export %name%:%value%\n",
         only(r"[\w.\-/]+"), head="# This file contains fish universal variable definitions.\n# VERSION: 3.0\n"),
    Form("bash history", "plain", ".bash_history", "docker login -u %user% -p %value% %host%\nls\n", SHELL_BARE,
         head="cd src\ngit pull\n", quiet_quote=_REFERENCE),
    Form("bash history", "with time stamps", ".bash_history",
         "#1700000001\nexport %name%='%value%'\n#1700000009\nmake\n", shell_single, head="#1700000000\nls\n",
         quiet_quote=without("'$")),
    Form("bash history", "curl", ".bash_history", "curl -s -u %user%:%value% https://%host%/v2/_catalog\n",
         both(without(":"), SHELL_BARE), quiet_quote=_REFERENCE),
    Form("bash history", "piped", ".bash_history", "echo %value% | docker login %host% -u %user% --password-stdin\n",
         SHELL_BARE, quiet_quote=_REFERENCE),
    Form("bash history", "header", ".bash_history", "curl -H 'Authorization: Bearer %value%' https://%host%/v2/\n",
         only(r"[\w.\-]{17,}"), quiet_quote=without("'")),
    Form("zsh history", "extended", ".zsh_history", ": 1700000001:0;docker login -u %user% -p '%value%' %host%\n",
         shell_single, head=": 1700000000:0;ls\n", quiet_quote=without("'\\")),
    Form("zsh history", "a variable before a command", ".zsh_history",
         ": 1700000001:5;%name%='%value%' ./deploy.sh\n", shell_single, quiet_quote=without("'$\\")),
    Form("zsh history", "mysql", ".zsh_history", ": 1700000001:5;mysql -u %user% -p%value% shop\n",
         both(only(r"[\w.\-+*?]+"), SHELL_BARE), quiet_quote=_REFERENCE),
    Form("fish history", "command", ".local/share/fish/fish_history",
         "- cmd: docker login -u %user% -p '%value%' %host%\n  when: 1700000001\n",
         both(FISH_SINGLE, doubled("\\")), head="- cmd: ls\n  when: 1700000000\n", quiet_quote=without("'\\")),
    Form("fish history", "set", ".local/share/fish/fish_history", "- cmd: set -gx %name% %value%\n  when: 1700000001\n",
         only(r"[\w.\-]+"), quiet_quote=_REFERENCE),
    Form("shell script", "assignment", "deploy/release.sh", 'set -eu\n%name%="%value%"\nrun "$%name%"\n', SHELL_DOUBLE,
         head="#!/bin/sh\n", quiet_quote=_IN_DOUBLE),
    Form("shell script", "a default", "deploy/release.sh", "%name%=${%name%:-%value%}\n", only(r"[\w.\-+/=]+"),
         head="#!/bin/sh\n", quiet_quote=_REFERENCE),
    Form("shell script", "heredoc", "deploy/setup.sh", "cat > .netrc <<EOF\nmachine %host%\nlogin %user%\npassword %value%\nEOF\n",
         only(r"[\w.\-+/=!?*]+"), head="#!/bin/sh\n", quiet_quote=_REFERENCE),
)  # fmt: skip
