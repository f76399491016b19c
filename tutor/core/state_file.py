"""All that is kept of a learner in one file, and back, on this machine or another.

The file is a zip of two members: `manifest.json` (what it is, the schema, when, a checksum) and
`tutor.db`, a consistent copy of the learner's file. Data sets and trained recommenders
are made again where they are missing; which data set is used stays as it is on each machine.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.errors import BadInput
from tutor.store.database import Database, StoreError, now
from tutor.store.paths import Paths
from tutor.store.whole import copy_to, counts, read_version, replace_by, take_settings

KIND, VERSION = "tutor-state", 1
MANIFEST, DATABASE = "manifest.json", "tutor.db"
OF_THE_MACHINE = ("data", "data_added", "data_here", "fetch_failed_at")
"""Settings about files of this machine; they do not travel."""
MAX_BYTES = 2**30
"""No learner's file comes near this size; a zip that claims more is not unpacked."""


class BadStateFile(BadInput):
    """The file cannot be written, or cannot be taken in; nothing was changed."""


@dataclass(frozen=True)
class Moved:
    """What was written or taken in. `backup`: the copy of what was there before an import."""

    file: Path
    schema: int
    date: str
    counts: dict[str, int]
    backup: Path | None = None


def export_state(paths: Paths, file: Path) -> Moved:
    """Write all that is kept of the learner into one file; an earlier file of that name is replaced whole."""
    if file.resolve() == paths.database.resolve():
        raise BadStateFile(f"{file} is where the tutor itself keeps it; name another file.")
    with closing(Database(paths.database, paths.backups)) as database:
        schema, held = database.version, counts(database)
    part = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, DATABASE)
            copy_to(paths.database, copy)
            content = copy.read_bytes()
        manifest = {"kind": KIND, "version": VERSION, "schema": schema, "date": now(), "counts": held,
                    "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest, indent=2))
            packed.writestr(DATABASE, content)
        part.replace(file)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise BadStateFile(f"{file}: {fault.strerror or fault}; name a file that can be written.") from fault
    return Moved(file, schema, str(manifest["date"]), held)


def import_state(paths: Paths, file: Path) -> Moved:
    """Put an exported file in the place of what is kept here; what was there is copied to the backups first.

    Raises `BadStateFile` for a file that is damaged, of a newer tutor, or something else; nothing is changed.
    """
    manifest, content = _unpacked(file)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, DATABASE)
        copy.write_bytes(content)
        try:
            if read_version(copy) != manifest["schema"]:
                raise StoreError("its manifest names another schema")
            with closing(Database(copy)) as database:  # an older schema is brought up to date here
                held, schema = counts(database), database.version
                take_settings(database, paths.database, OF_THE_MACHINE)
        except StoreError as fault:
            raise BadStateFile(_sentence(file, str(fault))) from fault
        backup = replace_by(paths.database, copy, paths.backups)
    return Moved(file, schema, str(manifest["date"]), held, backup)


def _unpacked(file: Path) -> tuple[dict[str, Any], bytes]:
    """The manifest and the database of an exported file, checked against each other."""
    try:
        with zipfile.ZipFile(file) as packed:
            if any(packed.getinfo(name).file_size > MAX_BYTES for name in (MANIFEST, DATABASE)):
                raise BadStateFile(
                    f"{file}: it claims to hold more than a learner's file can; nothing was changed."
                )
            manifest = json.loads(packed.read(MANIFEST))
            _check_kind(file, manifest)
            content = packed.read(DATABASE)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as e:
        raise BadStateFile(_sentence(file, f"not a whole file of `tutor export` ({e})")) from e
    except OSError as fault:
        raise BadStateFile(
            f"{file}: {fault.strerror or fault}; name a file that `tutor export` wrote."
        ) from fault
    if hashlib.sha256(content).hexdigest() != manifest.get("sha256"):
        raise BadStateFile(_sentence(file, "its content is not what was written"))
    return manifest, content


def _check_kind(file: Path, manifest: Any) -> None:
    from tutor.store.database import newest_schema

    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise ValueError("its manifest is of something else")
    version, schema = manifest.get("version"), manifest.get("schema")
    if not isinstance(version, int) or not isinstance(schema, int) or "date" not in manifest:
        raise ValueError("its manifest is incomplete")
    if version > VERSION or schema > newest_schema():
        raise BadStateFile(
            f"{file} was written by a newer tutor (schema {schema}, this one knows {newest_schema()}). "
            "Update the program; nothing was changed."
        )


def _sentence(file: Path, fault: str) -> str:
    return f"{file} is damaged or no such file: {fault}. Export it again; nothing was changed."
