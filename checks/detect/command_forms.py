"""Where the command lines of known programs hold a secret.

The programs' own manuals; docs/sources.md names the collection. A `-p` means nothing without its program.
"""

from __future__ import annotations

from typing import NamedTuple, TypedDict, Unpack


class Form(NamedTuple):
    """One way to give a program a secret. Flags are as typed, `-p` or `--password`."""

    programs: frozenset[str]
    what: str
    """For people: "registry login"."""
    words: tuple[str, ...] = ()
    """Subcommands, in this order, before which only flags stand; the bar separates alternatives."""
    secrets: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    """Flags with `user:secret`; `1` where the first word is such a pair, perhaps with `@host` behind it."""
    separator: str = ":"
    users: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    domain: str = ""
    """What the value of such a flag goes without: az names a registry by its first part alone."""
    other: frozenset[str] = frozenset()
    """Further flags that take a value."""
    glued: frozenset[str] = frozenset()
    """Flags whose value is never the next word: mysql's `-p`."""
    prefix: str = ""
    """What stands before the secret in the value: openssl's `pass:`."""
    position: int | None = None
    """Which of the words behind the subcommands is the secret; -1 the last."""
    user: int | None = None
    """Which of them is its user."""
    least: int = 0
    """How many words there must be behind the subcommands."""
    needs: str = ""
    """A pattern that one of all the words must match: without `-b`, htpasswd asks for the password."""
    fed: frozenset[str] = frozenset()
    """Flags that say that standard input is the secret; `*` where it always is."""
    settings: bool = False
    """Behind the subcommands stand names and their values."""
    registry: bool = False
    """A login at a registry, which the word behind the subcommands names, Docker Hub without it."""
    image: bool = False
    """The image among the words names the registry."""
    url: bool = False
    """The address among the words names the host, which may be a registry."""
    leading: bool = False
    """Flags behind the first other word belong to the command that this program starts."""
    long: bool = False
    """Flags with one dash are words: `-key` is not `-k` with the value `ey`."""


class _Rest(TypedDict, total=False):
    domain: str
    prefix: str
    position: int
    user: int
    least: int
    needs: str
    settings: bool
    registry: bool
    image: bool
    url: bool
    leading: bool
    long: bool


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _form(
    programs: str,
    words: str = "",
    what: str = "password",
    *,
    secrets: str = "",
    pairs: str = "",
    separator: str = ":",
    users: str = "",
    hosts: str = "",
    other: str = "",
    glued: str = "",
    fed: str = "",
    **rest: Unpack[_Rest],
) -> Form:
    return Form(
        _set(programs), what, tuple(words.split()), _set(secrets), _set(pairs), separator, _set(users), _set(hosts),
        other=_set(other), glued=_set(glued), fed=_set(fed), **rest,
    )  # fmt: skip


_ENGINE = "docker podman nerdctl buildah skopeo finch"
_ENGINE_FLAGS = "--authfile --cert-dir --config -c --context -H --host -l --log-level --namespace -n --address"
_LOGIN = "-u --user --username"
_STDIN = "--password-stdin --pass-stdin --identity-token-stdin"
_CREDS = "--creds --src-creds --dest-creds --screds --dcreds --from-creds --to-creds"
_IMAGE_SECRETS = "--registry-token --src-registry-token --dest-registry-token --src-password --dest-password"
_CURL_FLAGS = (
    "-A -b -c -C -D -e -E -F -K -m -o -P -Q -r -t -T -w -X -y -Y -z --url --output --request --max-time --data "
    "--data-raw --data-binary --data-urlencode --json --form -d -H --header --proxy -x --cookie --user-agent --cacert"
)
_MYSQL = "mysql mysqldump mysqladmin mysqlimport mysqlsh mysqlcheck mariadb mariadb-dump mariadb-admin mycli"
_JAVA_STORE = "-storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass -new"

