# ruff: noqa: E501  lines of files, as they are
"""Dockerfiles and compose files."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import (
    COMPOSE,
    SHELL_DOUBLE,
    YAML_SINGLE,
    both,
    doubled,
    escaped,
    json_text,
    only,
    shell_single,
    without,
    yaml_plain,
)

_FROM = "# syntax=docker/dockerfile:1\nFROM debian:12 AS base\nWORKDIR /app\nCOPY . .\n"
_WORD = escaped("\\\"' $", without("\n"))
_DOUBLE = escaped('\\"$')
_REFERENCE = only(r"[\w${}:?\-]+")
_IN_DOUBLE = without('"')
_SERVICE = "services:\n  web:\n    image: ghcr.io/acme/web:1\n"
_DOLLARS = doubled("$")
FORMS = (
    Form("Dockerfile", "ENV a=b", "Dockerfile", "ENV %name%=%value%\nRUN make\n", _WORD, head=_FROM,
         quiet_quote=_REFERENCE),
    Form("Dockerfile", 'ENV a="b"', "Dockerfile.prod", 'ENV PORT=80 %name%="%value%"\n', _DOUBLE, head=_FROM,
         quiet_quote=_IN_DOUBLE),
    Form("Dockerfile", "ENV a b", "web.Dockerfile", "ENV %name% %value%\n", without(" \\\"'$"), head=_FROM,
         quiet_quote=_REFERENCE),
    Form("Dockerfile", "ENV on several lines", "Dockerfile", 'ENV LANG=C \\\n    # the account\n    %name%="%value%" \\\n    X=1\n',
         _DOUBLE, head=_FROM, quiet_quote=_IN_DOUBLE),
    Form("Dockerfile", "ARG", "Containerfile", "ARG %name%=%value%\n", _WORD, head=_FROM, quiet_quote=_REFERENCE),
    Form("Dockerfile", "LABEL", "Dockerfile", 'LABEL org.acme.%name.%="%value%"\n', _DOUBLE, head=_FROM,
         quiet_quote=_IN_DOUBLE),
    Form("Dockerfile", "RUN login", "Dockerfile", "RUN apt-get update \\\n && docker login -u %user% -p '%value%' %host%\n",
         both(shell_single, without("\\")), head=_FROM, quiet_quote=without("'\\")),
    Form("Dockerfile", "RUN assignment", "Dockerfile", "RUN %name%='%value%' npm run build\n",
         both(shell_single, without("\\")), head=_FROM, quiet_quote=without("'$\\")),
    Form("Dockerfile", "RUN heredoc", "Dockerfile", 'RUN <<EOF\nset -e\nexport %name%="%value%"\nmake\nEOF\n',
         SHELL_DOUBLE, head=_FROM, quiet_quote=without('"!')),
    Form("Dockerfile", "RUN token of npm", "Dockerfile",
         "RUN echo '//npm.acme.org/:_authToken=%value%' > .npmrc && npm ci\n", only(r"[\w.\-]{12,}"), head=_FROM,
         quiet_quote=without("'")),
    Form("Dockerfile", "CMD", "Dockerfile", 'CMD ["serve", "--db-password", "%value%"]\n', json_text, head=_FROM),
    Form("Dockerfile", "git over https", "Dockerfile", "RUN git clone https://%user%:%value%@github.com/acme/lib.git\n",
         only(r"[\w.\-]+"), head=_FROM, quiet_quote=_REFERENCE),
    Form("compose", "mapping", "docker-compose.yml", "    environment:\n      PORT: 80\n      %name%: %value%\n", COMPOSE,
         head=_SERVICE, quiet_quote=yaml_plain),
    Form("compose", "mapping, double quotes", "compose.yaml", '    environment:\n      %name%: "%value%"\n',
         both(_DOLLARS, json_text), head=_SERVICE, quiet_quote=json_text),
    Form("compose", "mapping, single quotes", "docker-compose.prod.yml", "    environment:\n      %name%: '%value%'\n",
         both(_DOLLARS, YAML_SINGLE), head=_SERVICE, quiet_quote=YAML_SINGLE),
    Form("compose", "list", "docker-compose.yml", "    environment:\n      - PORT=80\n      - %name%=%value%\n",
         COMPOSE, head=_SERVICE, quiet_quote=yaml_plain),
    Form("compose", "list, quoted", "compose.yml", '    environment:\n      - "%name%=%value%"\n',
         both(_DOLLARS, json_text), head=_SERVICE, quiet_quote=json_text),
    Form("compose", "build args", "compose.yml", "    build:\n      context: .\n      args:\n        - %name%=%value%\n",
         COMPOSE, head=_SERVICE, quiet_quote=yaml_plain),
    Form("compose", "build args, mapping", "compose.yml", "    build:\n      args:\n        %name%: '%value%'\n",
         both(_DOLLARS, YAML_SINGLE), head=_SERVICE, quiet_quote=YAML_SINGLE),
    Form("compose", "command", "docker-compose.yml", "    command: redis-server --requirepass %value%\n",
         both(only(r"[\w.\-+/=]+"), yaml_plain), head=_SERVICE, quiet_quote=yaml_plain),
    Form("compose", "command as a list", "docker-compose.yml", '    command: ["redis-server", "--requirepass", "%value%"]\n',
         both(_DOLLARS, json_text), head=_SERVICE, quiet_quote=json_text),
    Form("compose", "default", "docker-compose.yml", "    environment:\n      %name%: ${%name%:-%value%}\n",
         both(only(r"[\w.\-+/=]+"), yaml_plain), head=_SERVICE, quiet_quote=only(r"[\w.\-]+")),
    Form("compose", "health check", "docker-compose.yml",
         '    healthcheck:\n      test: ["CMD", "mysqladmin", "ping", "-u", "root", "-p%value%"]\n',
         both(only(r"[\w.\-+!?*]+"), json_text), head=_SERVICE, quiet_quote=json_text),
    Form("compose", "URL", "docker-compose.yml", "    environment:\n      DATABASE_URL: postgres://shop:%value%@db:5432/shop\n",
         both(only(r"[\w.\-+!*]+"), yaml_plain), head=_SERVICE, quiet_quote=only(r"[\w${}.\-]+")),
    Form("compose", "anchor", "docker-compose.yml", "x-env: &env\n  %name%: %value%\nservices:\n  a:\n    environment:\n      <<: *env\n",
         COMPOSE, quiet_quote=yaml_plain),
)  # fmt: skip
