# ruff: noqa: E501  lines of files, as they are
"""CI files of eight systems, and the bots beside them."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import YAML_SINGLE, both, escaped, json_text, only, shell_single, without, yaml_plain
from tests.quality.values import QUIET

_EXPRESSIONS = {**QUIET, "expression": lambda _: "${{ secrets.REGISTRY_TOKEN }}"}
_WORKFLOW = "name: build\non: [push]\njobs:\n  image:\n    runs-on: ubuntu-latest\n"
_STEPS = _WORKFLOW + "    steps:\n      - uses: actions/checkout@v4\n"
_LOGIN = (
    "      - uses: docker/login-action@v3\n        with:\n          registry: ghcr.io\n          username: %user%\n"
)
_RUN = "docker login -u %user% -p '%value%' %host%"
_SHELL = both(shell_single, without("\n"))
_IN_SINGLE = without("'")
_GROOVY = escaped("\\'")
FORMS = (
    Form("GitHub Actions", "env", ".github/workflows/build.yml", "    env:\n      %name%: %value%\n    steps: []\n",
         yaml_plain, head=_WORKFLOW, quiet=_EXPRESSIONS),
    Form("GitHub Actions", "login action", ".github/workflows/image.yaml", _LOGIN + "          password: %value%\n",
         yaml_plain, head=_STEPS, quiet=_EXPRESSIONS),
    Form("GitHub Actions", "login action, quoted", ".github/workflows/image.yaml",
         _LOGIN + '          password: "%value%"\n', json_text, head=_STEPS, quiet=_EXPRESSIONS),
    Form("GitHub Actions", "run", ".github/workflows/ci.yml", f"      - run: |\n          set -e\n          {_RUN}\n", _SHELL,
         head=_STEPS, quiet=_EXPRESSIONS, quiet_quote=_IN_SINGLE),
    Form("GitHub Actions", "run on one line", ".github/workflows/ci.yml",
         "      - run: echo '%value%' | docker login ghcr.io -u %user% --password-stdin\n", both(_SHELL, without("#:")),
         head=_STEPS, quiet=_EXPRESSIONS, quiet_quote=without("'#:")),
    Form("GitHub Actions", "container credentials", ".github/workflows/ci.yml",
         "    container:\n      image: ghcr.io/acme/build\n      credentials:\n        username: %user%\n"
         "        password: '%value%'\n", YAML_SINGLE, head=_WORKFLOW, quiet=_EXPRESSIONS),
    Form("GitLab CI", "variables", ".gitlab-ci.yml", "variables:\n  %name%: '%value%'\nbuild:\n  script: [make]\n",
         YAML_SINGLE),
    Form("GitLab CI", "variable with a value", ".gitlab-ci.yml",
         "variables:\n  %name%:\n    value: '%value%'\n    description: the account\n", YAML_SINGLE),
    Form("GitLab CI", "script", "ci/build.gitlab-ci.yml", f"build:\n  image: docker:24\n  script:\n    - docker info\n    - {_RUN}\n",
         both(_SHELL, without("#:")), quiet_quote=without("'#:")),
    Form("GitLab CI", "before_script block", ".gitlab-ci.yml", "build:\n  before_script:\n    - |\n      export %name%='%value%'\n",
         _SHELL, quiet_quote=without("'$")),
    Form("CircleCI", "environment", ".circleci/config.yml",
         "version: 2.1\njobs:\n  build:\n    docker:\n      - image: cimg/base:stable\n    environment:\n      %name%: %value%\n",
         yaml_plain),
    Form("CircleCI", "auth", ".circleci/config.yml",
         "version: 2.1\njobs:\n  build:\n    docker:\n      - image: acme/build:1\n        auth:\n          username: %user%\n"
         "          password: '%value%'\n", YAML_SINGLE),
    Form("CircleCI", "run", ".circleci/config.yml",
         f"version: 2.1\njobs:\n  build:\n    steps:\n      - run:\n          name: log in\n          command: |\n            {_RUN}\n",
         _SHELL, quiet_quote=_IN_SINGLE),
    Form("Travis", "env.global", ".travis.yml", 'language: node_js\nenv:\n  global:\n    - %name%="%value%"\n',
         only(r"[\w.\-+/=!]+"), quiet_quote=only(r"[\w${}.\-]+")),
    Form("Travis", "deploy", ".travis.yml",
         "language: python\ndeploy:\n  provider: script\n  api_key: '%value%'\n  on: main\n", YAML_SINGLE),
    Form("Travis", "script", ".travis.yml", f"language: go\nafter_success:\n  - {_RUN}\n", both(_SHELL, without("#:")),
         quiet_quote=without("'#:")),
    Form("Bitbucket", "script", "bitbucket-pipelines.yml",
         f"image: node:20\npipelines:\n  default:\n    - step:\n        script:\n          - {_RUN}\n",
         both(_SHELL, without("#:")), quiet_quote=without("'#:")),
    Form("Bitbucket", "image login", "bitbucket-pipelines.yml",
         "image:\n  name: acme/build:1\n  username: %user%\n  password: '%value%'\npipelines: {}\n", YAML_SINGLE),
    Form("Azure Pipelines", "variables", "azure-pipelines.yml", "variables:\n  - name: %name%\n    value: '%value%'\n",
         YAML_SINGLE, quiet={**QUIET, "expression": lambda _: "$(REGISTRY_TOKEN)"}),
    Form("Azure Pipelines", "mapping", "azure-pipelines.yml", "variables:\n  %name%: '%value%'\nsteps: []\n", YAML_SINGLE,
         quiet={**QUIET, "expression": lambda _: "$(REGISTRY_TOKEN)"}),
    Form("Azure Pipelines", "script", ".azure-pipelines/build.yml", f"steps:\n  - bash: |\n      {_RUN}\n    displayName: in\n",
         _SHELL, quiet={**QUIET, "expression": lambda _: "$(REGISTRY_TOKEN)"}, quiet_quote=_IN_SINGLE),
    Form("Drone", "settings", ".drone.yml",
         "kind: pipeline\nsteps:\n  - name: push\n    image: plugins/docker\n    settings:\n      registry: %host%\n"
         "      username: %user%\n      password: '%value%'\n", YAML_SINGLE),
    Form("Drone", "environment", ".drone.yml",
         "kind: pipeline\nsteps:\n  - name: t\n    image: node\n    environment:\n      %name%: %value%\n", yaml_plain),
    Form("Woodpecker", "settings", ".woodpecker/push.yml",
         "steps:\n  - name: push\n    image: woodpeckerci/plugin-docker-buildx\n    settings:\n      username: %user%\n"
         "      password: '%value%'\n", YAML_SINGLE),
    Form("Jenkinsfile", "environment", "Jenkinsfile",
         "pipeline {\n  agent any\n  environment {\n    %name% = '%value%'\n  }\n}\n", _GROOVY),
    Form("Jenkinsfile", "sh", "Jenkinsfile", 'node {\n  sh "docker login -u %user% -p %value% %host%"\n}\n',
         only(r"[\w.\-+/=]+"), quiet_quote=only(r"[\w${}.\-]+")),
    Form("Jenkinsfile", "sh, three quotes", "ci/Jenkinsfile.release", f"node {{\n  sh '''\n    set -e\n    {_RUN.replace(chr(39), chr(34))}\n  '''\n}}\n",
         only(r"[\w.\-+/= ]+"), quiet_quote=only(r"[\w${}.\- ]+")),
    Form("Renovate", "host rule", "renovate.json",
         '{\n  "hostRules": [{\n    "hostType": "docker",\n    "matchHost": "%host%",\n    "username": "%user%",\n'
         '    "password": "%value%"\n  }]\n}\n', json_text, quiet={**QUIET, "expression": lambda _: "{{ secrets.TOKEN }}"}),
    Form("Renovate", "token", "renovate.json5",
         '// bot\n{\n  hostRules: [{ matchHost: "%host%", token: "%value%" }],\n}\n', both(only(r"\S{20,}"), json_text)),
    Form("Dependabot", "registry", ".github/dependabot.yml",
         "version: 2\nregistries:\n  acme:\n    type: docker-registry\n    url: https://%host%\n    username: %user%\n"
         "    password: '%value%'\n", YAML_SINGLE, quiet=_EXPRESSIONS),
)  # fmt: skip
