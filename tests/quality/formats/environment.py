"""`.env` files, in every quoting that their readers know."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import DOTENV_DOUBLE, only, without
from tests.quality.values import SECRETS

_HEAD = "# settings of the shop\nDEBUG=false\nPORT=8080\nDB_HOST=db.acme.org\n"
_UNQUOTED = without(" #$'\"`\\")
FORMS = (
    Form("dotenv", "bare", ".env", "%name%=%value%\nLOG_LEVEL=info\n", _UNQUOTED, head=_HEAD, quiet_quote=str),
    Form("dotenv", "bare, no newline", ".env.production", "%name%=%value%", _UNQUOTED, head=_HEAD, quiet_quote=str),
    Form("dotenv", "double quotes", ".env.local", '%name%="%value%"\n', DOTENV_DOUBLE, head=_HEAD,
         quiet_quote=without('"')),
    Form("dotenv", "single quotes", ".env", "%name%='%value%'  # rotated in May\n", without("'"), head=_HEAD,
         quiet_quote=without("'$")),
    Form("dotenv", "export", "prod.env", 'export %name%="%value%"\n', DOTENV_DOUBLE, head=_HEAD,
         quiet_quote=without('"')),
    Form("dotenv", "blanks around =", ".env", "%name% = %value%\n", _UNQUOTED, head=_HEAD, quiet_quote=str),
    Form("dotenv", "colon", ".env", "%name%: %value%\n", _UNQUOTED, head=_HEAD, quiet_quote=str),
    Form("dotenv", "comment behind", ".env", "%name%=%value% # shared account\n", _UNQUOTED, head=_HEAD,
         quiet_quote=str),
    Form("dotenv", "CRLF", ".env", "A=1\r\n%name%=%value%\r\nB=2\r\n", _UNQUOTED, quiet_quote=str),
    Form("dotenv", "commented out", ".env", "#%name%=%value%\n", _UNQUOTED, head=_HEAD, quiet_quote=str,
         secrets={name: SECRETS[name] for name in ("token", "letters+digits", "word+digits+mark")}),
    Form("dotenv", "password in a URL", ".env", "DATABASE_URL=postgres://shop:%value%@db.acme.org:5432/shop\n",
         without(" #$'\"`\\@/:?%[]{}|<>^"), head=_HEAD, quiet_quote=only(r"[\w${}]+")),
)  # fmt: skip
