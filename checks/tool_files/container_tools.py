"""Container engines, clusters, and the command lines of registries."""

from __future__ import annotations

from checks.formats.containerd_hosts import read_containerd_toml, read_k3s_registries
from checks.formats.kubeconfig import read_kubeconfig
from checks.formats.leaves import json_leaves, yaml_leaves
from checks.tool_files.fields import Fields
from checks.tool_files.jfrog import read_jfrog
from checks.tool_files.tool import Tool

_ON_THE_NODE = "Keep it in an image pull secret or a credential provider of the kubelet, and rotate it."

CONTAINER_TOOLS = (
    Tool(
        "kubernetes",
        "kubeconfig",
        read_kubeconfig,
        "Let kubectl get short-lived credentials by an exec plugin, remove it here, and rotate it.",
        home=(".kube/config",),
        system=(
            "/etc/rancher/k3s/k3s.yaml",
            "/etc/rancher/rke2/rke2.yaml",
            "/etc/kubernetes/admin.conf",
        ),
        variables=("KUBECONFIG",),
        names=("kubeconfig", "*.kubeconfig", "kubeconfig*.y*ml", "k3s.yaml", "rke2.yaml", ".kube/*.y*ml"),
        quiet=True,
    ),
    Tool(
        "k3s",
        "registry",
        read_k3s_registries,
        _ON_THE_NODE,
        system=("/etc/rancher/k3s/registries.yaml", "/etc/rancher/rke2/registries.yaml"),
    ),
    Tool(
        "containerd",
        "registry",
        read_containerd_toml,
        _ON_THE_NODE,
        system=("/etc/containerd/config.toml", "/etc/containerd/certs.d/*/hosts.toml"),
        names=("containerd/*.toml", "containerd/conf.d/*.toml", "certs.d/*/*.toml"),
        quiet=True,
    ),
    Tool(
        "helm",
        "Helm repository",
        Fields(yaml_leaves, ("repositories/password",), users=("username",), hosts=("url",)),
        "Use an OCI registry, whose login helm keeps in a credential helper, remove it here, and rotate it.",
        home=(".config/helm/repositories.yaml", "Library/Preferences/helm/repositories.yaml"),
        variables=("HELM_REPOSITORY_CONFIG",),
    ),
    Tool(
        "jfrog",
        "JFrog CLI",
        read_jfrog,
        "Encrypt the file with a master key, or give JFROG_CLI_ACCESS_TOKEN where it is needed, and revoke this one.",
        home=(".jfrog/jfrog-cli.conf.v*", ".jfrog/jfrog-cli.conf"),
        variables=("JFROG_CLI_HOME_DIR/jfrog-cli.conf.v6",),
    ),
    Tool(
        "rancher",
        "Rancher CLI",
        Fields(json_leaves, ("servers/*/secretkey", "servers/*/tokenkey"), users=("accesskey",), hosts=("url",)),
        "Log in again with a token that ends, and delete this one in Rancher.",
        home=(".rancher/cli2.json",),
    ),
)
