"""How varied a text is."""

from __future__ import annotations

import math
from collections import Counter


def entropy(text: str) -> float:
    """Shannon's entropy in bits per character; 0 for an empty text."""
    total = len(text)
    return -sum(count / total * math.log2(count / total) for count in Counter(text).values()) if total else 0.0
