"""The film that is asked about, with its keys; the forecast for it stays hidden until it is answered."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tutor.ui.commands import bindings
from tutor.ui.widgets.films import Film, stars_of

KEYS = "1-9 = ½-4½ stars, 0 = 5 · n not seen"


class QuestionCard(Static, can_focus=True):
    """Shows `film`; an answer is posted, and takes the film away until the next one is set."""

    BINDINGS = bindings("movies", "question")
    DEFAULT_CSS = """
    QuestionCard { height: auto; min-height: 3; padding: 0 1; }
    """

    film: reactive[Film | None] = reactive(None)
    waiting: reactive[str] = reactive("Looking for a film worth asking about …")

    class Answered(Message):
        """The learner said what they think of the film; None: they have not seen it."""

        def __init__(self, film: Film, stars: float | None) -> None:
            super().__init__()
            self.film = film
            self.stars = stars

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a film there is nothing to answer."""
        return self.film is not None if action == "answer" else super().check_action(action, parameters)

    def action_answer(self, key: str) -> None:
        """Stars by key, or not seen."""
        if self.film is not None:
            film, self.film = self.film, None
            self.post_message(self.Answered(film, None if key == "n" else stars_of(key)))

    def watch_film(self) -> None:
        """Draw another film."""
        self._draw()
        self.refresh_bindings()

    def watch_waiting(self) -> None:
        """Say why there is none."""
        self._draw()

    def _draw(self) -> None:
        if self.film is None:
            self.update(Content.styled(self.waiting, "$text-muted"))
            return
        film = self.film
        self.update(
            Content.assemble(
                (film.title, "bold"),
                f" ({film.year})\n" if film.year else "\n",
                (f"{', '.join(film.genres[:4])}\n", "$text-muted"),
                KEYS,
            )
        )


def surprise(title: str, predicted: float | None, stars: float | None) -> str:
    """What was guessed, and what was said: `Heat: we guessed 3.9, you said 5. More than we thought.`"""
    if stars is None:
        return f"{title}: not seen."
    if predicted is None:
        return f"{title}: {stars:g} stars."
    beyond = stars - predicted
    word = "Close" if abs(beyond) < 0.5 else f"{'More' if beyond > 0 else 'Less'} than we thought"
    return f"{title}: we guessed {predicted:.1f}, you said {stars:g}. {word}."
