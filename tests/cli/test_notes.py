"""`tutor notes import | show | export`: both doors, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Tutor, complains

NOTES = """\
## Questions

7. What is the dot product? Work one out with lists.
* You multiply the matching numbers.

19. **(TODO)** What is weight decay called otherwise?

22. Why do small weights generalise?
* They follow the noise less.

40. How do whales sleep?
* half a brain
"""
RIGHT = "Multiply the matching numbers and add up the products."


@pytest.fixture
def notes(tmp_path: Path) -> str:
    file = tmp_path / "NOTES.md"
    file.write_text(NOTES)
    return str(file)


def test_an_import_says_what_became_of_each_question(tutor: Tutor, notes: str) -> None:
    report = tutor("notes", "import", notes, "--json").json
    rows = {kind: [(row["line"], row["q"], row["id"]) for row in report[kind]] for kind in
            ("matched", "uncertain", "unmatched", "empty")}  # fmt: skip
    assert rows == {"matched": [(3, 7, "q07"), (8, 22, "q22")], "uncertain": [],
                    "unmatched": [(11, None, None)], "empty": [(6, 19, "q19")]}  # fmt: skip
    assert report["matched"][0]["prompt"].startswith("What is a dot product")
    told = tutor("notes", "import", notes)
    assert told.code == 0 and "notes on 2 questions taken in" in told.out
    assert "19 (line 6)" in told.out and "line 11: 40. How do whales sleep?" in told.out
    chosen = tutor("notes", "import", notes, "--choose", "11=31", "--json").json
    assert [row["id"] for row in chosen["matched"]] == ["q07", "q22", "q31"]
    assert tutor("notes", "import", "-", "--json", stdin=NOTES).json["file"] == "stdin"


def test_notes_show_after_a_try(tutor: Tutor, notes: str) -> None:
    tutor("notes", "import", notes)
    early = tutor("notes", "show", "7")
    assert early.code == 0 and "Try first" in early.out and "--anyway" in early.out
    assert tutor("notes", "show", "q07", "--json").json["note"] is None
    anyway = tutor("notes", "show", "7", "--anyway", "--json").json
    assert anyway["note"] == "* You multiply the matching numbers." and anyway["answer"] is None
    tutor("ask", "go to 7")
    assert "show my notes" in tutor("ask", RIGHT).out
    pair = tutor("notes", "show", "7", "--json").json
    assert (pair["q"], pair["id"], pair["answer"]) == (7, "q07", RIGHT)
    assert {"id", "about", "note", "answer"} <= set(pair["points"][0]) and pair["errata"] == []
    assert "Point by point:" in tutor("ask", "compare my notes").out
    chat = tutor("chat", "--plain", stdin="show my notes\n").out
    assert "Tutor: [your notes] Your notes (NOTES.md):" in chat


def test_finished_notes_are_written_and_come_back(
    tutor: Tutor, notes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutor("notes", "import", notes)
    tutor("ask", "go to 7")
    tutor("ask", RIGHT)
    out = str(tmp_path / "out.md")
    counts = tutor("notes", "export", out, "--json").json
    assert counts == {"file": out, "answered": 1, "kept": 1, "open": 29}
    written = Path(out).read_text()
    assert tutor("notes", "export", "-").out == written
    assert tutor("notes", "export", "-", "--json").json["text"] == written
    assert "1 answered here" in tutor("notes", "export", out).out
    assert complains(tutor("notes", "export", notes), "NOTES.md", "--yes")
    assert Path(notes).read_text() == NOTES
    assert tutor("notes", "export", notes, "--yes").code == 0
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "elsewhere"))
    again = tutor("notes", "import", out, "--json").json
    assert [row["id"] for row in again["matched"]] == ["q07", "q22"] and len(again["empty"]) == 29


def test_notes_travel_and_go_with_all_state(
    tutor: Tutor, notes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutor("notes", "import", notes)
    state = str(tmp_path / "state.zip")
    assert tutor("export", state, "--json").json["counts"]["notes"] == 2
    assert tutor("reset", "--question", "7", "--yes", "--json").json["removed"]["notes"] == 1
    assert complains(tutor("notes", "show", "7"), "q07", "tutor notes import")
    tutor("import", state)
    assert tutor("notes", "show", "7", "--anyway", "--json").json["note"]


def test_bad_input_is_one_line_and_changes_nothing(tutor: Tutor, notes: str, tmp_path: Path) -> None:
    tutor("notes", "import", notes)
    broken = tmp_path / "broken.md"
    broken.write_bytes(b"7. What is a dot product?\n* \xff\n")
    empty = tmp_path / "empty.md"
    empty.write_text("\n")
    assert complains(tutor("notes", "import", str(broken)), "line 2", "UTF-8")
    assert complains(tutor("notes", "import", str(empty)), "no question")
    assert complains(tutor("notes", "import", str(tmp_path)), "can be read")
    assert complains(tutor("notes", "import", str(tmp_path / "none.md")), "none.md")
    assert complains(tutor("notes", "import", notes, "--choose", "3"), "--choose")
    assert complains(tutor("notes", "import", notes, "--choose", "3=q99"), "q99")
    assert complains(tutor("notes", "import", notes, "--choose", "4=7"), "line 4")
    assert complains(tutor("notes", "export", str(tmp_path / "no" / "out.md")), "can be written")
    assert complains(tutor("notes", "show", "99"), "99")
    assert complains(tutor("notes"), "tutor notes --help")
    assert (
        tutor("notes", "show", "7", "--anyway", "--json").json["note"]
        == "* You multiply the matching numbers."
    )
