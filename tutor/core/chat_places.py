"""Films, quiz and progress out of the chat: in the app their place opens, in a pipe they are said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tutor.core.errors import BadInput
from tutor.core.events import Cancelled, ChatEvent, Failed, Opened, Progress
from tutor.core.intents import Understood

if TYPE_CHECKING:
    from tutor.core.session import Session

_LISTED = 5


def recommend(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """Open Movies, or list the best films here."""
    if not session.inline:
        yield session.say("To the Movies: your list is there, and it changes with each rating.")
        yield Opened(place="movies")
        return
    movies = session.workspace.movies
    if not movies.model_ready and not session.keeps:
        yield session.say("No recommender is trained here yet. `tutor recommend` trains it first.")
        return
    for event in () if movies.model_ready else movies.ensure_model():
        if isinstance(event, Progress | Failed | Cancelled):
            yield event
    films = movies.recommend(_LISTED)
    lines = [f"{one.rank}  {_titled(one.title, one.year)}  {one.predicted:.1f} stars" for one in films]
    session.note(recommended=[one.model_dump(include={"id", "title", "predicted"}) for one in films])
    yield session.say("\n".join([movies.basis().note, *lines]), "for you")


def rate(session: Session, understood: Understood, text: str) -> Iterator[ChatEvent]:
    """Store the ratings that a line gives, film by film; what is unclear is asked for."""
    movies, lines, rated = session.workspace.movies, [], []
    with session.workspace.store.transaction():
        for opinion in understood.opinions:
            try:
                change = movies.rate(opinion.title, opinion.stars)
            except BadInput as fault:
                lines.append(str(fault))
                continue
            film = change.film
            rated.append({"id": film.id, "title": film.title, "year": film.year, "stars": change.after})
            lines.append(f"{_titled(film.title, film.year)}: {_stars(opinion.stars)}, stored.")
        if not understood.opinions:
            lines.append("Which film, and how many stars? For example: `rate Fargo 5`, or `i loved Fargo`.")
        session.note(rated=rated)
        said = session.say("\n".join([*lines, "`undo` takes it back."] if rated else lines), "rating")
    yield said


def undo(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """Take back the last change of a rating."""
    with session.workspace.store.transaction():
        change = session.workspace.movies.undo()
        if change is None:
            said = session.say("There is no rating to take back.")
        else:
            now = "not rated" if change.before is None else _stars(change.before)
            words = f"{_titled(change.film.title, change.film.year)} is {now} again."
            if change.kind != "stars" or change.count > 1:
                many = change.count > 1
                words = f"An import of {change.count} films is undone." if many else "A mark is undone."
            said = session.say(f"Taken back. {words}")
            session.note(undone={"id": change.film.id, "stars": change.before})
    yield said


def quiz(session: Session, _: Understood, __: str) -> Iterator[ChatEvent]:
    """Open the Quiz, or say what waits there."""
    if not session.inline:
        yield session.say("To the Quiz.")
        yield Opened(place="quiz")
        return
    counts = session.workspace.practice.counts()
    session.note(due=counts.due, new=counts.new, next_due_at=counts.next_due_at)
    yield session.say(
        f"{counts.due} cards are due and {counts.new} new ones wait. `tutor quiz` asks them.", "quiz"
    )


def progress(session: Session, _: Understood, text: str) -> Iterator[ChatEvent]:
    """Look back on a sitting where the words ask for that; else open Progress, or say the figures."""
    from tutor.core.chat_recap import look_back
    from tutor.core.progress import progress as count
    from tutor.core.recap_words import looks_back

    if looks_back(text):
        yield from look_back(session, text)
        return
    if not session.inline:
        yield session.say("To your progress.")
        yield Opened(place="progress")
        return
    report = count(session.workspace)
    questions, cards, runs = report.questions, report.cards, report.runs
    lines = [
        f"Questions: {questions.done} of {questions.written} done, {questions.started} begun.",
        f"Cards: {cards.seen} of {cards.total} seen, {cards.due} due.",
        f"Experiments: {runs.finished}; {runs.hits} of {runs.predicted} predictions came out.",
        f"Films rated: {report.ratings}.",
    ]
    session.note(progress=report.model_dump(mode="json", exclude={"days"}))
    yield session.say("\n".join(lines), "progress")


def _titled(title: str, year: int | None) -> str:
    return f"{title} ({year})" if year else title


def _stars(stars: float) -> str:
    return f"{stars:g} star{'' if stars == 1 else 's'}"
