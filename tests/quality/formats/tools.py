# ruff: noqa: E501  lines of files, as they are
"""Credential files of git, package managers, clouds and build servers; private keys."""

from __future__ import annotations

from functools import partial
from random import Random

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.checks.detect.examples import ALPHABETS
from tests.quality.form import Form
from tests.quality.quoting import (
    INI,
    PROPERTIES,
    YAML_SINGLE,
    base64_of,
    both,
    cdata,
    json_text,
    login,
    only,
    url,
    without,
    xml,
    yaml_plain,
)
from tests.quality.values import KEPT_QUIET as QUIET


def _aws(random: Random) -> str:
    return "aZ9" + "".join(random.choices(ALPHABETS["b64"], k=37))


_form = partial(Form, quiet=QUIET)
_NETRC = only(r"[\w.+/=@:%,~!*?&^()<>|;\-]+")
_REMOTE = '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n'
_LOGIN_QUIET = {"placeholder": lambda _: "<password>", "variable": lambda _: "${DOCKER_PASSWORD}"}
_INTERPOLATED = {**QUIET, "property": lambda _: "${env.NPM_TOKEN}"}
_TOKEN = only(r"[\w.\-+/=]{16,}")


def _private_key(kind: serialization.PrivateFormat, protection: serialization.KeySerializationEncryption) -> str:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(serialization.Encoding.PEM, kind, protection).decode().rstrip("\n")


def _open(kind: serialization.PrivateFormat) -> dict[str, object]:
    return {"key": lambda _: _private_key(kind, serialization.NoEncryption())}


_LOCKED = {
    "protected": lambda random: _private_key(
        serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(random.randbytes(8))
    ),
}


def _armour(kind: str) -> dict[str, object]:
    return {
        "public": lambda random: (
            f"-----BEGIN {kind}-----\n{base64_of(str(random.getrandbits(500)))}\n-----END {kind}-----"
        )
    }


