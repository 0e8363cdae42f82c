"""What the name of a file and the shape of its text say of what stands in it."""

from __future__ import annotations

from checks.detect.free_text.found import Context
from checks.detect.sample_places import is_installed, is_sample, is_translation

_CODE = frozenset(
    """
    py pyi pyx js mjs cjs jsx ts tsx mts cts go rs java kt kts scala groovy gradle rb php c h cc cpp cxx hpp hh m mm cs
    fs vb swift dart lua pl pm r jl ex exs erl hrl hs ml mli clj cljs coffee vue svelte astro sol zig nim d pas proto
    ps1 psm1 psd1 thrift graphql sql tcl v sv vhd asm s f f90 ipynb css scss less sass map rego cmake bzl star
    """.split()  # noqa: SIM905
)
_LOCKS = frozenset(
    """
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml poetry.lock uv.lock pdm.lock pipfile.lock cargo.lock
    go.sum go.work.sum gemfile.lock composer.lock flake.lock mix.lock pubspec.lock podfile.lock packages.lock.json
    .terraform.lock.hcl bun.lock deno.lock .package-lock.json record
    """.split()  # noqa: SIM905
)
_LONG_LINE = 2000
"""Bytes of the average line beyond which nobody wrote it by hand."""


def context_of(path: str, data: bytes) -> Context:
    """`path` is relative to the tree that was named: what lies above it says nothing of the file."""
    name = path.rpartition("/")[2].lower()
    ending = name.rpartition(".")[2] if "." in name else ""
    example = is_sample(path) or is_installed(path) or is_translation(path)
    locked = name in _LOCKS or name.endswith((".min.js", ".map", ".min.css")) or _minified(ending, data)
    return Context(ending in _CODE, example, locked)


def _minified(ending: str, data: bytes) -> bool:
    """Scripts and data whose lines are longer than people write them."""
    if ending not in ("js", "css", "mjs", "cjs", "json", "html", "svg") or len(data) < _LONG_LINE:
        return False
    return len(data) > _LONG_LINE * (data.count(b"\n") + 1)
