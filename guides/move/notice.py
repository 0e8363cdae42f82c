"""What the person should know at the start. Apart from what finds it out, so that the app can show it at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, and what to do next."""

    text: str
    action: str
