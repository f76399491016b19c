"""Lines of the dialogue: what stays on a line of its own."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tutor.ui.widgets.lines import TutorLine

from .looks import text_of


class Lines(App[None]):
    """A tutor's list and verdict, one below the other."""

    def compose(self) -> ComposeResult:
        yield TutorLine("For you:\n1  Fargo (1996)  4.2 stars\n2  Heat (1995)  4.1 stars")
        yield TutorLine('✓ "multiply" · the first step\n○ still open: the second')


async def test_each_film_of_a_list_and_each_point_has_its_own_line() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        starts = [line.removeprefix("Tutor").strip().split(" ")[0] for line in text_of(app).splitlines()]
        assert [start for start in starts if start] == ["For", "1", "2", "✓", "○"]
