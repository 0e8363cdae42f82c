"""Options of `dockhygiene snippet`."""

from __future__ import annotations

import argparse


def add(snippet: argparse.ArgumentParser) -> None:
    snippet.description = (
        "Prints how a program reads a secret instead of holding it. Names are made-up ones, those of a finding, or "
        "yours. What the snippet needs, and how it was tested, is told on standard error. Exits with 0, with 2 where "
        "there is no such snippet or a name cannot stand in it, 3 when FILE could not be written."
    )
    snippet.add_argument("language", nargs="?", metavar="LANGUAGE", help="python, go, compose, ...; --list shows all")
    snippet.add_argument("source", nargs="?", metavar="SOURCE", help="env, aws, vault or conjur")
    snippet.add_argument("--plain", action="store_true", help="without the library that people use there")
    snippet.add_argument("--finding", metavar="ID", help="take the names from this finding or credential of a scan")
    snippet.add_argument("--name", metavar="VAR", help="the variable")
    snippet.add_argument("--path", metavar="PATH", help="of the secret: below Vault's mount, in AWS its name")
    snippet.add_argument("--field", metavar="FIELD", help="the value's name within it; Conjur needs none")
    snippet.add_argument("--output", metavar="FILE", help="write it to this new file; one that is there stays as it is")
    snippet.add_argument("--list", action="store_true", help="list all snippets, or those of LANGUAGE, and their tests")