FORMS = (
    _form(_ENGINE, "login", "registry login", secrets="-p --password", users=_LOGIN, other=_ENGINE_FLAGS, fed=_STDIN,
          registry=True),
    _form("helm", "registry login", "registry login", secrets="-p --password", users=_LOGIN, fed=_STDIN, registry=True,
          other="--ca-file --cert-file --key-file --registry-config --kube-context -n --namespace"),
    _form("oras cosign nelm notation crane gcrane krane", "login", "registry login", users=_LOGIN, fed=_STDIN,
          secrets="-p --password --identity-token", other="--registry-config --ca-file -k", registry=True),
    _form("crane gcrane krane", "auth login", "registry login", secrets="-p --password", users=_LOGIN, fed=_STDIN,
          registry=True),
    _form("regctl", "registry login", "registry login", secrets="-p --pass", users=_LOGIN, fed=_STDIN, registry=True,
          other="--credHelper -v --verbosity --logopt"),
    _form("apptainer singularity", "remote|registry login", "registry login", secrets="-p --password", users=_LOGIN,
          fed=_STDIN, registry=True),
    _form("oc", "registry login", "registry login", pairs="--auth-basic", hosts="--registry"),
    _form("az", "acr login", "registry login", secrets="-p --password", users=_LOGIN, hosts="-n --name",
          domain=".azurecr.io"),
    _form("helm", "", "repository password", secrets="--password", users="--username"),
    _form("skopeo podman buildah oras", "", "registry login", secrets=_IMAGE_SECRETS, pairs=_CREDS, image=True,
          users="--src-username --dest-username", other="--authfile --src-authfile --dest-authfile"),
    _form("oras", "", "registry login", secrets="--from-password --to-password", image=True,
          users="--from-username --to-username"),
    _form("ctr crictl", "", "registry login", pairs="-u --user --creds", image=True),
    _form("kubectl oc k3s microk8s", "", "registry login", secrets="--docker-password", users="--docker-username",
          hosts="--docker-server"),
    _form("kubectl", "config set-credentials", "cluster password", secrets="--password --token", users="--username"),
    _form("oc", "login", "cluster login", secrets="-p --password --token", users=_LOGIN),
    _form("docker podman nerdctl", "secret create", "secret of a swarm", fed="*"),
    _form("gh glab hub", "auth login", "token of the source host", secrets="-t --token", fed="--with-token --stdin",
          hosts="-h --hostname"),
    _form("gh", "secret set", "secret of a repository", secrets="-b --body", fed="*"),
    _form("gcloud", "secrets", "secret", fed="--data-file=-"),
    _form("wrangler", "secret put", "secret", fed="*"),
    _form(_MYSQL, "", "database password", secrets="-p --password", glued="-p --password", users="-u --user",
          other="-h --host -P --port -e --execute -S --socket -D --database"),
    _form("mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh cypher-shell couchbase-cli influx", "",
          "database password", secrets="-p --password", users=_LOGIN),
    _form("influx", "", "database token", secrets="-t --token -token"),
    _form("redis-cli valkey-cli", "", "database password", secrets="-a --pass", other="-h -p -n -u -s"),
    _form("sqlcmd bcp", "", "database password", secrets="-P", users="-U", other="-S -d -Q -i"),
    _form("clickhouse-client clickhouse", "", "database password", secrets="--password", users="--user -u"),
    _form("sqlplus sqlldr expdp impdp", "", "database password", separator="/", pairs="1"),
    _form("curl", "", "password of a request", pairs="-u --user -U --proxy-user", secrets="--oauth2-bearer --pass",
          other=_CURL_FLAGS, url=True),
    _form("http https xh xhs", "", "password of a request", pairs="-a --auth", url=True),
    _form("wget", "", "password of a request", secrets="--password --http-password --ftp-password --proxy-password",
          users="--user --http-user --ftp-user --proxy-user", url=True),
    _form("sshpass", "", "SSH password", secrets="-p", other="-f -d -P", leading=True),
    _form("plink pscp psftp putty", "", "SSH password", secrets="-pw", long=True),
    _form("ssh-keygen", "", "passphrase of a key", secrets="-N -P", other="-f -t -b -C -O -I"),
    _form("openssl", "", "passphrase", secrets="-pass -passin -passout -password", prefix="pass:", long=True),
    _form("openssl", "", "passphrase", secrets="-k -K", other="-in -out -S -iv -md", long=True,
          needs="enc|(?:aes|aria|camellia|des|sm4)[-0-9a-z]*"),
    _form("apksigner", "", "passphrase of a key store", secrets="--ks-pass --key-pass", prefix="pass:"),
    _form("keytool jarsigner", "", "passphrase of a key store", secrets=_JAVA_STORE, long=True),
    _form("gpg gpg2", "", "passphrase", secrets="--passphrase", fed="--passphrase-fd --passphrase-fd=0"),
    _form("zip unzip", "", "password of an archive", secrets="-P", least=1),
    _form("7z 7za 7zz rar unrar", "", "password of an archive", secrets="-p", glued="-p"),
    _form("htpasswd", "", "password", position=-1, user=-2, least=2, needs="-[a-zA-Z]*b[a-zA-Z]*"),
    _form("az", "login", "cloud login", secrets="-p --password --federated-token", users="-u --username"),
    _form("az", "", "cloud key", secrets="--account-key --sas-token --connection-string"),
    _form("az", "keyvault secret set", "secret", secrets="--value"),
    _form("aws", "configure set", "cloud key", settings=True, other="--profile --region"),
    _form("aws", "secretsmanager", "secret", secrets="--secret-string", other="--profile --region"),
    _form("aws", "ssm put-parameter", "secret", secrets="--value", needs="SecureString|--type=SecureString",
          other="--profile --region"),
    _form("doctl", "", "cloud token", secrets="-t --access-token"),
    _form("ibmcloud", "login", "cloud key", secrets="--apikey -p", other="-r -g -a -u -c"),
    _form("npm pnpm yarn", "config|c set", "package registry token", settings=True, other="--location -L"),
    _form("npm pnpm", "set", "package registry token", settings=True),
    _form("poetry composer", "config", "package registry password", position=-1, user=-2, least=3,
          needs=r"http-basic\..+"),
    _form("poetry composer", "config", "package registry token", settings=True),
    _form("pulumi gcloud pip", "config|config:set set", "setting", settings=True),
    _form("git", "config", "setting", settings=True, other="-f --file"),
    _form("twine uv hatch flit poetry", "upload|publish", "package registry password",
          secrets="-p --password -t --token",
          users="-u --username", other="-r --repository"),
    _form("cargo wandb", "login", "token", position=0, fed="*"),
    _form("dotnet nuget", "", "package registry key", secrets="-k --api-key -ApiKey -Password --password -p", long=True,
          users="-u --username -UserName", other="-s --source -n --name"),
    _form("vault bao", "login", "vault token", position=0, prefix="token="),
    _form("vault bao", "operator unseal", "unseal key", position=0),
    _form("ngrok", "config add-authtoken", "token", position=0),
    _form("ngrok", "authtoken", "token", position=0),
    _form("snyk", "auth", "token", position=0),
    _form("cloudflared", "service install", "token", position=0),
    _form("cloudflared", "tunnel run", "token", secrets="--token"),
    _form("tailscale", "up|login", "token", secrets="--authkey --auth-key"),
    _form("bw", "unlock", "master password", position=0),
    _form("bw", "login", "master password", position=1, user=0, least=2),
    _form("rabbitmqctl", "add_user|change_password", "password", position=1, user=0, least=2),
    _form("mc mcli", "alias set", "storage key", position=3, user=2, least=4),
    _form("mc mcli", "config host add", "storage key", position=3, user=2, least=4),
    _form("etcdctl", "", "database password", pairs="--user", secrets="--password", other="--endpoints --cacert"),
    _form("ncftp ncftpput ncftpget ncftpls", "", "password", secrets="-p", users="-u", other="-P -t -r"),
    _form("vncpasswd", "", "password", fed="-f"),
    _form("wpa_passphrase", "", "Wi-Fi password", position=1, user=0, least=2),
    _form("nmcli", "", "Wi-Fi password", secrets="password"),
    _form("ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd", "", "directory password", secrets="-w",
          other="-D -H -b -h -p"),
    _form("ldappasswd", "", "directory password", secrets="-s", other="-D -H -w"),
    _form("smbclient rpcclient net smbget", "", "password", pairs="-U --user", separator="%"),
    _form("xfreerdp xfreerdp3 wlfreerdp sdl-freerdp", "", "password", secrets="/p", users="/u"),
    _form("lftp", "", "password", pairs="-u --user", separator=","),
    _form("mosquitto_pub mosquitto_sub mosquitto_rr", "", "password", secrets="-P --pw", users="-u --username",
          other="-h -p -t -m"),
    _form("snmpget snmpwalk snmpset snmpbulkwalk snmptrap", "", "password", secrets="-A -X", users="-u",
          other="-v -c -a -x -l -n"),
    _form("ipmitool", "", "password", secrets="-P", users="-U", other="-H -I"),
    _form("evil-winrm rabbitmqadmin", "", "password", secrets="-p --password", users="-u --username", other="-i -H"),
    _form("yt-dlp youtube-dl gallery-dl", "", "password", secrets="-p --password --video-password --ap-password",
          users=_LOGIN),
    _form("vercel netlify flyctl fly railway", "", "token", secrets="-t --token --auth"),
    _form("rclone", "obscure", "password", position=0),
    _form("rclone", "config create|update|password", "password", settings=True),
    _form("ConvertTo-SecureString", "", "password", position=0, secrets="-String", long=True),
    _form("machine", "", "login of a .netrc file", secrets="password", users="login"),
    _form("sudo", "", "password of this machine", fed="-S --stdin", leading=True),
    _form("chpasswd", "", "password of a user of this machine", fed="*"),
    _form("passwd", "", "password of a user of this machine", fed="--stdin"),
    _form("kinit", "", "password", fed="*"),
)  # fmt: skip

