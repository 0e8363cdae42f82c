"""skopeo, kept away from this machine's own container settings: another client that must find the same credential."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.services.require import require

POLICY = '{"default": [{"type": "insecureAcceptAnything"}]}'


def skopeo_inspect(
    home: Path, image: str, path: str | None = None, authfile: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Reads an image's description (`127.0.0.1:PORT/name:tag`), which needs the right to pull it."""
    return skopeo(home, "inspect", "--tls-verify=false", *_authfile(authfile), f"docker://{image}", path=path)


def skopeo_copy(
    home: Path, source: str, destination: str, path: str | None = None, authfile: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Copies between places written as skopeo writes them: `docker://HOST/NAME:TAG`, `dir:PATH`, `oci:PATH:TAG`."""
    no_tls = ("--src-tls-verify=false", "--dest-tls-verify=false")
    return skopeo(home, "copy", *no_tls, *_authfile(authfile), source, destination, path=path)


def skopeo_login(
    home: Path, registry: str, user: str, password: str, authfile: Path | None = None
) -> subprocess.CompletedProcess[str]:
    args = ("login", "--tls-verify=false", *_authfile(authfile), "--username", user, "--password-stdin", registry)
    return skopeo(home, *args, stdin=password)


def skopeo(home: Path, *args: str, path: str | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs skopeo with every file it reads below `home`. Helpers are found on `path` only."""
    policy = home / "skopeo-policy.json"
    policy.write_text(POLICY)
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    env = {
        "HOME": str(home),
        "PATH": path or str(home / "no-such-folder"),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.run(
        [require("skopeo", "skopeo"), f"--policy={policy}", f"--tmpdir={runtime}", *args],
        input=stdin,
        capture_output=True,
        text=True,
        env=env,
        timeout=60,
        check=False,
    )


def _authfile(authfile: Path | None) -> tuple[str, ...]:
    return ("--authfile", str(authfile)) if authfile else ()
