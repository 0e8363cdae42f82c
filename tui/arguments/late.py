"""A parser that gets its options when it is asked to parse: of twenty commands one is, and a hook starts at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any


class LateParser(argparse.ArgumentParser):
    def __init__(self, *, fill: Callable[[argparse.ArgumentParser], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._fill: Callable[[argparse.ArgumentParser], None] | None = fill

    def parse_known_args(  # type: ignore[override]  # argparse's has overloads for kinds of namespaces
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        if self._fill:
            self._fill(self)
            self._fill = None
        return super().parse_known_args(args, namespace)
