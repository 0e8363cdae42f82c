"""What the last run left to say."""

from __future__ import annotations

from collections.abc import Iterable

from guides.move.notice import Notice
from tui.plain.terminal import Terminal


def show_notices(notices: Iterable[Notice], terminal: Terminal) -> None:
    for notice in notices:
        terminal.line(f"! {notice.text}")
        terminal.line(f"  {notice.action}")
