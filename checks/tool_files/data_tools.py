"""Databases, data platforms and model hubs."""

from __future__ import annotations

from checks.formats.leaves import ini_leaves, json_leaves, toml_leaves, unquoted_ini_leaves, xml_leaves, yaml_leaves
from checks.formats.pgpass import read_pgpass
from checks.tool_files.fields import Fields
from checks.tool_files.token_file import read_token_file
from checks.tool_files.tool import STORE, Tool, from_variable

_SNOWFLAKE = ("password", "token", "private_key_passphrase", "passcode", "private_key_raw")

DATA_TOOLS = (
    Tool(
        "pgpass",
        "PostgreSQL",
        read_pgpass,
        "Let a password manager set PGPASSWORD for the one command, or use peer or Kerberos login, and change it.",
        home=(".pgpass",),
        variables=("PGPASSFILE",),
        names=("pgpass.conf",),
    ),
    Tool(
        "pg-service",
        "PostgreSQL",
        Fields(ini_leaves, ("password", "sslpassword"), users=("user",), hosts=("host",)),
        "Take it out of the service, and let a password manager set PGPASSWORD for the one command; then change it.",
        home=(".pg_service.conf",),
        variables=("PGSERVICEFILE", "PGSYSCONFDIR/pg_service.conf"),
        names=("pg_service.conf",),
    ),
    Tool(
        "mysql",
        "MySQL",
        Fields(
            unquoted_ini_leaves,
            ("password", "pass", "password1", "password2", "password3"),
            users=("user",),
            hosts=("host",),
        ),
        "Let mysql ask for it, or use socket login, remove it here, and change it.",
        home=(".my.cnf",),
        system=("/etc/mysql/debian.cnf",),
        names=("my.cnf", "debian.cnf", "client.cnf", ".mylogin.txt"),
    ),
    Tool(
        "dbt",
        "dbt",
        Fields(
            yaml_leaves,
            (
                *("password", "pass", "token", "private_key", "private_key_passphrase", "refresh_token"),
                *("client_secret", "access_token", "aws_secret_access_key", "aws_session_token", "motherduck_token"),
            ),
            users=("user", "username", "client_email", "client_id", "aws_access_key_id"),
            hosts=("host", "server"),
        ),
        "Write \"{{ env_var('NAME') }}\" in its place, and rotate it.",
        home=(".dbt/profiles.yml",),
        variables=("DBT_PROFILES_DIR/profiles.yml",),
        names=("profiles.yml",),
        quiet=True,
    ),
    Tool(
        "dbt-cloud",
        "dbt Cloud",
        Fields(yaml_leaves, ("token-value",), users=("project-name",), hosts=("account-host",)),
        from_variable("DBT_CLOUD_TOKEN"),
        home=(".dbt/dbt_cloud.yml",),
    ),
    Tool(
        "databricks",
        "Databricks",
        Fields(
            ini_leaves,
            ("token", "password", "client_secret", "azure_client_secret", "google_credentials"),
            users=("username", "client_id", "azure_client_id"),
            hosts=("host",),
        ),
        "Use `databricks auth login`, whose tokens live an hour, remove it here, and revoke this one.",
        home=(".databrickscfg",),
        variables=("DATABRICKS_CONFIG_FILE",),
    ),
    Tool(
        "snowflake",
        "Snowflake",
        Fields(toml_leaves, _SNOWFLAKE, users=("user",), hosts=("host", "account")),
        'Use authenticator = "externalbrowser" or a key with a passphrase, remove it here, and change it.',
        home=(".snowflake/connections.toml", ".snowflake/config.toml", ".config/snowflake/connections.toml"),
        names=("connections.toml",),
        quiet=True,
    ),
    Tool(
        "snowsql",
        "Snowflake",
        Fields(
            unquoted_ini_leaves,
            (*_SNOWFLAKE, "proxy_password"),
            users=("username", "proxy_user"),
            hosts=("host", "accountname"),
        ),
        "Use authenticator = externalbrowser or a key with a passphrase, remove it here, and change it.",
        home=(".snowsql/config",),
    ),
    Tool(
        "cassandra",
        "Cassandra",
        Fields(ini_leaves, ("password",), users=("username",), hosts=("hostname",)),
        STORE,
        home=(".cassandra/cqlshrc", ".cassandra/credentials", ".cqlshrc"),
    ),
    Tool(
        "clickhouse",
        "ClickHouse",
        Fields(xml_leaves, ("password",), users=("user",), hosts=("hostname", "host")),
        STORE,
        home=(".clickhouse-client/config.xml",),
    ),
    Tool(
        "influx",
        "InfluxDB",
        Fields(toml_leaves, ("token",), hosts=("url",)),
        from_variable("INFLUX_TOKEN"),
        home=(".influxdbv2/configs",),
        variables=("INFLUX_CONFIGS_PATH",),
    ),
    Tool(
        "huggingface",
        "Hugging Face",
        read_token_file,
        "Run `hf auth logout` where you do not need it, give HF_TOKEN where you do, and revoke this one.",
        home=(".cache/huggingface/token", ".huggingface/token"),
        variables=("HF_TOKEN_PATH", "HF_HOME/token"),
    ),
    Tool(
        "huggingface-tokens",
        "Hugging Face",
        Fields(ini_leaves, ("hf_token",)),
        "Run `hf auth logout` for the tokens that you do not need, and revoke them.",
        home=(".cache/huggingface/stored_tokens",),
        variables=("HF_HOME/stored_tokens",),
    ),
    Tool(
        "kaggle",
        "Kaggle",
        Fields(json_leaves, ("key",), users=("username",)),
        from_variable("KAGGLE_KEY"),
        home=(".kaggle/kaggle.json", ".config/kaggle/kaggle.json"),
        variables=("KAGGLE_CONFIG_DIR/kaggle.json",),
        names=("kaggle.json",),
    ),
    Tool("kaggle-token", "Kaggle", read_token_file, from_variable("KAGGLE_API_TOKEN"), home=(".kaggle/access_token",)),
)
