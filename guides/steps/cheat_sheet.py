"""The one-page version of the guide, for the wall and for the first minutes."""

from __future__ import annotations

from guides.markdown import escaped
from guides.words import subject


def cheat_sheet() -> str:
    """Markdown that fits a page."""
    lines = ["# A Docker credential leaked: what to do", ""]
    for one in subject("cheat-sheet").values():
        number = f"{one.id}. " if one.id.isdecimal() else ""
        lines += [f"**{number}{escaped(one.title)}.** {escaped(' '.join(one.paragraphs))}", ""]
    return "\n".join(lines)
