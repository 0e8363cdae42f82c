# ruff: noqa: E501  lines of files, as they are
"""Kubernetes manifests, Helm values, and what the nodes and clients of a cluster hold."""

from __future__ import annotations

import json

from tests.quality.form import Form
from tests.quality.quoting import YAML_SINGLE, base64_of, both, json_text, login, only, without, yaml_plain
from tests.quality.values import KEPT_QUIET, PLAIN_SECRETS, QUIET

_SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n"
_DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n"
)
_LOGIN_QUIET = {"placeholder": lambda _: "<password>", "variable": lambda _: "${DOCKER_PASSWORD}"}
_TEMPLATE = {**QUIET, "template": lambda _: "{{ .Values.password }}"}
_CLUSTER = "apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    server: https://k8s.acme.org:6443\nusers:\n- name: admin\n"


def _docker_json(value: str) -> str:
    return json.dumps({"auths": {"ghcr.io": {"username": "deploy", "password": value, "auth": login()(value)}}})


def _docker_json_64(value: str) -> str:
    return base64_of(_docker_json(value))


def _flat_64(value: str) -> str:
    return base64_of(json.dumps({"https://index.docker.io/v1/": {"auth": login()(value)}}))


FORMS = (
    Form("Kubernetes Secret", "dockerconfigjson", "k8s/pull.yaml",
         "type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: %value%\n", _docker_json_64, head=_SECRET,
         quiet=_LOGIN_QUIET),
    Form("Kubernetes Secret", "dockerconfigjson, folded", "k8s/pull.yaml",
         "type: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: |\n    %value%\n", _docker_json_64, head=_SECRET,
         quiet=_LOGIN_QUIET),
    Form("Kubernetes Secret", "dockercfg", "k8s/pull.yaml",
         "type: kubernetes.io/dockercfg\ndata:\n  .dockercfg: %value%\n", _flat_64, head=_SECRET, quiet=_LOGIN_QUIET),
    Form("Kubernetes Secret", "stringData, dockerconfigjson", "k8s/pull.yaml",
         "stringData:\n  .dockerconfigjson: '%value%'\n", both(_docker_json, YAML_SINGLE), head=_SECRET, quiet=_LOGIN_QUIET),
    Form("Kubernetes Secret", "Opaque", "deploy/secret.yaml", "type: Opaque\ndata:\n  username: c2hvcA==\n  %name%: %value%\n",
         base64_of, head=_SECRET),
    Form("Kubernetes Secret", "Opaque, kebab case", "deploy/secret.yml", "data:\n  %na-me%: '%value%'\n", base64_of,
         head=_SECRET),
    Form("Kubernetes Secret", "stringData", "deploy/secret.yaml", "stringData:\n  %na-me%: '%value%'\n", YAML_SINGLE,
         head=_SECRET, quiet=_TEMPLATE),
    Form("Kubernetes Secret", "in a list", "deploy/all.yaml",
         "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  data:\n    %na-me%: %value%\n",
         base64_of),
    Form("Kubernetes Secret", "JSON", "deploy/secret.json",
         '{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"},\n "data": {"%na-me%": "%value%"}}\n', base64_of),
    Form("Kubernetes manifest", "env", "k8s/shop.yaml",
         "      - name: shop\n        image: acme/shop:1\n        env:\n        - name: %name%\n          value: '%value%'\n",
         YAML_SINGLE, head=_DEPLOYMENT, quiet=_TEMPLATE),
    Form("Kubernetes manifest", "args", "k8s/shop.yaml",
         '      - name: shop\n        image: acme/shop:1\n        args: ["--port=80", "--db-password=%value%"]\n', json_text,
         head=_DEPLOYMENT),
    Form("Kubernetes manifest", "ConfigMap", "k8s/settings.yaml",
         "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  PORT: '80'\n  %name%: '%value%'\n", YAML_SINGLE),
    Form("Kubernetes manifest", "ConfigMap with a file", "k8s/settings.yaml",
         "apiVersion: v1\nkind: ConfigMap\ndata:\n  application.properties: |\n    server.port=80\n    spring.datasource.password=%value%\n",
         without(" \\\"'$#%{}")),
    Form("Helm values", "password", "chart/values.yaml", "image:\n  repository: acme/shop\npostgresql:\n  auth:\n    %nAme%: '%value%'\n",
         YAML_SINGLE),
    Form("Helm values", "imageCredentials", "chart/values-prod.yaml",
         "imageCredentials:\n  registry: %host%\n  username: %user%\n  password: %value%\n", yaml_plain),
    Form("Helm values", "env list", "chart/values.yaml", 'env:\n  - name: %name%\n    value: "%value%"\n', json_text),
    Form("Helm repositories", "password", ".config/helm/repositories.yaml",
         "apiVersion: ''\nrepositories:\n- name: acme\n  url: https://charts.acme.org\n  username: %user%\n  password: '%value%'\n",
         YAML_SINGLE, quiet=KEPT_QUIET),
    Form("kubeconfig", "token", ".kube/config", "  user:\n    token: %value%\n", both(only(r"\S{16,}"), yaml_plain),
         head=_CLUSTER, quiet=KEPT_QUIET),
    Form("kubeconfig", "password", "kubeconfig.yaml", "  user:\n    username: %user%\n    password: '%value%'\n", YAML_SINGLE,
         head=_CLUSTER, quiet=KEPT_QUIET),
    Form("containerd", "config.toml", "etc/containerd/config.toml",
         '[plugins."io.containerd.grpc.v1.cri".registry.configs."%host%".auth]\n  username = "%user%"\n  password = "%value%"\n',
         json_text, quiet=KEPT_QUIET),
    Form("containerd", "auth", "etc/containerd/config.toml",
         '[plugins."io.containerd.grpc.v1.cri".registry.configs."%host%".auth]\n  auth = "%value%"\n', login(),
         quiet=_LOGIN_QUIET),
    Form("k3s", "registries.yaml", "etc/rancher/k3s/registries.yaml",
         "configs:\n  %host%:\n    auth:\n      username: %user%\n      password: '%value%'\n", YAML_SINGLE, quiet=KEPT_QUIET),
    Form("Argo CD repository", "stringData", "argocd/repo.yaml",
         "stringData:\n  type: git\n  url: https://github.com/acme/deploy\n  username: %user%\n  password: '%value%'\n",
         YAML_SINGLE, secrets=PLAIN_SECRETS, head=_SECRET),
)  # fmt: skip
