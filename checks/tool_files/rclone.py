"""`rclone.conf`: passwords are obscured with a key that is in rclone's source, which protects nothing.

Options by backend: rclone.org/docs, `rclone obscure`. The value is kept as it stands there.
"""

from __future__ import annotations

from checks.formats.leaves import ini_leaves
from checks.formats.located import Logins
from checks.tool_files.fields import Fields

_SECRETS = (
    *("pass", "password", "password2", "passphrase", "api_password", "key_file_pass", "mailbox_password"),
    *("secret_access_key", "client_secret", "application_credential_secret", "api_secret", "access_grant", "sas_url"),
    *("token", "bearer_token", "access_token", "auth_token", "refresh_token", "session_token"),
    *("key", "api_key", "key_pem", "sse_customer_key", "service_account_credentials"),
)
_REMOTES = Fields(
    ini_leaves,
    _SECRETS,
    users=("user", "username", "account", "access_key_id", "client_id"),
    hosts=("host", "url", "endpoint", "auth"),
)
_ENCRYPTED = "RCLONE_ENCRYPT_V"


def read_rclone(text: str) -> Logins:
    """The secrets of each remote; none where the whole file is encrypted."""
    return Logins() if _ENCRYPTED in text[:4096] else _REMOTES(text)
