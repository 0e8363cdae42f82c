"""Each tool's file as the tool writes it: the secret, its user and its host are found, at their very place."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from checks.tool_files.tools import TOOLS
from tests.checks.conftest import encoded, random_password

HOST = "h.example.com"
Example = tuple[str, str, str]
"""A text with SECRET in it, the host, the user."""

EXAMPLES: dict[str, list[Example]] = {
    "netrc": [("machine h.example.com\n login ann\n password SECRET\n", HOST, "ann")],
    "git": [("https://x.example.com\nhttps://ann:SECRET@h.example.com\n", HOST, "ann")],
    "git-config": [('[remote "o"]\n\turl = https://ann:SECRET@h.example.com/a\n', HOST, "ann")],
    "git-cookies": [(f"# c\n.{HOST}\tTRUE\t/\tTRUE\t2147483647\to\tSECRET\n", HOST, "")],
    "git-credential-manager": [("SECRET\nservice=https://h.example.com\naccount=ann\n", "", "")],
    "mercurial": [("[paths]\ndefault = https://ann:SECRET@h.example.com/\n", HOST, "ann")],
    "curl": [('url = "https://h.example.com/x"\nuser = "ann:SECRET"\n', HOST, "ann")],
    "wget": [("http_user = ann\nhttp_password = SECRET\n", "", "ann"), ('user=ann\npassword="SECRET"\n', "", "ann")],
    "gh": [
        ("h.example.com:\n    user: ann\n    oauth_token: SECRET\n    git_protocol: https\n", HOST, "ann"),
        ("h.example.com:\n    users:\n        ann:\n            oauth_token: SECRET\n    user: ann\n", HOST, "ann"),
    ],
    "glab": [("editor: vi\nhosts:\n  h.example.com:\n    user: ann\n    token: SECRET\n", HOST, "ann")],
    "hub": [("h.example.com:\n- user: ann\n  oauth_token: SECRET\n  protocol: https\n", HOST, "ann")],
    "tea": [("logins:\n- name: n\n  url: https://h.example.com\n  token: SECRET\n  user: ann\n", HOST, "ann")],
    "forgejo-cli": [
        ('{"hosts": {"h.example.com": {"type": "Application", "name": "ann", "token": "SECRET"}}}', HOST, "ann")
    ],
    "gitlab-runner": [
        ('[[runners]]\n  name = "n"\n  url = "https://h.example.com/"\n  token = "SECRET"\n', HOST, "n"),
        ('[[runners]]\n [runners.cache.s3]\n  AccessKey = "k"\n  SecretKey = "SECRET"\n', "", "k"),
    ],
    "jenkins": [
        (
            "<?xml version='1.1' encoding='UTF-8'?>\n<a><list><entry><id>i</id><username>ann</username>"
            "<password>SECRET</password></entry></list></a>",
            "",
            "ann",
        )
    ],
    "jenkins-first-password": [("SECRET\n", "", "")],
    "circleci": [("host: https://h.example.com\nendpoint: graphql\ntoken: SECRET\n", HOST, "")],
    "travis": [("endpoints:\n  https://h.example.com/:\n    access_token: SECRET\n", HOST, "")],
    "argocd": [("users:\n- auth-token: SECRET\n  name: ann\nservers: []\n", "", "ann")],
    "ansible": [("[galaxy_server.x]\nurl=https://h.example.com/api\ntoken=SECRET\n", HOST, "")],
    "ansible-galaxy": [("token: SECRET\n", "", "")],
    "ansible-vault": [("SECRET\n", "", "")],
    "sonar": [("sonar.host.url=https://h.example.com\nsonar.token=SECRET\n", HOST, "")],
    "sentry": [("[auth]\ntoken=SECRET\n", "", "")],
    "snyk": [('{"api": "SECRET", "org": "o"}', "", "")],
    "sftp-editor": [('{"host": "h.example.com", "username": "ann", "password": "SECRET"}', HOST, "ann")],
    "npm": [("//h.example.com/x/:_authToken=SECRET\n", HOST, "")],
    "yarn": [
        ("npmRegistryServer: https://h.example.com\nnpmAuthToken: SECRET\n", HOST, ""),
        ('npmScopes:\n  a:\n    npmRegistryServer: "https://h.example.com"\n    npmAuthToken: "SECRET"\n', HOST, ""),
        ('npmRegistries:\n  "//h.example.com/x":\n    npmAuthIdent: ann:SECRET\n', HOST, "ann"),
    ],
    "yarn-classic": [('"//h.example.com/:_authToken" "SECRET"\n', HOST, "")],
    "bun": [
        (
            '[install.scopes]\na = { url = "https://h.example.com/", username = "ann", password = "SECRET" }\n',
            HOST,
            "ann",
        ),
        ('[install.registry]\nurl = "https://h.example.com/"\ntoken = "SECRET"\n', HOST, ""),
        ('[install]\nregistry = "https://ann:SECRET@h.example.com/"\n', HOST, "ann"),
    ],
    "pypi": [("[x]\nrepository = https://h.example.com/l/\nusername = ann\npassword = SECRET\n", HOST, "ann")],
    "pip": [
        ("[global]\nextra-index-url =\n  https://x.example.com\n  https://ann:SECRET@h.example.com/s\n", HOST, "ann"),
        ("[global]\nextra-index-url = https://x.example.com https://ann:SECRET@h.example.com/s\n", HOST, "ann"),
    ],
    "poetry": [
        ('[http-basic.x]\nusername = "ann"\npassword = "SECRET"\n', "", "ann"),
        ('[pypi-token]\nx = "SECRET"\n', "", ""),
    ],
    "uv": [
        (
            '[[credential]]\nservice = "https://h.example.com/"\nusername = "ann"\npassword = "SECRET"\n',
            HOST,
            "ann",
        ),
        ('[[index]]\nname = "x"\nurl = "https://ann:SECRET@h.example.com/s"\n', HOST, "ann"),
    ],
    "conda": [
        ("channels:\n  - https://h.example.com/t/SECRET/main\n  - defaults\n", HOST, ""),
        ("channel_alias: https://ann:SECRET@h.example.com/\n", HOST, "ann"),
    ],
    "maven": [
        (
            "<settings><servers>\n<server><id>h.example.com</id><username>ann</username><password>SECRET</password>"
            "</server></servers></settings>",
            HOST,
            "ann",
        ),
        (
            "<settings><proxies><proxy><host>h.example.com</host><password>SECRET</password></proxy></proxies></settings>",
            HOST,
            "",
        ),
    ],
    "maven-security": [("<settingsSecurity>\n <master>SECRET</master></settingsSecurity>", "", "")],
    "gradle": [("a=b\nnexusUsername=ann\nnexusPassword=SECRET\n", "", "ann")],
    "sbt": [("realm=R\nhost=h.example.com\nuser=ann\npassword=SECRET\n", HOST, "ann")],
    "cargo": [
        ('[registry]\ntoken = "SECRET"\n', "", ""),
        ('[registries.own]\ntoken = "SECRET"\n', "own", ""),
    ],
    "gem": [
        ("---\n:rubygems_api_key: SECRET\n", "", ""),
        ("---\nhttps://h.example.com: SECRET\n", HOST, ""),
    ],
    "bundler": [
        ('---\nBUNDLE_PATH: "a:b"\nBUNDLE_H__EXAMPLE__COM: "ann:SECRET"\n', HOST, "ann"),
        ("---\nBUNDLE_MY___H__EXAMPLE__COM: ann:SECRET\n", "my-h.example.com", "ann"),
        ('---\nBUNDLE_GITHUB__COM: "SECRET"\n', "github.com", ""),
        ('---\nBUNDLE_MIRROR__ALL: "https://ann:SECRET@h.example.com/"\n', HOST, "ann"),
    ],
    "composer": [
        ('{"http-basic": {"h.example.com": {"username": "ann", "password": "SECRET"}}}', HOST, "ann"),
        ('{"github-oauth": {"h.example.com": "SECRET"}}', HOST, ""),
        ('{"gitlab-token": {"h.example.com": {"username": "ann", "token": "SECRET"}}}', HOST, "ann"),
        ('{"bitbucket-oauth": {"h.example.com": {"consumer-key": "ann", "consumer-secret": "SECRET"}}}', HOST, "ann"),
        ('{"custom-headers": {"h.example.com": ["Authorization: Bearer SECRET"]}}', HOST, ""),
    ],
    "nuget": [
        (
            '<configuration><packageSources>\n<add key="my feed" value="https://h.example.com/v3" /></packageSources>'
            '<packageSourceCredentials><my_x0020_feed><add key="Username" value="ann" />\n'
            '<add key="ClearTextPassword" value="SECRET" /><add key="Password" value="AQAAANCMnd8=" />'
            "</my_x0020_feed></packageSourceCredentials></configuration>",
            HOST,
            "ann",
        )
    ],
    "dart": [
        ('{"version": 1, "hosted": [{"url": "https://h.example.com", "token": "SECRET"}]}', HOST, ""),
        ('{"refreshToken": "SECRET", "tokenEndpoint": "https://x.example.com"}', "", ""),
    ],
    "cpan": [("user ann\npassword SECRET\n", "", "ann")],
    "vercel": [('{"// Note": "x", "token": "SECRET"}', "", "")],
    "configstore": [('{"user": {"email": "a"}, "tokens": {"refresh_token": "SECRET"}}', "", "")],
    "kubernetes": [
        (
            "clusters:\n- name: c\n  cluster: {server: 'https://h.example.com'}\ncontexts:\n- name: x\n"
            "  context: {cluster: c, user: u}\nusers:\n- name: u\n  user:\n    username: ann\n    password: SECRET\n",
            HOST,
            "ann",
        ),
        ("users:\n- name: u\n  user: {auth-provider: {config: {refresh-token: SECRET}}}\n", "", ""),
    ],
    "k3s": [('configs:\n  "h.example.com":\n    auth:\n      username: ann\n      password: SECRET\n', HOST, "ann")],
    "containerd": [
        (
            '[plugins."io.containerd.grpc.v1.cri".registry.configs."h.example.com".auth]\n'
            'username = "ann"\npassword = "SECRET"\n',
            HOST,
            "ann",
        ),
        ('[host."https://h.example.com".header]\n  authorization = "Bearer SECRET"\n', HOST, ""),
    ],
    "helm": [
        ("repositories:\n- name: n\n  url: https://h.example.com/c\n  username: ann\n  password: SECRET\n", HOST, "ann")
    ],
    "jfrog": [
        (
            '{"servers": [{"url": "https://h.example.com/", "user": "ann", "accessToken": "SECRET"}], "version": "6"}',
            HOST,
            "ann",
        )
    ],
    "rancher": [
        ('{"Servers": {"a": {"accessKey": "ann", "secretKey": "SECRET", "url": "https://h.example.com"}}}', HOST, "ann")
    ],
    "aws": [("[default]\naws_access_key_id = ann\naws_secret_access_key = SECRET\n", "", "ann")],
    "aws-session": [
        ('{"startUrl": "https://h.example.com/start", "accessToken": "SECRET"}', HOST, ""),
        ('{"Credentials": {"AccessKeyId": "ann", "SecretAccessKey": "SECRET"}}', "", "ann"),
    ],
    "google": [
        ('{"type": "authorized_user", "client_id": "ann", "refresh_token": "SECRET"}', "", "ann"),
        ('{"type": "service_account", "client_email": "ann", "private_key": "SECRET"}', "", "ann"),
    ],
    "boto": [("[Credentials]\ngs_access_key_id = ann\ngs_secret_access_key = SECRET\n", "", "ann")],
    "azure": [
        ('{"clientId": "ann", "clientSecret": "SECRET", "tenantId": "t"}', "", "ann"),
        ('{"appId": "ann", "displayName": "d", "password": "SECRET", "tenant": "t"}', "", "ann"),
        ('[{"client_id": "ann", "tenant": "t", "client_secret": "SECRET"}]', "", "ann"),
        ('{"RefreshToken": {"k-1": {"secret": "SECRET", "environment": "h.example.com"}}}', HOST, ""),
    ],
    "azure-publish": [
        (
            '<data><publishProfile publishUrl="h.example.com" userName="ann"\n userPWD="SECRET" /></data>',
            HOST,
            "ann",
        )
    ],
    "digitalocean": [
        ("access-token: SECRET\ncontext: default\n", "", ""),
        ("auth-contexts:\n  work: SECRET\n", "", ""),
    ],
    "scaleway": [("access_key: ann\nsecret_key: SECRET\nprofiles: {}\n", "", "ann")],
    "hetzner": [('[[contexts]]\n  name = "n"\n  token = "SECRET"\n', "", "")],
    "ovh": [("[ovh-eu]\napplication_key=ann\napplication_secret=SECRET\n", "", "ann")],
    "linode": [("[DEFAULT]\ndefault-user = ann\n[ann]\ntoken = SECRET\n", "", "")],
    "vultr": [("api-key: SECRET\n", "", "")],
    "civo": [('{"apikeys": {"n": "SECRET"}, "meta": {"current_apikey": "n"}}', "", "")],
    "exoscale": [('[[accounts]]\n  key = "ann"\n  secret = "SECRET"\n', "", "ann")],
    "akamai": [("[default]\nclient_secret = SECRET\nhost = h.example.com\n", HOST, "")],
    "alibaba": [('{"profiles": [{"access_key_id": "ann", "access_key_secret": "SECRET"}]}', "", "ann")],
    "tencent": [('{"secretId": "ann", "secretKey": "SECRET"}', "", "ann")],
    "ibm": [('{"IAMToken": "Bearer SECRET"}', "", "")],
    "cloud-foundry": [('{"Target": "https://h.example.com", "RefreshToken": "SECRET"}', HOST, "")],
    "oracle": [("[DEFAULT]\nuser=ann\nkey_file=~/.oci/k.pem\npass_phrase=SECRET\n", "", "ann")],
    "yandex": [("profiles:\n  default:\n    token: SECRET\n", "", "")],
    "cloudflare": [('oauth_token = "SECRET"\n', "", "")],
    "cloudflared": [('{"AccountTag": "a", "TunnelSecret": "SECRET"}', "", "")],
    "fly": [("access_token: SECRET\n", "registry.fly.io", "")],
    "netlify": [('{"users": {"1": {"auth": {"token": "SECRET"}}}}', "", "")],
    "railway": [('{"projects": {}, "user": {"token": "SECRET"}}', "", "")],
    "supabase": [("SECRET", "", "")],
    "stripe": [("[default]\ntest_mode_api_key = 'SECRET'\n", "", "")],
    "ngrok": [("version: 3\nagent:\n  authtoken: SECRET\n", "", "")],
    "terraform": [('{"credentials": {"h.example.com": {"token": "SECRET"}}}', HOST, "")],
    "terraformrc": [('# c\ncredentials "h.example.com" {\n  token = "SECRET"\n}\n', HOST, "")],
    "pulumi": [
        ('{"accessTokens": {"https://h.example.com": "SECRET"}}', HOST, ""),
        ('{"accounts": {"https://h.example.com": {"accessToken": "SECRET", "username": "ann"}}}', HOST, "ann"),
    ],
    "vault": [("SECRET", "", "")],
    "one-password": [
        ('{"accounts": [{"url": "https://h.example.com", "email": "ann", "accountKey": "SECRET"}]}', HOST, "ann")
    ],
    "rclone": [("[r]\ntype = sftp\nhost = h.example.com\nuser = ann\npass = SECRET\n", HOST, "ann")],
    "s3cmd": [("[default]\naccess_key = ann\nhost_base = h.example.com\nsecret_key = SECRET\n", HOST, "ann")],
    "minio": [
        ('{"aliases": {"a": {"url": "https://h.example.com", "accessKey": "ann", "secretKey": "SECRET"}}}', HOST, "ann")
    ],
    "s3fs": [("ann:SECRET\n", "", "ann"), ("# c\nbucket:ann:SECRET\n", "", "ann")],
    "pgpass": [("# c\nh.example.com:5432:db:ann:SECRET\n", HOST, "ann")],
    "pg-service": [("[s]\nhost=h.example.com\nuser=ann\npassword=SECRET\n", HOST, "ann")],
    "mysql": [('[client]\nhost = h.example.com\nuser=ann\npassword="SECRET"\n', HOST, "ann")],
    "dbt": [
        (
            "p:\n  outputs:\n    dev:\n      host: h.example.com\n      user: ann\n      pass: SECRET\n",
            HOST,
            "ann",
        )
    ],
    "dbt-cloud": [
        ("projects:\n- project-name: ann\n  account-host: h.example.com\n  token-value: SECRET\n", HOST, "ann")
    ],
    "databricks": [("[DEFAULT]\nhost = https://h.example.com/\ntoken = SECRET\n", HOST, "")],
    "snowflake": [('[c]\naccount = "h.example.com"\nuser = "ann"\npassword = "SECRET"\n', HOST, "ann")],
    "snowsql": [('[connections]\naccountname = h.example.com\nusername = ann\npassword = "SECRET"\n', HOST, "ann")],
    "cassandra": [("[authentication]\nusername = ann\npassword = SECRET\n", "", "ann")],
    "clickhouse": [
        ("<config>\n<host>h.example.com</host><user>ann</user><password>SECRET</password></config>", HOST, "ann")
    ],
    "influx": [('[default]\n  url = "https://h.example.com"\n  token = "SECRET"\n', HOST, "")],
    "huggingface": [("SECRET\n", "", "")],
    "huggingface-tokens": [("[n]\nhf_token = SECRET\n", "", "")],
    "kaggle": [('{"username":"ann","key":"SECRET"}', "", "ann")],
    "kaggle-token": [("\n SECRET\n", "", "")],
}
READERS = {tool.id: tool.read for tool in TOOLS}


@pytest.mark.parametrize(
    ("tool", "example"), [(tool, example) for tool, examples in EXAMPLES.items() for example in examples]
)
def test_the_secret_is_found(tool: str, example: Example) -> None:
    template, host, user = example
    secret = random_password()
    text = template.replace("SECRET", secret)
    logins = READERS[tool](text)
    (found,) = [login for login in logins.found if secret in login.secret.text]
    assert not logins.problem
    assert (found.host, found.username) == (host, user)
    line = text.split("\n")[found.secret.line - 1]
    assert line[found.secret.column - 1 :].startswith(found.secret.text)
    assert secret not in found.field


@pytest.mark.parametrize("tool", READERS)
def test_nothing_else_is_found(tool: str) -> None:
    """Beside the secret, only settings whose names have still to be judged."""
    for template, _, _ in EXAMPLES[tool]:
        found = READERS[tool](template).found
        assert [login for login in found if not login.named and "SECRET" not in login.secret.text] == []


def test_every_tool_has_an_example() -> None:
    assert list(EXAMPLES) == list(READERS)
    assert len(READERS) == len(TOOLS)


@pytest.mark.parametrize("tool", READERS)
def test_any_beginning_of_a_file(tool: str) -> None:
    for template, _, _ in EXAMPLES[tool]:
        for end in range(len(template)):
            READERS[tool](template[:end])
            READERS[tool](template[end:])


@pytest.mark.parametrize("tool", READERS)
def test_no_text_is_too_much(tool: str) -> None:
    for template, _, _ in EXAMPLES[tool]:
        READERS[tool](template * (2**16 // len(template)))


ENCRYPTED: list[tuple[str, Callable[[str], str]]] = [
    ("maven", lambda secret: f"<a><server><id>i</id><password>{{{secret}=}}</password></server></a>"),
    ("jenkins", lambda secret: f"<a><e><id>i</id><password>{{{secret}=}}</password></e></a>"),
    (
        "nuget",
        lambda secret: (
            f'<c><packageSourceCredentials><s><add key="Password" value="{secret}"/></s></packageSourceCredentials></c>'
        ),
    ),
    ("rclone", lambda secret: f"# Encrypted\nRCLONE_ENCRYPT_V0:\npass = {secret}\n"),
    ("jfrog", lambda secret: f'{{"servers": [{{"url": "u", "password": "{secret}"}}], "enc": true}}'),
]


@pytest.mark.parametrize(("tool", "made"), ENCRYPTED)
def test_what_is_encrypted_is_no_secret(tool: str, made: Callable[[str], str]) -> None:
    assert [one for one in READERS[tool](made(random_password())).found if not one.named] == []


def test_a_password_of_jenkins_in_the_form_of_2015_is_doubtful() -> None:
    old = base64.b64encode(bytes(range(32))).decode()
    text = "<a><e><id>i</id><password>{}</password></e></a>"
    assert [one.doubtful for one in READERS["jenkins"](text.format(old)).found] == [True]
    assert [one.doubtful for one in READERS["jenkins"](text.format("no base64!")).found] == [False]


def test_logins_in_base64() -> None:
    password = random_password()
    text = f"configs:\n  h.example.com:\n    auth:\n      auth: {encoded('ann', password)}\n"
    (found,) = READERS["k3s"](text).found
    assert (found.username, found.secret.text, found.secret.line) == ("ann", password, 4)
    (found,) = READERS["yarn"](f"npmAuthIdent: {encoded('ann', password)}\n").found
    assert (found.username, found.secret.text) == ("ann", password)
