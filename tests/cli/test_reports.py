"""`tutor where`, `schema`, `progress` and `doctor`."""

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


def test_progress_counts_what_was_done(tutor: Tutor) -> None:
    assert tutor("progress", "--json").json["ratings"] == 0
    tutor("rate", "Fargo", "4")
    tutor("quiz", "--limit", "1", stdin="1\n3\n")
    report = tutor("progress", "--json").json
    assert report["ratings"] == 1 and report["cards"]["seen"] == 1
    assert report["questions"]["written"] < report["questions"]["total"] == 44
    out = tutor("progress").out
    assert "ratings      1\n" in out and "1 of " in out


def test_the_doctor_names_every_part(tutor: Tutor) -> None:
    checks = {check["name"]: check for check in tutor("doctor", "--json").json}
    assert {"torch", "data", "disk", "database", "terminal"} <= set(checks)
    assert checks["torch"]["ok"] and checks["disk"]["ok"] and checks["database"]["ok"]
    assert all(set(check) == {"name", "ok", "detail", "remedy"} for check in checks.values())
    assert "torch" in tutor("doctor").out
