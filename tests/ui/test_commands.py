"""The registry: unique ids, no key with two meanings in one place, reserved keys kept."""

from __future__ import annotations

from collections import Counter

import pytest

from tutor.ui.commands import COMMANDS, PLACES, bindings, command, commands_of, key_name, keys_name


def test_ids_are_unique_and_found() -> None:
    assert all(command(one.id) is one for one in COMMANDS)
    assert command(None) is None
    assert command("nothing.such") is None


def test_a_key_means_one_thing_for_one_focus() -> None:
    for focus in {one.focus for one in commands_of("learn")}:
        keys = Counter(
            key
            for one in commands_of("learn")
            if one.focus == focus and key_name(one.key) != "esc"
            for key in one.key.split(",")
        )
        assert max(keys.values(), default=1) == 1, keys.most_common(1)


def test_reserved_keys_keep_their_meaning() -> None:
    everywhere = {one.key: one.id for one in commands_of(None)}
    assert everywhere["f1"] == "app.help"
    assert everywhere["ctrl+p"] == "app.palette"
    assert everywhere["ctrl+q"] == "app.quit"
    assert [everywhere[f"alt+{number}"] for number in range(1, 6)] == [f"app.{place}" for place in PLACES]
    assert command("learn.send").key == "enter"  # type: ignore[union-attr]


def test_no_bare_letter_works_while_text_is_typed() -> None:
    for one in commands_of("learn"):
        if one.focus in (None, "prompt") or one.priority:
            assert all(len(key) > 1 for key in one.key.split(",")), one.id


def test_bindings_carry_ids_for_a_keymap() -> None:
    assert {binding.id for binding in bindings("learn", "prompt")} >= {"learn.send", "learn.line"}  # type: ignore[union-attr]


def test_help_is_a_sentence() -> None:
    assert all(one.help.endswith(".") and one.help[0].isupper() for one in COMMANDS)


@pytest.mark.parametrize(
    ("key", "name"), [("f2", "F2"), ("escape", "esc"), ("ctrl+j,shift+enter", "ctrl+j"), ("f", "f")]
)
def test_keys_are_written_the_way_people_do(key: str, name: str) -> None:
    assert key_name(key) == name


def test_a_range_of_keys_is_written_as_one() -> None:
    shown = {one.id: keys_name(one) for one in COMMANDS}
    assert (shown["quiz.grade"], shown["quiz.sure"], shown["quiz.reveal"]) == ("1-4", "1-3", "space")
    assert (shown["movies.rate"], shown["lab.turn"]) == ("1-9", "← →")
