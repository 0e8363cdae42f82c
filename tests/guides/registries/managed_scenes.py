"""Each client that manages credentials with somebody's login, in front of its double: what their common tests use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from checks.model.secret import Secret
from guides.registries import harbor, ibm, jfrog, quay, scaleway
from guides.registries.api import basic, bearer
from guides.registries.managed import Known, Manager
from guides.registries.network import Network
from tests.checks.conftest import random_password
from tests.services.contracts import Facts, Watcher
from tests.services.harbor_double import HarborDouble
from tests.services.ibm_double import IbmDouble
from tests.services.jfrog_double import JFrogDouble
from tests.services.quay_double import QuayDouble
from tests.services.registry_double import ProviderDouble
from tests.services.scaleway_double import ORGANISATION, ScalewayDouble

ROBOT = "robot$shop+ci"


@dataclass
class Managed:
    """One client with its double, and the old credential at it. `again` signs in once more, over another network."""

    module: ModuleType
    double: ProviderDouble
    client: Manager
    find: Callable[[Manager], Known]
    again: Callable[[Network], Manager]
    username: str
    old: str
    sent: tuple[str, ...]
    """Every secret that goes to the provider."""

    def accepts(self, username: str, value: str) -> bool:
        return self.double.registry.enter(username or self.username, value) is not None


def of_harbor(network: Network) -> tuple[ProviderDouble, Callable[[], Managed]]:
    double, password = HarborDouble(), random_password()
    double.passwords, double.projects = {"alice": password}, {"shop": (7, "alice")}

    def made() -> Managed:
        old = double.secrets[double.issue("shop", "ci")]

        def client(way: Network) -> harbor.Harbor:
            return harbor.Harbor(way, double.base_url, basic("alice", Secret(password)))

        return Managed(harbor, double, client(network), lambda c: c.find(ROBOT), client, ROBOT, old, (password,))  # type: ignore[attr-defined]

    return double, made


def of_quay(network: Network) -> tuple[ProviderDouble, Callable[[], Managed]]:
    double = QuayDouble()

    def made() -> Managed:
        old, login = double.issue("ci", web="read", api="write"), Secret(double.administrator)

        def client(way: Network) -> quay.Quay:
            return quay.Quay(way, double.base_url, bearer(login))

        sent = (login.reveal(),)
        return Managed(quay, double, client(network), lambda c: c.find("acme+ci"), client, "acme+ci", old, sent)  # type: ignore[attr-defined]

    return double, made


def of_jfrog(network: Network) -> tuple[ProviderDouble, Callable[[], Managed]]:
    double = JFrogDouble()

    def made() -> Managed:
        old = double.issue("alice").value

        def client(way: Network) -> jfrog.JFrog:
            return jfrog.JFrog(way, double.base_url, bearer(Secret(old)))

        return Managed(jfrog, double, client(network), lambda c: c.own(), client, "alice", old, (old,))  # type: ignore[attr-defined]

    return double, made


def of_scaleway(network: Network) -> tuple[ProviderDouble, Callable[[], Managed]]:
    double = ScalewayDouble()

    def made() -> Managed:
        access, login = double.issue(), double.values[double.issue(manages=True)]

        def client(way: Network) -> scaleway.Scaleway:
            return scaleway.Scaleway(way, scaleway.token(Secret(login)), double.base_url, organisation=ORGANISATION)

        old = double.values[access]
        return Managed(scaleway, double, client(network), lambda c: c.find(access), client, "nologin", old, (login,))  # type: ignore[attr-defined]

    return double, made


def of_ibm(network: Network) -> tuple[ProviderDouble, Callable[[], Managed]]:
    double = IbmDouble()

    def made() -> Managed:
        old, login = double.values[double.issue()], double.values[double.issue(name="manager")]

        def client(way: Network) -> ibm.Ibm:
            return ibm.Ibm(way, Secret(login), double.base_url)

        sent = (old, login)
        return Managed(ibm, double, client(network), lambda c: c.find(Secret(old)), client, "iamapikey", old, sent)  # type: ignore[attr-defined]

    return double, made


SCENES = {"harbor": of_harbor, "quay": of_quay, "jfrog": of_jfrog, "scaleway": of_scaleway, "ibm": of_ibm}


@contextmanager
def managed(name: str, network: Network) -> Iterator[tuple[Managed, Watcher]]:
    """The client of this name; what it sends and what the double answers is held against the facts."""
    double, made = SCENES[name](network)
    watcher = Watcher(Facts(name))
    double.watch = watcher.see
    with double:
        yield made(), watcher
    assert watcher.complaints == []
