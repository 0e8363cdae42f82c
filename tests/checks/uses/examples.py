"""Files of each system with the uses that stand in them. SECRET stands for a password that each test makes anew."""

# ruff: noqa: E501  one expectation a line
from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from textwrap import dedent

HUB = "docker.io"


@dataclass(frozen=True)
class Expected:
    """One use. `at` is a text of its line, the first line that has it."""

    kind: str
    at: str
    registry: str | None = None
    username: str | None = None
    name: str = ""
    repository: str | None = None
    pushes: bool = False
    literal: bool = False
    update: str = ""
    """What `update` must hold."""


@dataclass(frozen=True)
class Example:
    """A file below a work tree of github.com/acme/shop."""

    path: str
    text: str
    uses: tuple[Expected, ...]

    @property
    def id(self) -> str:
        return f"{self.path}-{self.uses[0].at[:24] if self.uses else 'none'}"


def example(path: str, text: str, *uses: Expected) -> Example:
    return Example(path, dedent(text).lstrip("\n"), uses)


def auths(host: str, username: str = "bob") -> str:
    """Docker's file with SECRET; base64 is put in by `encoded_auths`."""
    return json.dumps({"auths": {host: {"username": username, "password": "SECRET"}}})


def filled(text: str, password: str) -> str:
    """The text with the password in place of SECRET, also within `B64(...)`."""
    text = text.replace("SECRET", password)
    while "B64(" in text:
        before, _, rest = text.partition("B64(")
        inner, _, after = rest.partition(")46B")
        text = before + base64.b64encode(inner.encode()).decode() + after
    return text