BY_PROGRAM: dict[str, tuple[Form, ...]] = {
    program: tuple(form for form in FORMS if program in form.programs)
    for program in sorted({program for form in FORMS for program in form.programs})
}

WRAPPERS = {
    "sudo": _set("-u -g -h -p -C -r -t -U -D -R -T"),
    "doas": _set("-u -C"),
    "env": _set("-u -C -S"),
    "nice": _set("-n"),
    "ionice": _set("-c -n"),
    "time": _set("-f -o"),
    "timeout": _set("-k -s"),
    "stdbuf": _set("-i -o -e"),
    "exec": _set("-a"),
    "watch": _set("-n"),
    "sshpass": _set("-p -f -d -P"),
    "xargs": _set("-n -I -P -L -d -E -s -a"),
    **dict.fromkeys(
        _set("nohup command builtin setsid winpty noglob nocorrect unbuffer proxychains torsocks"), _set("")
    ),
}
"""Programs that start the command behind them, and their flags that take a value."""

SHELLS = _set(
    "sh bash zsh ksh dash ash fish eval su alias abbr ssh trap watch tmux screen docker podman nerdctl kubectl oc wsl "
    "vagrant echo printf pwsh powershell"
)
"""Programs to which a word with blanks may be a command, or that write one somewhere."""

STARTERS = _set(
    "docker podman nerdctl docker-compose kubectl oc ssh wsl vagrant multipass lxc incus minikube distrobox"
)
"""Programs that start another program elsewhere, somewhere among their words."""