FORMS = (
    _form(".netrc", "several lines", ".netrc", "machine %host%\n  login %user%\n  password %value%\n", _NETRC, quiet_quote=_NETRC),
    _form(".netrc", "one line", "_netrc", "machine github.com login %user% password %value%\nmachine x.acme.org login y\n", _NETRC,
         quiet_quote=_NETRC),
    _form(".netrc", "default", ".netrc", "machine a.acme.org\n\tlogin b\ndefault login %user% password %value%\n", _NETRC,
         quiet_quote=_NETRC),
    _form(".git-credentials", "line", ".git-credentials", "https://%user%:%value%@github.com\n", url, quiet_quote=only(r"[\w${}]+")),
    _form("git remote", "user and password", ".git/config", _REMOTE + "\turl = https://%user%:%value%@github.com/acme/shop.git\n", url,
         quiet_quote=only(r"[\w${}]+")),
    _form("git remote", "token alone", ".git/config", _REMOTE + "\turl = https://%value%@github.com/acme/shop.git\n",
         only(r"[\w\-]{32,}"), quiet_quote=only(r"[\w${}]+")),
    _form("git configuration", "extraheader", ".gitconfig", '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic %value%\n',
         login("x-access-token"), quiet=_LOGIN_QUIET),
    _form("git configuration", "insteadOf", ".gitconfig", '[url "https://%user%:%value%@github.com/"]\n\tinsteadOf = https://github.com/\n',
         url, quiet_quote=only(r"[\w${}]+")),
    _form(".npmrc", "_authToken", ".npmrc", "registry=https://npm.acme.org/\n//npm.acme.org/:_authToken=%value%\n", _TOKEN,
         quiet=_INTERPOLATED),
    _form(".npmrc", "_auth", ".npmrc", "//npm.acme.org/:_auth=%value%\nalways-auth=true\n", login(), quiet=_LOGIN_QUIET),
    _form(".npmrc", "_password", ".npmrc", "//npm.acme.org/:username=%user%\n//npm.acme.org/:_password=%value%\n", base64_of,
         quiet=_LOGIN_QUIET),
    _form(".yarnrc.yml", "npmAuthToken", ".yarnrc.yml", 'npmScopes:\n  acme:\n    npmAuthToken: "%value%"\n', both(_TOKEN, json_text),
         quiet_quote=json_text),
    _form(".pypirc", "password", ".pypirc", "[distutils]\nindex-servers = acme\n[acme]\nrepository = https://py.acme.org\nusername = %user%\npassword = %value%\n",
         INI, quiet_quote=without(";#% ")),
    _form("pip.conf", "index-url", ".config/pip/pip.conf", "[global]\nindex-url = https://%user%:%value%@py.acme.org/simple\n",
         both(url, only("[^%]+")), quiet_quote=only(r"[\w${}]+")),
    _form("Maven settings", "password", ".m2/settings.xml",
         "<settings>\n  <servers>\n    <server>\n      <id>acme</id>\n      <username>%user%</username>\n      <password>%value%</password>\n"
         "    </server>\n  </servers>\n</settings>\n", xml, quiet=_INTERPOLATED),
    _form("Maven settings", "CDATA", "ci/settings.xml",
         "<settings><servers><server><id>acme</id>\n<password><![CDATA[%value%]]></password></server></servers></settings>\n", cdata,
         quiet=_INTERPOLATED),
    _form("gradle.properties", "password", "gradle.properties", "org.gradle.jvmargs=-Xmx2g\nacme%Name%=%value%\n", PROPERTIES,
         quiet_quote=without("\\")),
    _form("gradle.properties", "dotted", ".gradle/gradle.properties", "systemProp.acme.password = %value%\n", PROPERTIES,
         quiet_quote=without("\\")),
    _form("AWS credentials", "profile", ".aws/credentials", "[default]\nregion = eu-west-1\naws_secret_access_key = %value%\n",
         only(r"[A-Za-z0-9+/]{40}"), secrets={"secret key": _aws}, quiet_quote=only(r"[\w<>${} \-]+")),
    _form("gh hosts", "token", ".config/gh/hosts.yml", "github.com:\n    user: %user%\n    oauth_token: %value%\n    git_protocol: https\n",
         both(_TOKEN, yaml_plain), quiet_quote=yaml_plain),
    _form("glab hosts", "token", ".config/glab-cli/config.yml", "git_protocol: ssh\nhosts:\n  gitlab.com:\n    token: '%value%'\n    user: %user%\n",
         both(_TOKEN, YAML_SINGLE), quiet_quote=YAML_SINGLE),
    _form("Cargo", "token", ".cargo/credentials.toml", '[registries.acme]\ntoken = "%value%"\n', both(_TOKEN, json_text),
         quiet_quote=json_text),
    _form("NuGet", "ClearTextPassword", "NuGet.Config",
         '<configuration>\n<packageSourceCredentials>\n<acme>\n<add key="Username" value="%user%" />\n<add key="ClearTextPassword" value="%value%" />\n'
         "</acme>\n</packageSourceCredentials>\n</configuration>\n", xml, quiet={**QUIET, "variable": lambda _: "%NUGET_TOKEN%"}),
    _form("Composer", "http-basic", "composer/auth.json", '{"http-basic": {"repo.acme.org": {"username": "%user%",\n "password": "%value%"}}}\n',
         json_text),
    _form("pgpass", "line", ".pgpass", "db.acme.org:5432:shop:%user%:%value%\n", without("\\:"), quiet_quote=without("\\:")),
    _form("MySQL client", "password", ".my.cnf", "[client]\nuser=%user%\npassword=%value%\n", without("\\\"'#; "), quiet_quote=without("\\\"'#; ")),
    _form("Jenkins credentials", "token", "jenkins_home/credentials.xml",
         "<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n  <username>%user%</username>\n  <password>%value%</password>\n"
         "</com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>\n", xml),
    _form("private key", "PKCS#8", "deploy/server.key", "%value%\n", secrets=_open(serialization.PrivateFormat.PKCS8), quiet=_LOCKED),
    _form("private key", "OpenSSH", ".ssh/id_ed25519", "%value%\n", secrets=_open(serialization.PrivateFormat.OpenSSH),
         quiet=_armour("PUBLIC KEY")),
    _form("private key", "in a text", "notes/deploy.txt", "the key of the server:\n\n%value%\n\nkeep it safe\n",
         secrets=_open(serialization.PrivateFormat.PKCS8), quiet=_armour("CERTIFICATE")),
    _form("private key", "in JSON", "config/account.json", '{"type": "service_account",\n "private_key": "%value%"}\n', json_text,
         secrets=_open(serialization.PrivateFormat.PKCS8), quiet=_armour("CERTIFICATE")),
)  # fmt: skip
