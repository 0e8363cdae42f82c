# ruff: noqa: E501  lines of files, as they are
"""What machines start by themselves: crontabs, systemd's units and podman's."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import both, doubled, escaped, only, shell_single, without

_CRON = "# m h dom mon dow user command\nSHELL=/bin/sh\nMAILTO=ops\n"
_UNIT = "[Unit]\nDescription=shop\nAfter=network-online.target\n\n[Service]\nUser=shop\n"
_REFERENCE = only(r"[\w${}:?\-]+")
_UNIT_DOUBLE = escaped('\\"', doubled("%"))
_UNIT_SINGLE = escaped("\\'", doubled("%"))
_PERCENT = escaped("%")
FORMS = (
    Form("crontab", "setting", "crontab", "%name%=%value%\n17 * * * * root run-parts /etc/cron.hourly\n",
         without("\"' "), head=_CRON, quiet_quote=without("\"' ")),
    Form("crontab", "setting, quoted", "cron.d/backup", '%name% = "%value%"\n0 3 * * * root backup\n', without('"'),
         head=_CRON, quiet_quote=without('"$')),
    Form("crontab", "command", "etc/cron.d/backup",
         "0 3 * * * root mysqldump -u %user% -p'%value%' shop | gzip > /srv/shop.$(date +\\%F).gz\n",
         both(shell_single, _PERCENT), head=_CRON, quiet_quote=without("'%")),
    Form("crontab", "a variable before a command", "spool/cron/crontabs/shop",
         "@daily %name%='%value%' /srv/shop/report\n", both(shell_single, _PERCENT), quiet_quote=without("'%$")),
    Form("systemd", "Environment", "shop.service", "Environment=PORT=80 %name%=%value%\n",
         both(without(" \\\"'"), doubled("%")), head=_UNIT, quiet_quote=_REFERENCE),
    Form("systemd", "Environment, double quotes", "shop.service", 'Environment=PORT=80 "%name%=%value%"\n', _UNIT_DOUBLE,
         head=_UNIT, quiet_quote=without('"')),
    Form("systemd", "drop-in, single quotes", "shop.service.d/50-login.conf",
         "[Service]\nEnvironment=PORT=80 \\\n    '%name%=%value%'\n", _UNIT_SINGLE, quiet_quote=without("'")),
    Form("systemd", "ExecStart", "shop.service",
         'ExecStart=/usr/bin/docker run --rm \\\n    -e "%name%=%value%" ghcr.io/acme/shop:1\n',
         both(_UNIT_DOUBLE, doubled("$")), head=_UNIT, quiet_quote=without('"')),
    Form("systemd", "a shell", "shop.service",
         "ExecStartPre=-/bin/sh -c 'docker login -u %user% -p %value% %host%'\n", only(r"[\w.+/=@:,~-]+"), head=_UNIT,
         quiet_quote=without("'<")),
    Form("systemd", "SetCredential", "shop.service", "SetCredential=db.password:%value%\n", escaped("\\"), head=_UNIT),
    Form("systemd", "Quadlet", "shop.container", '[Container]\nImage=ghcr.io/acme/shop:1\nEnvironment="%name%=%value%"\n',
         _UNIT_DOUBLE, quiet_quote=without('"')),
)  # fmt: skip
