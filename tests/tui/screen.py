"""The screen as plain text, and waiting for what works in the background."""

from __future__ import annotations

from textual.pilot import Pilot

SIZES = ((80, 24), (120, 40))


def dump(pilot: Pilot[int]) -> str:
    """What a person sees, line by line."""
    lines = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


async def settled(pilot: Pilot[int]) -> str:
    """The screen once every worker has ended and its messages are handled."""
    for _ in range(2):  # a worker's last message may start the next worker
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    return dump(pilot)


async def pressed(pilot: Pilot[int], *keys: str) -> str:
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
    return await settled(pilot)
