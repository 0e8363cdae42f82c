"""Values that options take, read and refused."""

from __future__ import annotations

import argparse

LEVELS = ("critical", "high", "medium", "low")


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("a number of seconds")
    return number


def count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return number


def megabytes(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 2000:
        raise argparse.ArgumentTypeError("a number of megabytes from 1 to 2000")
    return number
