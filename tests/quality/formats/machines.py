# ruff: noqa: E501  lines of files, as they are
"""Ansible, Terraform, dev containers: what sets machines up."""

from __future__ import annotations

from tests.quality.form import Form
from tests.quality.quoting import HCL, YAML_SINGLE, json_ascii, json_text, shell_single, without, yaml_plain
from tests.quality.values import QUIET

_JINJA = {**QUIET, "template": lambda _: "{{ vault_password }}", "lookup": lambda _: "{{ lookup('env', 'X') }}"}
_HCL = {**QUIET, "variable": lambda _: "${var.password}"}
_TASK = "- hosts: all\n  tasks:\n    - name: log in\n"
FORMS = (
    Form("Ansible", "group_vars", "group_vars/all.yml", "---\nport: 80\n%name.%: '%value%'\n", YAML_SINGLE, quiet=_JINJA),
    Form("Ansible", "plain", "host_vars/web.yml", "%name.%: %value%\n", yaml_plain, quiet=_JINJA),
    Form("Ansible", "docker_login", "playbooks/site.yml",
         "      community.docker.docker_login:\n        registry_url: %host%\n        username: %user%\n        password: '%value%'\n",
         YAML_SINGLE, quiet=_JINJA, head=_TASK),
    Form("Ansible", "shell", "playbooks/site.yml", "      shell: |\n        docker login -u %user% -p '%value%' %host%\n",
         shell_single, quiet=_JINJA, quiet_quote=without("'"), head=_TASK),
    Form("Ansible", "inventory", "inventory/hosts.ini", "[web]\nweb1 ansible_user=ops ansible_password=%value%\n",
         without(" \"'#;\\"), quiet=_JINJA, quiet_quote=without(" \"'#;\\")),
    Form("Ansible", "inventory, quoted", "inventory/production", "[web]\nweb1 ansible_become_pass='%value%' ansible_port=22\n",
         without("'"), quiet=_JINJA, quiet_quote=without("'")),
    Form("Ansible", "inventory, of a group", "hosts.ini", "[web]\nweb1\n[web:vars]\nansible_user=ops\nansible_ssh_pass=%value%\n",
         without("\"'"), quiet=_JINJA, quiet_quote=without("\"'")),
    Form("Terraform", "default of a variable", "variables.tf",
         'variable "%name.%" {\n  type    = string\n  default = "%value%"\n}\n', HCL, quiet=_HCL, quiet_quote=json_text),
    Form("Terraform", "argument", "main.tf",
         'resource "aws_db_instance" "db" {\n  engine   = "postgres"\n  username = "shop"\n  password = "%value%"\n}\n', HCL,
         quiet=_HCL, quiet_quote=json_text),
    Form("Terraform", "provider", "providers.tf",
         'provider "docker" {\n  registry_auth {\n    address  = "%host%"\n    username = "%user%"\n    password = "%value%"\n  }\n}\n',
         HCL, quiet=_HCL, quiet_quote=json_text),
    Form("Terraform", "locals", "locals.tf", 'locals {\n  %name.% = "%value%"\n}\n', HCL, quiet=_HCL, quiet_quote=json_text),
    Form("Terraform", "map", "main.tf",
         'resource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n      %name% = "%value%"\n    }\n  }\n}\n',
         HCL, quiet=_HCL, quiet_quote=json_text),
    Form("Terraform variables", "tfvars", "prod.tfvars", 'region = "eu-west-1"\n%name.% = "%value%"\n', HCL,
         quiet_quote=json_text),
    Form("Terraform variables", "JSON", "prod.auto.tfvars.json", '{\n  "%name.%": "%value%"\n}\n', json_text),
    Form("Terraform state", "attribute", "terraform.tfstate",
         '{"version": 4, "resources": [{"type": "aws_db_instance", "instances": [{"attributes": {"username": "shop",\n'
         ' "password": "%value%"\n}}]}]}\n', json_ascii),
    Form("Terraform state", "output", "terraform.tfstate",
         '{"version": 4, "outputs": {"%name.%": {\n "value": "%value%",\n "type": "string", "sensitive": true}}}\n', json_ascii,
         names=("db_password", "api_token"), described=False),
    Form("devcontainer", "containerEnv", ".devcontainer/devcontainer.json",
         '{\n  // the shop\n  "image": "acme/dev:1",\n  "containerEnv": { "%name%": "%value%" },\n}\n', json_text,
         quiet={**QUIET, "variable": lambda _: "${localEnv:TOKEN}"}),
    Form("devcontainer", "command", ".devcontainer/devcontainer.json",
         '{\n  "image": "acme/dev:1",\n  "postCreateCommand": "docker login -u %user% -p %value% %host%"\n}\n',
         without(" \"'\\$#&|;<>()*?`!~[]{}^"), quiet_quote=without(" \"'\\")),
    Form("cloud-init", "runcmd", "cloud-init.yaml",
         "#cloud-config\nruncmd:\n  - docker login -u %user% -p '%value%' %host%\n", without("'#:\\"), quiet_quote=without("'#:")),
)  # fmt: skip
