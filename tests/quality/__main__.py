"""`make quality`: recall by format on generated files, precision on other people's."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from random import Random

from tests.quality.form import Example, quiet_examples, secret_examples
from tests.quality.formats import FORMS
from tests.quality.measure import measure
from tests.quality.tables import misses, recall_table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality")
    parser.add_argument("--seed", type=int, default=1, help="of the generated values")
    parser.add_argument("--rounds", type=int, default=1, help="examples of each shape of secret")
    parser.add_argument("--format", default="", help="only formats whose name holds this")
    parser.add_argument("--keep", type=Path, help="write the generated files here and keep them")
    parser.add_argument("--only", choices=("recall", "precision"))
    given = parser.parse_args()
    if given.only != "precision":
        _recall(given)
    if given.only != "recall":
        from tests.quality.precision import report

        for line in report():
            print(line, flush=True)


def _recall(given: argparse.Namespace) -> None:
    random = Random(given.seed)
    examples: list[Example] = []
    for form in FORMS:
        if given.format.lower() in form.format.lower():
            examples += secret_examples(form, random, given.rounds)
            examples += quiet_examples(form, random)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dh-quality-") as name:
        result = measure(examples, given.keep or Path(name))
    for line in (*recall_table(result), *misses(result)):
        print(line)
    print(f"\n{len(examples)} files in {time.monotonic() - started:.1f} s\n", flush=True)


if __name__ == "__main__":
    main()