GITHUB = "https://github.com/acme/shop/settings/secrets/actions"
ACTIONS = (
    example(
        ".github/workflows/publish.yml",
        """
        name: publish
        env:
          REGISTRY: ghcr.io
        jobs:
          publish:
            runs-on: ubuntu-latest
            steps:
              - uses: docker/login-action@v3
                with:
                  username: alice
                  password: ${{ secrets.DOCKERHUB_TOKEN }}
              - uses: docker/login-action@v3
                with:
                  registry: ${{ env.REGISTRY }}
                  username: ${{ github.actor }}
                  password: ${{ secrets.CR_PAT }}
              - uses: docker/login-action@v3
                with: {registry: ghcr.io, username: x, password: "${{ secrets.GITHUB_TOKEN }}"}
              - uses: docker/build-push-action@v6
                with:
                  push: true
                  tags: ${{ env.REGISTRY }}/acme/api:latest
              - run: docker push acme/shop:1
        """,
        Expected(
            "github-actions",
            "DOCKERHUB_TOKEN",
            HUB,
            "alice",
            "DOCKERHUB_TOKEN",
            "acme/shop",
            pushes=True,
            update=GITHUB,
        ),
        Expected("github-actions", "CR_PAT", "ghcr.io", None, "CR_PAT", "acme/api", pushes=True, update=GITHUB),
    ),
    example(
        ".github/workflows/test.yaml",
        """
        jobs:
          test:
            container:
              image: registry.acme.example/base:1
              credentials:
                username: bot
                password: ${{ secrets.ACME_REGISTRY }}
            services:
              db: {image: "postgres:15"}
              cache:
                image: acme/cache
                credentials: {username: carol, password: "${{ secrets.HUB }}"}
              open: {image: "quay.io/acme/open:2"}
        """,
        Expected("github-actions", "ACME_REGISTRY", "registry.acme.example", "bot", "ACME_REGISTRY", "base"),
        Expected("github-actions", "secrets.HUB", HUB, "carol", "HUB", "acme/cache"),
        Expected("github-actions", "quay.io/acme/open", "quay.io", None, "", "acme/open"),
    ),
    example(
        ".github/workflows/run.yml",
        """
        jobs:
          a:
            env:
              GHCR_TOKEN: ${{ secrets.OUR_TOKEN }}
            steps:
              - run: |
                  make
                  echo "${{ secrets.QUAY_PASSWORD }}" | docker login quay.io -u acme+bot --password-stdin
              - run: >-
                  docker login
                  -u dave -p ${{ secrets.DOCKER_PASSWORD }}
              - uses: aws-actions/configure-aws-credentials@v4
                with: {aws-secret-access-key: "${{ secrets.AWS_KEY }}", aws-region: eu-west-1}
              - uses: aws-actions/amazon-ecr-login@v2
              - run: echo ${{ secrets.GITHUB_TOKEN }} | docker login ghcr.io -u x --password-stdin
          b:
            uses: acme/flows/.github/workflows/x.yml@main
            secrets:
              token: ${{ secrets.DOCKER_HUB_PAT }}
        """,
        Expected("github-actions", "OUR_TOKEN", "ghcr.io", None, "OUR_TOKEN"),
        Expected("github-actions", "QUAY_PASSWORD", "quay.io", "acme+bot", "QUAY_PASSWORD"),
        Expected("github-actions", "DOCKER_PASSWORD", HUB, "dave", "DOCKER_PASSWORD"),
        Expected("github-actions", "amazon-ecr-login", None, None, "AWS_KEY"),
        Expected("github-actions", "DOCKER_HUB_PAT", HUB, None, "DOCKER_HUB_PAT"),
    ),
    example(
        "tools/push/action.yml",
        """
        runs:
          using: composite
          steps:
            - uses: docker/login-action@v3
              with:
                registry-auth: |
                  - registry: registry.acme.example
                    username: erin
                    password: ${{ inputs.acme }}
                  - username: frank
                    password: ${{ inputs.hub }}
        """,
        Expected("github-actions", "inputs.acme", "registry.acme.example", "erin", "acme"),
        Expected("github-actions", "inputs.hub", HUB, "frank", "hub"),
    ),
    example(
        ".github/workflows/literal.yml",
        "jobs: {a: {steps: [{uses: docker/login-action@v3, with: {username: bob, password: SECRET}}]}}\n",
        Expected("github-actions", "docker/login-action", HUB, "bob", literal=True, update="in this file"),
    ),
    example(
        ".forgejo/workflows/a.yml",
        "jobs: {a: {steps: [{uses: docker/login-action@v3, with: {username: bob, password: '${{ secrets.HUB }}'}}]}}\n",
        Expected("gitea-actions", "secrets.HUB", HUB, "bob", "HUB", update="acme/shop/settings/actions/secrets"),
    ),
)
OTHER_CI = (
    example(
        ".gitlab-ci.yml",
        """
        image: registry.acme.example/ci/base:1
        variables:
          REGISTRY: registry.acme.example
          DOCKER_AUTH_CONFIG: '{"auths": {"registry.acme.example": {"auth": "B64(gina:SECRET)46B"}}}'
          DOCKERHUB_PASSWORD: $HUB_TOKEN
        build:
          image: docker:27
          script:
            - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY
            - docker login -u "gitlab-ci-token" -p "$CI_JOB_TOKEN" $CI_REGISTRY
            - echo "$ACME_PW" | docker login --username henry --password-stdin $REGISTRY
            - docker push $REGISTRY/team/app:1
            - echo "$DOCKER_AUTH_CONFIG" > ~/.docker/config.json
        """,
        Expected("gitlab-ci", "ci/base:1", "registry.acme.example", None, "", "ci/base"),
        Expected("gitlab-ci", "DOCKER_AUTH_CONFIG:", "registry.acme.example", "gina", literal=True),
        Expected("gitlab-ci", "DOCKERHUB_PASSWORD", HUB, None, "HUB_TOKEN"),
        Expected(
            "gitlab-ci",
            "CI_REGISTRY_PASSWORD",
            "registry.gitlab.com",
            None,
            "CI_REGISTRY_PASSWORD",
            update="/-/settings/ci_cd",
        ),
        Expected("gitlab-ci", "ACME_PW", "registry.acme.example", "henry", "ACME_PW", "team/app", pushes=True),
        Expected("gitlab-ci", 'echo "$DOCKER_AUTH', None, None, "DOCKER_AUTH_CONFIG"),
    ),
    example(
        "ops/gitlab-runner/config.toml",
        """
        [[runners]]
          environment = ["A=b", 'DOCKER_AUTH_CONFIG={"auths":{"quay.io":{"auth":"B64(ida:SECRET)46B"}}}']
          [runners.kubernetes]
            image_pull_secrets = ["regcred"]
        """,
        Expected("gitlab-runner", "DOCKER_AUTH_CONFIG", "quay.io", "ida", literal=True),
        Expected("gitlab-runner", "regcred", None, None, "regcred"),
    ),
    example(
        ".circleci/config.yml",
        """
        executors:
          base:
            docker:
              - image: acme/base:1
                auth:
                  username: jack
                  password: $DOCKERHUB_PASSWORD
        jobs:
          build:
            docker:
              - image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/base:1
                aws_auth: {aws_access_key_id: $AWS_ID, aws_secret_access_key: $AWS_KEY}
              - image: cimg/go:1.22
            steps:
              - run: echo "$GHCR_PAT" | docker login ghcr.io -u kim --password-stdin
              - run:
                  name: push
                  command: docker push ghcr.io/acme/tool:1
        workflows:
          all:
            jobs:
              - build: {context: [dockerhub-creds, slack]}
        """,
        Expected(
            "circleci",
            "DOCKERHUB_PASSWORD",
            HUB,
            "jack",
            "DOCKERHUB_PASSWORD",
            "acme/base",
            update="app.circleci.com/settings/project/github/acme/shop",
        ),
        Expected("circleci", "aws_auth", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", None, "AWS_KEY", "base"),
        Expected("circleci", "GHCR_PAT", "ghcr.io", "kim", "GHCR_PAT", "acme/tool", pushes=True),
        Expected(
            "circleci",
            "dockerhub-creds",
            HUB,
            None,
            "dockerhub-creds",
            update="/settings/organization/github/acme/contexts",
        ),
    ),
    example(
        ".travis.yml",
        """
        env:
          global:
            - secure: "abcdefg=="
        before_install:
          - echo "$DOCKER_PASSWORD" | docker login -u "$DOCKER_USERNAME" --password-stdin
        """,
        Expected("travis", "secure", HUB, None, "", update="travis encrypt"),
        Expected(
            "travis", "DOCKER_PASSWORD", HUB, None, "DOCKER_PASSWORD", update="travis-ci.com/github/acme/shop/settings"
        ),
    ),
    example(
        "Jenkinsfile",
        """
        // docker login -u nobody -p nothing
        pipeline {
          agent { docker { image 'registry.acme.example/ci:1'; registryUrl 'https://registry.acme.example'; registryCredentialsId 'acme-registry' } }
          stages {
            stage('push') { steps {
              script {
                docker.withRegistry('https://quay.io', 'quay-robot') { image.push() }
                docker.withRegistry('', 'dockerhub') { image.push() }
              }
              withCredentials([usernamePassword(credentialsId: 'our-ghcr', usernameVariable: 'U', passwordVariable: 'P')]) {
                sh 'echo $P | docker login ghcr.io -u $U --password-stdin'
                sh '''
                  make
                  docker login -u lea -p $OTHER registry.other.example
                '''
              }
              withCredentials([string(credentialsId: 'sonar', variable: 'S')]) { sh 'sonar' }
            } }
          }
        }
        """,
        Expected(
            "jenkins", "registryCredentialsId", "registry.acme.example", None, "acme-registry", update="acme-registry"
        ),
        Expected("jenkins", "quay-robot", "quay.io", None, "quay-robot"),
        Expected("jenkins", "'dockerhub'", HUB, None, "dockerhub"),
        Expected("jenkins", "our-ghcr", "ghcr.io", None, "our-ghcr"),
        Expected("jenkins", "-u lea", "registry.other.example", "lea", "OTHER"),
    ),
    example(
        "jenkins_home/credentials.xml",
        """
        <?xml version='1.1' encoding='UTF-8'?>
        <list>
          <com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl plugin="credentials@1">
            <id>dockerhub</id>
            <description>Docker Hub</description>
            <username>mia</username>
            <password>{AQAAABAAAAAwabcdefghijklmnop=}</password>
          </com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>
          <com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>
            <id>other</id>
            <username>nora</username>
            <password>SECRET</password>
          </com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>
        </list>
        """,
        Expected("jenkins", "{AQAA", HUB, "mia", "dockerhub"),
        Expected("jenkins", "SECRET", None, "nora", "other", literal=True),
    ),
    example(
        "casc/jenkins.yaml",
        """
        credentials:
          system:
            domainCredentials:
              - credentials:
                  - usernamePassword:
                      id: ghcr
                      username: olga
                      password: ${GHCR_PASSWORD}
        """,
        Expected("jenkins", "GHCR_PASSWORD", "ghcr.io", "olga", "GHCR_PASSWORD"),
    ),
    example(
        "bitbucket-pipelines.yml",
        """
        image:
          name: acme/build:1
          username: $DOCKERHUB_USER
          password: $DOCKERHUB_PASSWORD
        pipelines:
          default:
            - step:
                image: quay.io/acme/other:1
                script:
                  - docker login -u paul -p $REG_PW registry.acme.example
                  - pipe: atlassian/docker-publish:1.0
                    variables: {PASSWORD: $PIPE_PW, USERNAME: quinn, REGISTRY: registry.acme.example}
        """,
        Expected(
            "bitbucket", "DOCKERHUB_PASSWORD", HUB, None, "DOCKERHUB_PASSWORD", "acme/build", update="bitbucket.org/"
        ),
        Expected("bitbucket", "quay.io/acme/other", "quay.io", None, "", "acme/other"),
        Expected("bitbucket", "REG_PW", "registry.acme.example", "paul", "REG_PW"),
        Expected("bitbucket", "PIPE_PW", "registry.acme.example", "quinn", "PIPE_PW"),
    ),
    example(
        "azure-pipelines.yml",
        """
        variables:
          connection: acme-acr
        resources:
          containers:
            - container: base
              image: acme.azurecr.io/base:1
              endpoint: acr-pull
        steps:
          - task: Docker@2
            inputs:
              command: buildAndPush
              repository: acme/web
              containerRegistry: $(connection)
          - script: docker login -u rita -p $(dockerPassword)
        """,
        Expected(
            "azure-pipelines", "acr-pull", "acme.azurecr.io", None, "acr-pull", "base", update="_settings/adminservices"
        ),
        Expected("azure-pipelines", "containerRegistry", None, None, "acme-acr", "acme/web", pushes=True),
        Expected("azure-pipelines", "dockerPassword", HUB, "rita", "dockerPassword"),
    ),
    example(
        "cloudbuild.yaml",
        """
        steps:
          - name: gcr.io/cloud-builders/docker
            entrypoint: bash
            args: ['-c', 'docker login --username=sam --password=$$DOCKERHUB_PASSWORD']
        availableSecrets:
          secretManager:
            - versionName: projects/p/secrets/dockerhub-password/versions/latest
              env: DOCKERHUB_PASSWORD
        """,
        Expected("cloud-build", "docker login", HUB, "sam", "DOCKERHUB_PASSWORD"),
        Expected("cloud-build", "versionName", HUB, None, "dockerhub-password"),
        Expected("cloud-build", "cloud-builders", "gcr.io", None, "", "cloud-builders/docker"),
    ),
    example(
        ".drone.yml",
        """
        kind: pipeline
        image_pull_secrets:
          - dockerconfig
        steps:
          - name: publish
            image: plugins/docker
            settings:
              registry: registry.acme.example
              repo: registry.acme.example/team/api
              username: tina
              password: {from_secret: acme_password}
          - name: test
            image: golang
            environment:
              DOCKERHUB_TOKEN: {from_secret: hub_token}
        """,
        Expected(
            "drone",
            "- dockerconfig",
            None,
            None,
            "dockerconfig",
            update="https://DRONE_SERVER/acme/shop/settings/secrets",
        ),
        Expected("drone", "acme_password", "registry.acme.example", "tina", "acme_password", "team/api", pushes=True),
        Expected("drone", "hub_token", HUB, None, "hub_token"),
    ),
    example(
        ".woodpecker/build.yaml",
        """
        steps:
          publish:
            image: woodpeckerci/plugin-docker-buildx
            settings: {repo: acme/shop, username: uma, password: {from_secret: docker_token}}
        """,
        Expected("woodpecker", "docker_token", HUB, "uma", "docker_token", "acme/shop", pushes=True),
    ),
)
CLUSTERS = (
    example(
        "deploy/app.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          template:
            spec:
              imagePullSecrets:
                - name: regcred
              containers:
                - image: registry.acme.example/team/web:1
                - image: postgres:15
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: default}
        imagePullSecrets: [{name: hubcred}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: open}
        spec: {containers: [{image: "ghcr.io/acme/open:1"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: hub}
        spec: {containers: [{image: "acme/private:1"}], imagePullSecrets: [{name: hub}]}
        """,
        Expected(
            "kubernetes",
            "name: regcred",
            "registry.acme.example",
            None,
            "regcred",
            "team/web",
            update="kubectl create secret generic regcred --namespace shop",
        ),
        Expected("kubernetes", "hubcred", None, None, "hubcred"),
        Expected("kubernetes", "ghcr.io/acme/open", "ghcr.io", None, "", "acme/open"),
        Expected("kubernetes", "name: hub}]", HUB, None, "hub", "acme/private"),
    ),
    example(
        "secrets.yml",
        f"""
        apiVersion: v1
        kind: Secret
        metadata: {{name: regcred, namespace: shop}}
        type: kubernetes.io/dockerconfigjson
        data:
          .dockerconfigjson: B64({auths("registry.acme.example")})46B
        ---
        apiVersion: v1
        kind: Secret
        metadata: {{name: plain}}
        type: kubernetes.io/dockerconfigjson
        stringData:
          .dockerconfigjson: '{auths("https://index.docker.io/v1/")}'
        ---
        apiVersion: v1
        kind: Secret
        metadata: {{name: filled-later}}
        type: kubernetes.io/dockerconfigjson
        """,
        Expected("kubernetes", "B64", "registry.acme.example", "bob", "regcred", literal=True),
        Expected("kubernetes", "index.docker.io", HUB, "bob", "plain", literal=True),
        Expected("kubernetes", "type: kubernetes.io/dockerconfigjson", None, None, "filled-later"),
    ),
    example(
        "sealed.yaml",
        """
        apiVersion: bitnami.com/v1alpha1
        kind: SealedSecret
        metadata: {name: ghcr-pull}
        spec:
          encryptedData: {.dockerconfigjson: AgBy}
          template: {type: kubernetes.io/dockerconfigjson}
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: quay}
        spec:
          target: {name: quay-pull, template: {type: kubernetes.io/dockerconfigjson}}
          data: [{secretKey: x, remoteRef: {key: prod/quay}}]
        ---
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: database}
        spec: {data: [{secretKey: x, remoteRef: {key: prod/db}}]}
        """,
        Expected("kubernetes", "name: ghcr-pull", "ghcr.io", None, "ghcr-pull", update="kubeseal"),
        Expected("kubernetes", "name: quay}", "quay.io", None, "quay-pull", update="prod/quay"),
    ),
    example(
        "build/kaniko.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: kaniko}
        spec:
          containers:
            - args: ["--destination=quay.io/acme/built:1"]
              volumeMounts: [{name: cfg, mountPath: /kaniko/.docker}]
          volumes:
            - name: cfg
              secret: {secretName: push-cred}
        """,
        Expected("kaniko", "push-cred", "quay.io", None, "push-cred", "acme/built", pushes=True),
    ),
    example(
        "argo/updater.yaml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: argocd-image-updater-config}
        data:
          registries.conf: |
            registries:
              - name: acme
                prefix: registry.acme.example
                api_url: https://registry.acme.example
                credentials: pullsecret:argocd/acme-cred
              - name: hub
                prefix: docker.io
                credentials: env:HUB_LOGIN
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: web
          annotations:
            argocd-image-updater.argoproj.io/image-list: web=ghcr.io/acme/web
            argocd-image-updater.argoproj.io/web.pull-secret: secret:argocd/ghcr#creds
        ---
        apiVersion: v1
        kind: Secret
        metadata:
          name: charts
          labels: {argocd.argoproj.io/secret-type: repository}
        stringData: {url: registry.acme.example/charts, enableOCI: "true", username: vera, password: SECRET}
        """,
        Expected(
            "argocd-image-updater",
            "pullsecret:argocd",
            "registry.acme.example",
            None,
            "acme-cred",
            update="--namespace argocd",
        ),
        Expected("argocd-image-updater", "env:HUB_LOGIN", HUB, None, "HUB_LOGIN"),
        Expected("argocd-image-updater", "secret:argocd/ghcr", "ghcr.io", None, "ghcr", "acme/web"),
        Expected("argocd", "SECRET", "registry.acme.example", "vera", "charts", literal=True),
    ),
    example(
        "flux/image.yaml",
        """
        apiVersion: image.toolkit.fluxcd.io/v1
        kind: ImageRepository
        metadata: {name: web, namespace: flux-system}
        spec: {image: ghcr.io/acme/web, secretRef: {name: ghcr-auth}}
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: charts}
        spec: {type: oci, url: "oci://registry.acme.example/charts", secretRef: {name: acme-charts}}
        ---
        apiVersion: source.toolkit.fluxcd.io/v1
        kind: HelmRepository
        metadata: {name: plain}
        spec: {url: "https://charts.example", secretRef: {name: no-registry}}
        """,
        Expected("flux", "ghcr-auth", "ghcr.io", None, "ghcr-auth", "acme/web"),
        Expected("flux", "acme-charts", "registry.acme.example", None, "acme-charts", "charts"),
    ),
    example(
        "chart/values.yaml",
        """
        image:
          registry: registry.acme.example
          repository: team/web
        imagePullSecrets:
          - name: acme
        imageCredentials:
          registry: quay.io
          username: willa
          password: SECRET
        sidecar:
          image: {repository: busybox}
          pullSecrets: [side]
        """,
        Expected("helm", "repository: team/web", "registry.acme.example", None, "", "team/web"),
        Expected("helm", "name: acme", "registry.acme.example", None, "acme", "team/web"),
        Expected("helm", "SECRET", "quay.io", "willa", literal=True),
        Expected("helm", "[side]", "registry.acme.example", None, "side", "team/web"),
    ),
    example(
        "chart/templates/deploy.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{ .Release.Name }}
        spec:
          template:
            spec:
              {{- if .Values.x }}
              imagePullSecrets:
                - name: {{ .Values.pullSecret }}
              {{- end }}
              containers:
                - image: ghcr.io/acme/web:{{ .Values.tag }}
        """,
        Expected("kubernetes", ".Values.pullSecret", "ghcr.io", None, "{{ .Values.pullSecret }}", "acme/web"),
    ),
)
RUNTIMES = (
    example(
        "compose.prod.yaml",
        """
        services:
          web:
            image: registry.acme.example/team/web:${TAG}
            build: .
          db:
            image: postgres:15
          watchtower:
            image: containrrr/watchtower
            environment:
              - REPO_USER=xena
              - REPO_PASS=${HUB_PASS}
            volumes:
              - /root/.docker/config.json:/config.json:ro
          ci:
            image: docker:27
            environment: {DOCKERHUB_TOKEN: SECRET}
        secrets:
          registry:
            file: ./.docker/config.json
        """,
        Expected("compose", "team/web", "registry.acme.example", None, "", "team/web", pushes=True),
        Expected("watchtower", "REPO_PASS", None, "xena", "HUB_PASS"),
        Expected(
            "watchtower", ":/config.json", None, None, "/root/.docker/config.json", update="restart the container"
        ),
        Expected("compose", "SECRET", HUB, None, "", literal=True),
        Expected("compose", "file: ./.docker", None, None, "registry"),
    ),
    example(
        ".env.production",
        """
        A=b
        REGISTRY=registry.acme.example
        REGISTRY_USERNAME=yan
        REGISTRY_PASSWORD=SECRET
        """,
        Expected("environment-file", "SECRET", "registry.acme.example", "yan", "REGISTRY_PASSWORD", literal=True),
    ),
    example(
        "jobs/web.nomad",
        """
        job "web" {
          group "web" {
            task "server" {
              driver = "docker"
              config {
                image = "registry.acme.example/team/web:1"
                auth {
                  username = "zoe"
                  password = "SECRET"
                  server_address = "registry.acme.example"
                }
              }
            }
            task "other" {
              config {
                image = "quay.io/acme/other:1"
                auth { password = "${var.quay}" }
              }
            }
          }
        }
        """,
        Expected("nomad", "SECRET", "registry.acme.example", "zoe", "", "team/web", literal=True),
        Expected("nomad", "var.quay", "quay.io", None, "var.quay", "acme/other"),
    ),
    example(
        "client.hcl",
        'plugin "docker" {\n  config {\n    auth {\n      config = "/root/.docker/config.json"\n    }\n  }\n}\n',
        Expected("nomad", "config.json", None, None, "/root/.docker/config.json"),
    ),
    example(
        "roles/app/tasks/main.yml",
        """
        - name: log in
          community.docker.docker_login:
            registry_url: registry.acme.example
            username: bob
            password: "{{ acme_registry_password }}"
        - docker_login: {username: carl, password: SECRET}
        - containers.podman.podman_login:
            registry: quay.io
            username: dora
            password: !vault |
              $ANSIBLE_VAULT;1.1;AES256
        - community.docker.docker_image: {name: "registry.acme.example/app:1", source: pull}
        - ansible.builtin.shell: docker login -u eve -p {{ pw }} ghcr.io
        """,
        Expected("ansible", "acme_registry_password", "registry.acme.example", "bob", "acme_registry_password"),
        Expected("ansible", "SECRET", HUB, "carl", literal=True),
        Expected("ansible", "$ANSIBLE_VAULT", "quay.io", "dora", "vault", update="ansible-vault encrypt_string"),
        Expected("ansible", "app:1", "registry.acme.example", None, "", "app"),
        Expected("ansible", "-u eve", "ghcr.io", "eve", "pw"),
    ),
    example(
        "main.tf",
        """
        provider "docker" {
          registry_auth {
            address  = "registry.acme.example"
            username = "finn"
            password = var.registry_password
          }
          registry_auth {
            address     = "quay.io"
            config_file = pathexpand("~/.docker/config.json")
          }
        }
        variable "dockerhub_token" { type = string }
        resource "kubernetes_secret" "pull" {
          metadata { name = "regcred" }
          type = "kubernetes.io/dockerconfigjson"
          data = {
            ".dockerconfigjson" = jsonencode({ auths = { "ghcr.io" = { username = "gil", password = var.ghcr } } })
          }
        }
        resource "azurerm_linux_web_app" "web" {
          app_settings = {
            DOCKER_REGISTRY_SERVER_URL      = "https://acme.azurecr.io"
            DOCKER_REGISTRY_SERVER_USERNAME = "acme"
            DOCKER_REGISTRY_SERVER_PASSWORD = "SECRET"
          }
        }
        """,
        Expected("terraform", "var.registry_password", "registry.acme.example", "finn", "var.registry_password"),
        Expected("terraform", "config_file", "quay.io", None, "~/.docker/config.json"),
        Expected("terraform", "dockerhub_token", HUB, None, "dockerhub_token"),
        Expected("terraform", "var.ghcr", "ghcr.io", "gil", "regcred"),
        Expected("app-service", "SECRET", "acme.azurecr.io", "acme", literal=True),
    ),
    example(
        "prod.tfvars",
        'region = "eu"\nghcr_token = "SECRET"\n',
        Expected("terraform", "SECRET", "ghcr.io", None, "ghcr_token", literal=True),
    ),
    example(
        "a.tfstate",
        '{"resources": [{"instances": [{"attributes": {\n"data": {".dockerconfigjson": '
        + json.dumps(auths("quay.io"))
        + "}}}]}]}",
        Expected("terraform-state", ".dockerconfigjson", "quay.io", "bob", literal=True),
    ),
    example(
        "Pulumi.prod.yaml",
        """
        config:
          docker:registryAuth:
            - address: registry.acme.example
              username: hal
              password: {secure: AAAB}
          app:dockerhubToken: SECRET
        """,
        Expected(
            "pulumi",
            "secure",
            "registry.acme.example",
            "hal",
            "password",
            update="pulumi config set --secret --stack prod",
        ),
        Expected("pulumi", "SECRET", HUB, literal=True),
    ),
    example(
        "renovate.json",
        """
        {
          "hostRules": [
            {"hostType": "docker", "matchHost": "registry.acme.example",
             "username": "ivy", "password": "SECRET"},
            {"matchHost": "https://ghcr.io", "encrypted": {"token": "abc"}},
            {"hostType": "npm", "matchHost": "npm.example", "token": "other"}
          ]
        }
        """,
        Expected("renovate", "SECRET", "registry.acme.example", "ivy", literal=True),
        Expected("renovate", "encrypted", "ghcr.io"),
    ),
    example(
        "renovate/config.js",
        "module.exports = {\n  hostRules: [{hostType: 'docker', matchHost: 'quay.io', username: 'jo',\n    password: process.env.QUAY_PW}],\n};\n",
        Expected("renovate", "QUAY_PW", "quay.io", "jo", "QUAY_PW"),
    ),
    example(
        ".github/dependabot.yml",
        """
        registries:
          hub:
            type: docker-registry
            url: https://registry.hub.docker.com
            username: kai
            password: ${{secrets.DEPENDABOT_HUB}}
          npm: {type: npm-registry, url: "https://npm.example", token: "${{secrets.NPM}}"}
        """,
        Expected(
            "dependabot",
            "DEPENDABOT_HUB",
            HUB,
            "kai",
            "DEPENDABOT_HUB",
            update="https://github.com/acme/shop/settings/secrets/dependabot",
        ),
    ),
)
BUILDS = (
    example(
        "pom.xml",
        """
        <project><build><plugins><plugin>
          <artifactId>jib-maven-plugin</artifactId>
          <configuration>
            <from><image>registry.acme.example/base:1</image></from>
            <to>
              <image>ghcr.io/acme/app</image>
              <auth>
                <username>lou</username>
                <password>${env.GHCR_TOKEN}</password>
              </auth>
            </to>
          </configuration>
        </plugin></plugins></build></project>
        """,
        Expected("maven", "base:1", "registry.acme.example", None, "", "base"),
        Expected("maven", "GHCR_TOKEN", "ghcr.io", "lou", "env.GHCR_TOKEN", "acme/app", pushes=True),
    ),
    example(
        ".m2/settings.xml",
        """
        <settings>
          <servers>
            <server>
              <id>registry.acme.example</id>
              <username>max</username>
              <password>SECRET</password>
            </server>
            <server>
              <id>ghcr.io</id>
              <username>max</username>
              <password>{COQLCE6DU6GtcS5P=}</password>
            </server>
            <server><id>central</id><password>other</password></server>
          </servers>
        </settings>
        """,
        Expected("maven", "SECRET", "registry.acme.example", "max", "registry.acme.example", literal=True),
        Expected("maven", "COQL", "ghcr.io", "max", "ghcr.io"),
    ),
    example(
        "build.gradle.kts",
        """
        jib {
          from { image = "eclipse-temurin:21" }
          to {
            image = "registry.acme.example/team/app"
            auth {
              username = "ned"
              password = System.getenv("REGISTRY_TOKEN")
            }
          }
        }
        """,
        Expected("gradle", "REGISTRY_TOKEN", "registry.acme.example", "ned", "REGISTRY_TOKEN", "team/app", pushes=True),
    ),
    example(
        "gradle.properties",
        "a=b\njib.to.image=quay.io/acme/app\njib.to.auth.username=ola\njib.to.auth.password=SECRET\n",
        Expected("gradle", "SECRET", "quay.io", "ola", "jib.to.auth.password", literal=True),
    ),
    example(
        "skaffold.yaml",
        """
        apiVersion: skaffold/v4beta1
        kind: Config
        build:
          artifacts: [{image: registry.acme.example/app}]
          cluster:
            namespace: build
            dockerConfig: {secretName: kaniko-push}
        """,
        Expected("skaffold", "image: registry", "registry.acme.example", None, "", "app", pushes=True),
        Expected("skaffold", "kaniko-push", "registry.acme.example", None, "kaniko-push", "app", pushes=True),
    ),
    example(
        ".devcontainer/devcontainer.json",
        """
        {
          // comment
          "image": "ghcr.io/acme/dev:1",
          "mounts": ["source=${localEnv:HOME}/.docker/config.json,target=/home/x/.docker/config.json,type=bind"],
          "remoteEnv": {"GHCR_TOKEN": "${localEnv:MY_PAT}"},
          "postCreateCommand": "echo $CR_PAT | docker login ghcr.io -u pia --password-stdin",
        }
        """,
        Expected("devcontainer", "ghcr.io/acme/dev", "ghcr.io", None, "", "acme/dev"),
        Expected("devcontainer", '"mounts"', None, None, "${localEnv:HOME}/.docker/config.json"),
        Expected("devcontainer", "MY_PAT", "ghcr.io", None, "MY_PAT"),
        Expected("devcontainer", "CR_PAT", "ghcr.io", "pia", "CR_PAT"),
    ),
    example(
        "etc/containerd/config.toml",
        '[plugins."io.containerd.grpc.v1.cri".registry.configs."quay.io".auth]\nusername = "rob"\npassword = "SECRET"\n',
        Expected("containerd", "SECRET", "quay.io", "rob", literal=True, update="systemctl restart containerd"),
    ),
    example(
        "etc/rancher/k3s/registries.yaml",
        "configs:\n  registry.acme.example:\n    auth:\n      username: sue\n      password: SECRET\n",
        Expected("k3s", "SECRET", "registry.acme.example", "sue", literal=True),
    ),
    example(
        "deploy.sh",
        """
        #!/bin/sh
        REGISTRY=registry.acme.example
        # docker login -u nobody -p nothing quay.io
        echo "$ACME_PASSWORD" | docker login -u ted --password-stdin "$REGISTRY"
        docker push $REGISTRY/team/app:1
        sh -c 'docker login -u una -p SECRET'
        docker stack deploy --with-registry-auth -c stack.yml app
        kubectl create secret docker-registry pull --docker-server=quay.io --docker-username=vic --docker-password="$QUAY"
        aws ecr get-login-password | docker login -u AWS --password-stdin 1.dkr.ecr.eu-west-1.amazonaws.com
        """,
        Expected("shell-script", "ACME_PASSWORD", "registry.acme.example", "ted", "ACME_PASSWORD", "team/app", pushes=True),
        Expected("shell-script", "SECRET", HUB, "una", literal=True),
        Expected("shell-script", "with-registry-auth", None, None, "", update="docker login, then this command again"),
        Expected("shell-script", "docker-registry pull", "quay.io", "vic", "QUAY"),
        Expected("shell-script", "aws ecr", "1.dkr.ecr.eu-west-1.amazonaws.com", "AWS", "aws ecr get-login-password"),
    ),
    example(
        "kaniko.sh",
        """
        cat > /kaniko/.docker/config.json <<EOF
        {
          "auths": {
            "$CI_REGISTRY": {"username": "$CI_REGISTRY_USER", "password": "$CI_REGISTRY_PASSWORD"},
            "https://index.docker.io/v1/": {"auth": "$HUB_AUTH"}
          }
        }
        EOF
        echo "{\\"auths\\":{\\"quay.io\\":{\\"auth\\":\\"$(echo -n $U:$QUAY_TOKEN | base64)\\"}}}" > config.json
        """,
        Expected("shell-script", "$CI_REGISTRY", "registry.gitlab.com", None, "CI_REGISTRY_PASSWORD"),
        Expected("shell-script", "index.docker.io", HUB, None, "HUB_AUTH"),
        Expected("shell-script", "quay.io", "quay.io", None, "QUAY_TOKEN"),
    ),
    example(
        "jobs.groovy",
        """
        def push() {
          withCredentials([[$class: 'UsernamePasswordMultiBinding', credentialsId: 'nexus-login', usernameVariable: 'U', passwordVariable: 'P']]) {
            sh \"\"\"
              echo \\$P | docker login -u \\$U --password-stdin registry.acme.example
            \"\"\"
          }
        }
        """,
        Expected("jenkins", "nexus-login", "registry.acme.example", None, "nexus-login"),
    ),
    example(
        "Makefile",
        "IMAGE := quay.io/acme/app\npush:\n\t@echo $(QUAY_TOKEN) | docker login quay.io -u wim --password-stdin\n\t-docker login -u xan -p $$HUB_PW\n\tdocker push $(IMAGE):1\n",
        Expected("makefile", "QUAY_TOKEN", "quay.io", "wim", "QUAY_TOKEN", "acme/app", pushes=True),
        Expected("makefile", "HUB_PW", HUB, "xan", "HUB_PW"),
    ),
    example(
        "Dockerfile",
        "FROM ghcr.io/acme/base:1 AS build\nARG TOKEN\nRUN docker login -u yve -p $TOKEN \\\n    registry.acme.example\nFROM build\nFROM debian:12\n",
        Expected("dockerfile", "FROM ghcr.io", "ghcr.io", None, "", "acme/base"),
        Expected("dockerfile", "-p $TOKEN", "registry.acme.example", "yve", "TOKEN"),
    ),
    example(
        "ecs/task-definition.json",
        """
        {"containerDefinitions": [{"name": "web", "image": "registry.acme.example/team/web:1",
          "repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:eu-west-1:1:secret:acme"}}]}
        """,
        Expected("ecs", "credentialsParameter", "registry.acme.example", None, "arn:aws:secretsmanager:eu-west-1:1:secret:acme", "team/web"),
    ),
    example(
        ".dockhygiene-uses.yaml",
        """
        version: 1
        uses:
          - service: nightly import
            registry: https://ghcr.io
            username: zoe
            owner: team shop
            contact: "#shop"
            update: vault kv put secret/shop
            staging: https://staging.acme.example
            confirmed: 2026-11-24
          - service: without a registry
        """,
        Expected("by-hand", "service: nightly", "ghcr.io", "zoe", update="vault kv put secret/shop; try it at https"),
    ),
    example(
        ".testcontainers.properties",
        "docker.host=x\nhub.image.name.prefix=registry.acme.example/mirror/\n",
        Expected("testcontainers", "prefix", "registry.acme.example"),
    ),
)  # fmt: skip
EXAMPLES = (*ACTIONS, *OTHER_CI, *CLUSTERS, *RUNTIMES, *BUILDS)
QUIET = (
    example("compose.yaml", "services: {db: {image: 'postgres:15'}, web: {image: acme/web, build: .}}\n"),
    example(
        "pod.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: postgres}, {image: mcr.microsoft.com/x}]}\n"
    ),
    example(
        ".github/workflows/ci.yml",
        "jobs: {a: {container: 'node:20', steps: [{uses: actions/checkout@v4}, {run: docker build .}]}}\n",
    ),
    example("Dockerfile", "FROM debian:12\nRUN echo docker login\n"),
    example("run.sh", "echo 'log in with docker login first'\ndocker login --help\n"),
    example("values.yaml", "image: {repository: nginx, tag: 1}\nimagePullSecrets: []\n"),
    example("main.tf", 'provider "docker" {}\nvariable "region" {}\n'),
    example(
        "pom.xml",
        "<project><dependencies><dependency><artifactId>jib</artifactId></dependency></dependencies></project>",
    ),
)
"""Files of the same systems in which nothing is a use."""
