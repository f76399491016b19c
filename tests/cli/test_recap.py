"""`tutor recap`: a sitting as Markdown, in a file, as JSON; and the time plan on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Tutor, complains

HALF = "You multiply the matching numbers."


@pytest.fixture
def worked(tutor: Tutor) -> None:
    """A sitting with an answer and a rating."""
    tutor("ask", "go to 7")
    tutor("ask", HALF)
    tutor("rate", "Fargo", "4")


@pytest.mark.parametrize("options", [(), ("--since", "today"), ("recap.md",)])
def test_without_a_sitting_there_is_one_friendly_line(
    tutor: Tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = tutor("recap", *options)
    assert ran.code == 0 and ran.out.count("\n") == 1 and ran.out.startswith("Nothing to look back on yet.")
    assert not Path("recap.md").exists()
    assert tutor("recap", *options, "--json").json["questions"] == []


@pytest.mark.usefixtures("worked")
def test_the_recap_goes_to_stdout_or_into_a_file(tutor: Tutor, tmp_path: Path) -> None:
    printed = tutor("recap")
    assert printed.code == 0 and printed.out.startswith("# Recap of ")
    assert f"> {HALF}" in printed.out and "- Fargo (1996): 4 stars" in printed.out
    file = tmp_path / "recap.md"
    assert tutor("recap", str(file)).out == f"{file}: the recap is written.\n"
    assert file.read_text("utf-8") == printed.out
    assert tutor("recap", str(file), "--since", "1h", "--json").json["films"][0]["after"] == 4
    assert complains(tutor("recap", str(tmp_path / "none" / "recap.md")), "recap.md", "can be written")


@pytest.mark.usefixtures("worked")
def test_the_json_says_the_same(tutor: Tutor) -> None:
    found = tutor("recap", "--json").json
    assert set(found) == {
        "start", "end", "minutes", "sittings", "questions", "looked_up", "experiments", "code", "films",
        "cards", "ahead",
    }  # fmt: skip
    (worked,) = found["questions"]
    assert (worked["q"], worked["answer"], worked["verdict"], worked["state"]) == (
        7,
        HALF,
        "partial",
        "started",
    )
    assert worked["made"][0]["quote"] == HALF.rstrip(".") and worked["open"]
    assert found["ahead"]["step"] == "Go on with Q7 · Dot product."


def test_a_time_that_is_none_is_one_clear_line(tutor: Tutor) -> None:
    assert complains(tutor("recap", "--since", "someday"), "'someday'", "yesterday")


def test_a_plan_is_kept_from_one_command_to_the_next(tutor: Tutor) -> None:
    first = tutor("ask", "I have 10 minutes", "--json").json
    assert first["intent"] == "plan" and first["data"]["plan"]["minutes"] == 10
    assert tutor("ask", "plan", "--json").json["reply"].startswith("10 of 10 minutes left. ")
    assert "Nothing was changed" in tutor("ask", "0 minutes").out
