"""The README's pictures, taken from the app on the demo workstation: `make pictures`."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from tests.tui.screen import pressed, settled
from tui.app import DockhygieneApp
from tui.commands.demo import demo_session

SIZE = (100, 30)


async def take(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with demo_session() as session:
        app = DockhygieneApp(session)
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            _save(app, folder / "findings.svg")
            await pressed(pilot, "f")
            await settled(pilot)
            _save(app, folder / "case.svg")
            await pressed(pilot, "escape")
            await settled(pilot)
            await pressed(pilot, "F")
            _save(app, folder / "preview.svg")
            await pressed(pilot, "enter", "y")
            _save(app, folder / "result.svg")


def _save(app: DockhygieneApp, path: Path) -> None:
    """Textual numbers its class names anew each time; fixed ones keep the difference of two versions small."""
    svg = re.sub(r"terminal-\d+", f"terminal-{path.stem}", app.export_screenshot(title="dockhygiene demo"))
    path.write_text(re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
