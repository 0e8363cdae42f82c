"""The same image as two archives, plain and gzip layers, scanned by dockhygiene and its peers in turn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.bench.image import Made, docker_archive, gzip_archive, made_image
from tests.bench.measuring import Failed, heading, shown, used
from tests.bench.peers import installed, texts_of
from tests.bench.scanning import Scanner, folders, ours, program_environ, run_in_turn

_COLD = "dockhygiene, cold"
_PATIENCE = 90
"""Seconds: a peer that unpacks to disk may need minutes for one run."""
_FORMS: dict[str, Callable[[Made, Path], Path]] = {"plain layers": docker_archive, "gzip layers": gzip_archive}


def run() -> None:
    for form, write in _FORMS.items():
        with folders() as (folder, work):
            layers = work / "layers"
            layers.mkdir()
            made = made_image(layers)
            archive = write(made, folder / "image.tar")
            for layer in layers.iterdir():
                layer.unlink()
            size = archive.stat().st_size / 1e6
            heading(f"an image with {form}: {made.described()}, an archive of {size:.0f} MB")
            _compare(folder, work, archive, made)


def _compare(folder: Path, work: Path, archive: Path, made: Made) -> None:
    reports: dict[str, Path] = {}
    scanners = _scanners(folder, work, archive, reports)
    run_in_turn(scanners)
    found = {}
    for scanner in scanners:
        text = texts_of(reports[scanner.name])
        found[scanner.name] = sum(path in text for path in made.planted)
        shown(scanner.name, scanner.usage, f"{found[scanner.name]} of {len(made.planted)} planted in layers")
    _against_the_design(scanners, found)


def _scanners(folder: Path, work: Path, archive: Path, reports: dict[str, Path]) -> list[Scanner]:
    cold = ours(folder, work, _COLD, "--no-cache")
    scanners = [cold]
    reports[cold.name] = Path(cold.environ["HOME"]).parent / "report.json"
    empty = work / "empty"
    empty.mkdir()
    for peer, binary in installed():
        place = work / peer.name
        place.mkdir()
        reports[peer.name] = place / "report.json"
        names = {"binary": str(binary), "report": str(reports[peer.name])}
        try:  # compiles its rules, and keeps them
            used(peer.argv(path=str(empty), **names), program_environ(place), peer.fine)
        except (Failed, OSError) as failed:
            print(f"  {peer.name} is left out: {failed}")
            continue
        argv = ["timeout", str(_PATIENCE), *peer.argv("image", path=str(archive), **names)]
        scanners.append(Scanner(peer.name, argv, program_environ(place), peer.fine))
    return scanners


def _against_the_design(scanners: list[Scanner], found: dict[str, int]) -> None:
    usages = {scanner.name: scanner.usage for scanner in scanners}
    peers = [name for name in usages if name != _COLD and found[name]]
    cold = usages.get(_COLD)
    if cold and peers:
        fastest = min(peers, key=lambda name: usages[name].wall)
        ratios = f"{cold.wall / usages[fastest].wall:.2f} in wall time, {cold.cpu / usages[fastest].cpu:.2f} in CPU"
        print(f"  cold / the fastest peer that finds secrets in layers ({fastest}): {ratios} (to reach: 0.5)")
    if cold:
        print(f"  memory of all our processes: {cold.together / 1e6:.0f} MB (to stay below: 300 MB)")
