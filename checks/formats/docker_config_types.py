"""The types that the docker CLI wants in config.json: one value of another type makes it refuse the whole file."""

from __future__ import annotations

from collections.abc import Mapping

from checks.formats.json_positions import Node, Problem, fold

_TEXT = "string"
_TEXT_LIST = [_TEXT]
_TEXT_MAP = {"*": _TEXT}
_PROXY = dict.fromkeys(("httpproxy", "httpsproxy", "noproxy", "ftpproxy", "allproxy"), _TEXT)

Shape = str | list[str] | Mapping[str, "Shape"]

# Observed with docker 28.2.2, by giving each field a number. Entries of `auths` are judged one by one elsewhere.
_FIELDS: Mapping[str, Shape] = {
    "auths": {},
    "httpheaders": _TEXT_MAP,
    "credsstore": _TEXT,
    "credhelpers": _TEXT_MAP,
    "proxies": {"*": _PROXY},
    "plugins": {"*": _TEXT_MAP},
    "aliases": _TEXT_MAP,
    "features": _TEXT_MAP,
    "prunefilters": _TEXT_LIST,
    "clipluginsextradirs": _TEXT_LIST,
    "currentcontext": _TEXT,
    "detachkeys": _TEXT,
    "experimental": _TEXT,
    **dict.fromkeys(
        (
            "psformat",
            "imagesformat",
            "networksformat",
            "pluginsformat",
            "volumesformat",
            "statsformat",
            "serviceinspectformat",
            "servicesformat",
            "tasksformat",
            "secretformat",
            "configformat",
            "nodesformat",
        ),
        _TEXT,
    ),
}


def type_problem(root: Node | None) -> Problem | None:
    """The first value of a type that docker does not take, or None. Unknown names may hold anything."""
    if root is None or root.kind != "object":
        return None
    return _first_wrong(root, _FIELDS, "")


def _first_wrong(node: Node, shapes: Mapping[str, Shape], where: str) -> Problem | None:
    for held in node.members:
        name = fold(held.name)
        shape = shapes.get(name, shapes.get("*"))
        if shape is not None and (problem := _wrong(held.value, shape, where or f"`{name}`", held.start)):
            return problem
    return None


def _wrong(node: Node, shape: Shape, where: str, start: int) -> Problem | None:
    if node.kind == "null":
        return None
    if isinstance(shape, str):
        return (
            None if node.kind == shape else Problem(f"{where} wants a string, not a value of type {node.kind}", start)
        )
    if isinstance(shape, list):
        if node.kind != "array":
            return Problem(f"{where} is not a list", start)
        wrong = next((item for item in node.items if item.kind not in (*shape, "null")), None)
        return Problem(f"{where} is not a list of strings", wrong.start) if wrong else None
    if node.kind != "object":
        return Problem(f"{where} is not an object", start)
    return _first_wrong(node, shape, where)
