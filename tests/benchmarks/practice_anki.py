"""Opens exports with Anki's own code, one after the other in one new collection; a JSON line for each.

Runs in an environment of its own that has the package `anki`; knows nothing of the tutor:

    PYTHON practice_anki.py FILE.apkg [FILE.apkg | FILE.txt ...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from anki.buildinfo import version
from anki.collection import (
    Collection,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
    ImportCsvRequest,
)


def take(collection: Collection, file: str):
    """Import a file; returns Anki's log of it."""
    if file.endswith(".txt"):
        metadata = collection.get_csv_metadata(path=file, delimiter=None)
        return collection.import_csv(ImportCsvRequest(path=file, metadata=metadata)).log
    request = ImportAnkiPackageRequest(package_path=file, options=ImportAnkiPackageOptions())
    return collection.import_anki_package(request).log


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        for file in sys.argv[1:]:
            log = take(collection, file)
            notes = [collection.get_note(number) for number in collection.find_notes("")]
            print(json.dumps({
                "anki": version, "new": len(log.new), "updated": len(log.updated),
                "unchanged": len(log.duplicate), "conflicting": len(log.conflicting), "notes": len(notes),
                "guids": len({note.guid for note in notes}),
                "fields": sorted({name for note in notes for name in note.keys()}),  # noqa: SIM118
            }))  # fmt: skip
        collection.close()


if __name__ == "__main__":
    main()
