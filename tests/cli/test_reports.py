"""`tutor where` and `tutor schema`."""

from __future__ import annotations

from pathlib import Path

from .conftest import Tutor


def test_where_creates_nothing(tutor: Tutor, home: Path) -> None:
    places = tutor("where", "--json").json
    assert places["home"] == str(home) and places["database"].startswith(str(home))
    assert Path(places["content"], "course.toml").is_file()
    assert f"home      {home}\n" in tutor("where").out
    assert not home.exists()


def test_the_schema_names_every_event(tutor: Tutor) -> None:
    schema = tutor("schema").json
    assert {"Said", "Graded", "TurnFinished", "RunFinished", "CurvePoint", "Failed"} <= set(schema["$defs"])
    assert schema == tutor("schema", "--json").json
