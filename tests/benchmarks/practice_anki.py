"""Opens exports with Anki's own code, one after the other in one new collection; a JSON line for each.

Runs in an environment of its own that has the package `anki`; knows nothing of the tutor:

    PYTHON practice_anki.py BACK.apkg FILE.apkg [FILE.apkg | FILE.txt ...]

At last it answers some cards and exports the collection with its reviews to BACK.apkg; the last line says how
many reviews there were.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from anki.buildinfo import version
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
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


def practise(collection: Collection, out: str, most: int = 12) -> int:
    """Answer cards with good and again in turn, then export them with their reviews."""
    deck = next(one for one in collection.decks.all_names_and_ids() if "::" not in one.name and one.id != 1)
    collection.decks.select(deck.id)
    for number in range(most):
        card = collection.sched.getCard()
        if card is None:
            break
        card.start_timer()
        collection.sched.answerCard(card, 1 if number % 4 == 3 else 3)
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=False, legacy=True)
    collection.export_anki_package(out_path=out, options=options, limit=None)
    return collection.db.scalar("SELECT count(*) FROM revlog WHERE ease > 0")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        for file in sys.argv[2:]:
            log = take(collection, file)
            notes = [collection.get_note(number) for number in collection.find_notes("")]
            print(json.dumps({
                "anki": version, "new": len(log.new), "updated": len(log.updated),
                "unchanged": len(log.duplicate), "conflicting": len(log.conflicting), "notes": len(notes),
                "guids": len({note.guid for note in notes}),
                "fields": sorted({name for note in notes for name in note.keys()}),  # noqa: SIM118
            }))  # fmt: skip
        print(json.dumps({"reviews": practise(collection, sys.argv[1])}))
        collection.close()


if __name__ == "__main__":
    main()
