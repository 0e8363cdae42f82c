# ruff: noqa: E501  lines of files, as they are
"""Programs, settings and notes: by the name of the variable, in URLs, headers, and pasted docker logins."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import (
    C_SINGLE,
    C_STRING,
    SQL,
    Quote,
    both,
    json_text,
    login,
    only,
    without,
    xml,
    yaml_plain,
)
from tests.quality.values import QUIET, SECRETS

_SAFE = only(r"[\w.\-+/=!?*^,;~@&| ]+")
_LETTERED = {
    name: SECRETS[name]
    for name in ("token", "letters+digits", "hex", "base64", "eight", "word+digits+mark", "words joined", "marks")
}
_URL = only(r"[\w.\-!*+~]+")
_LONG = only(r"[\w.\-+/=]{20,}")


def _named(language: str, path: str, template: str, quote: Quote, shape: str = "constant", head: str = "") -> Form:
    return Form(language, shape, path, template, quote, secrets=_LETTERED, head=head)


FORMS = (
    _named("Python", "shop/settings.py", '%name% = "%value%"\n', C_STRING, head="import os\n\nDEBUG = False\n"),
    _named("Python", "shop/settings.py", "DATABASES = {'default': {\n    '%name%': '%value%',\n}}\n", C_SINGLE, "member"),
    _named("Python", "shop/client.py", "client = Client(user='%user%', %name.%='%value%')\n", C_SINGLE, "argument"),
    _named("Python", "shop/db.py", "url = f'postgresql://shop:%value%@db.acme.org/shop'\n", _URL, "URL"),
    _named("Python", "shop/api.py", 'headers = {"Authorization": "Bearer %value%"}\n', _LONG, "header"),
    _named("Python", "shop/api.py", 'token = os.environ.get("%name%", "%value%")\n', C_STRING, "default"),
    _named("JavaScript", "src/config.js", "export const %nAme% = '%value%';\n", C_SINGLE),
    _named("JavaScript", "src/config.ts", "  %nAme%: '%value%',\n", C_SINGLE, "member", head="export default {\n"),
    _named("JavaScript", "src/db.js", "const %nAme% = process.env.%name% || '%value%';\n", C_SINGLE, "default"),
    _named("JavaScript", "src/api.ts", "const h = { 'X-Api-Key': '%value%' };\n", _LONG, "header"),
    _named("JavaScript", "src/db.js", "mongoose.connect('mongodb+srv://shop:%value%@cluster0.acme.org/shop');\n", _URL, "URL"),
    _named("Go", "main.go", 'const %nAme% = "%value%"\n', C_STRING, head="package main\n\n"),
    _named("Go", "main.go", '\t%nAme% := "%value%"\n', C_STRING, "short form", head="func main() {\n"),
    _named("Go", "main.go", 'var %nAme% string = "%value%"\n', C_STRING, "typed", head="package main\n\n"),
    _named("Go", "main.go", '\tcfg := Config{%Name%: "%value%"}\n', C_STRING, "member", head="func main() {\n"),
    _named("Java", "src/main/java/org/acme/Db.java", '    private static final String %name% = "%value%";\n', C_STRING),
    _named("Java", "src/main/java/org/acme/Db.java", '    config.setPassword("%value%");\n', C_STRING, "setter"),
    _named("Kotlin", "app/src/main/Db.kt", 'val %nAme% = "%value%"\n', both(without("$"), C_STRING)),
    _named("Ruby", "config/initializers/shop.rb", "%name% = '%value%'\n", C_SINGLE),
    _named("Ruby", "config/initializers/shop.rb", 'config.%name.% = "%value%"\n', both(without("#"), C_STRING), "setting"),
    _named("Ruby", "config/initializers/shop.rb", "Shop.new(:%name.% => '%value%')\n", C_SINGLE, "hash"),
    _named("PHP", "wp-config.php", "define( 'DB_PASSWORD', '%value%' );\n", C_SINGLE, "define", head="<?php\n"),
    _named("PHP", "config/db.php", "$%name.% = '%value%';\n", C_SINGLE, head="<?php\n"),
    _named("PHP", "config/db.php", "return ['%name.%' => '%value%'];\n", C_SINGLE, "member", head="<?php\n"),
    _named("C#", "Startup.cs", 'private const string %Name% = "%value%";\n', C_STRING),
    _named("C#", "Startup.cs", 'var c = "Server=db.acme.org;Database=shop;User Id=shop;Password=%value%;";\n',
           only(r"[\w.\-+/=!?*^,~@|]+"), "connection string"),
    _named("C#", "appsettings.json", '{"ConnectionStrings": {"Shop": "Host=db.acme.org;Username=shop;Password=%value%"}}\n',
           only(r"[\w.\-+/=!?*^,~@|]+"), "appsettings"),
    _named("Rust", "src/main.rs", 'const %name%: &str = "%value%";\n', C_STRING),
    _named("Rust", "src/main.rs", '    let %name.% = "%value%";\n', C_STRING, "let"),
    _named("SQL", "db/setup.sql", "CREATE USER shop IDENTIFIED BY '%value%';\n", SQL, "identified by"),
    _named("SQL", "db/setup.sql", "ALTER ROLE shop WITH LOGIN PASSWORD '%value%';\n", SQL, "PASSWORD"),
    _named("Swift", "Sources/App/Keys.swift", 'let %nAme% = "%value%"\n', C_STRING),
    _named("XML", "config/app.xml", "<config>\n  <%nAme%>%value%</%nAme%>\n</config>\n", xml, "element"),
    _named("XML", "config/web.config", '<appSettings>\n  <add key="%Name%" value="%value%" />\n</appSettings>\n', xml, "attribute"),
    _named("XML", "tomcat/context.xml", '<Resource name="jdbc/shop" username="shop" password="%value%" />\n', xml, "password="),
    _named("INI", "config/app.ini", "[database]\nhost = db.acme.org\n%name.% = %value%\n", without("\"'#; \\"), "setting"),
    _named("INI", "setup/app.conf", '%name.% = "%value%"\n', without('"\\'), "quoted"),
    _named("properties", "src/main/resources/application.properties", "spring.datasource.password=%value%\nserver.port=80\n",
           without("\\:=#!"), "spring"),
    _named("properties", "config/app.properties", "%name.%: %value%\n", without("\\:=#! "), "colon"),
    _named("TOML", "config/app.toml", '[database]\n%name.% = "%value%"\n', json_text, "setting"),
    _named("JSON", "config/settings.json", '{\n  "port": 80,\n  "%nAme%": "%value%"\n}\n', json_text, "member"),
    _named("JSON", "config/settings.json", '{"%name.%":"%value%"}', json_text, "one line"),
    _named("YAML", "config/application.yml", "spring:\n  datasource:\n    password: %value%\n", yaml_plain, "plain"),
    _named("Makefile", "Makefile", "deploy:\n\tdocker login -u %user% -p %value% %host%\n", only(r"[\w.\-+/=]+"), "recipe"),
    _named("Makefile", "Makefile", "%name% := %value%\n", only(r"[\w.\-+/=]+"), "variable"),
    _named("notes", "notes.txt", "db.acme.org\nuser: shop\npassword: %value%\n", only(r"[\w.\-+/=!?*]+"), "password:"),
    Form("Markdown", "token", "README.md", "    curl -H 'Authorization: Bearer %value%' https://api.acme.org\n", _SAFE,
         secrets={"token": SECRETS["token"]}, quiet=QUIET),
    Form("Markdown", "docker login", "docs/deploy.md", "```\ndocker login -u %user% -p %value% %host%\n```\n", _SAFE,
         secrets={"token": SECRETS["token"]}, quiet=QUIET),
    Form("pasted docker login", "in a program", "deploy/pull.py", "AUTH = '{\"auths\": {\"%host%\": {\"auth\": \"%value%\"}}}'\n", login(),
         quiet={"placeholder": lambda _: "<password>"}),
    Form("pasted docker login", "in a script", "deploy/pull.sh", "cat > ~/.docker/config.json <<'E'\n{\"auths\":{\"%host%\":{\"auth\":\"%value%\"}}}\nE\n",
         login(), quiet={"placeholder": lambda _: "<password>"}),
)  # fmt: skip
