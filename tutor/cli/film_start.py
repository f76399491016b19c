"""`tutor movies next | tastes | score | map | unseen | seen | hide | watchlist`: start, marks, map."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from typing import TYPE_CHECKING, Any

from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.following import cancellable, follow
from tutor.cli.output import emit_json, emit_line, emit_lines, emit_table

if TYPE_CHECKING:
    from tutor.core.film_records import Film
    from tutor.store.ratings import Mark


def ask(args: Namespace) -> ExitCode:
    """Name the film that is worth asking about next."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        movies = workspace.movies
        if (args.strategy or workspace.asking.strategy) == "information":
            follow(movies.ensure_model(cancelled, movies.default_model), as_json=False)
        question = workspace.asking.next(args.strategy)
    if args.json:
        emit_json([] if question is None else [question.film])
    elif question is None:
        emit_line("Every film that could be asked about has an answer.")
    else:
        _films([question.film])
        emit_line(f"chosen as {question.strategy}: {question.why}. Rate it, or: tutor movies unseen ID")
    return ExitCode.DONE


def tastes(args: Namespace) -> ExitCode:
    """List groups of taste; pick some."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        follow(workspace.movies.ensure_model(cancelled), as_json=False)
        if args.pick:
            workspace.movies.choose_tastes(args.pick)
        chosen, found = workspace.movies.chosen_tastes, workspace.movies.tastes()
    if args.json:
        emit_json(
            [
                {"id": one.id, "name": one.name, "films": one.films, "picked": one.id in chosen}
                for one in found
            ]
        )
    elif not found:
        emit_line("This data set is too small for groups of taste; rate a few films instead.")
    else:
        emit_table(
            [
                (one.id, "picked" if one.id in chosen else "", ", ".join(film.title for film in one.films))
                for one in found
            ]
        )
    return ExitCode.DONE


def score(args: Namespace) -> ExitCode:
    """Say how far off the forecasts were."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        told = workspace.asking.score()
    if args.json:
        emit_json(told)
    elif told.off is None:
        emit_line("No forecast was put to the test yet: rate films that were asked about, in the app.")
    else:
        emit_line(
            f"off by {told.off:.2f} stars on average over {told.answers} answers; "
            f"the films' mean ratings are off by {told.means_off:.2f}"
        )
    return ExitCode.DONE


def taste_map(args: Namespace) -> ExitCode:
    """Place films and the learner in two dimensions."""
    from tutor.core.taste_map import taste_map
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        follow(workspace.movies.ensure_model(cancelled), as_json=False)
        found = taste_map(workspace.movies)
    if args.json:
        nobody: dict[str, Any] = {"year": None, "genres": [], "keys": {}, "rated": None}
        you = {"id": "you", "title": "you", **nobody, "x": found.x, "y": found.y, "axes": found.axes}
        emit_json([you, *found.spots])
        return ExitCode.DONE
    emit_lines(
        f"axis {name}: {', '.join(axis.low)}  to  {', '.join(axis.high)}"
        for name, axis in zip("xy", found.axes, strict=True)
    )
    emit_table([("you", f"{found.x:+.2f}", f"{found.y:+.2f}"), *(
        (one.title, f"{one.x:+.2f}", f"{one.y:+.2f}") for one in found.spots
    )], right=(1, 2))  # fmt: skip
    return ExitCode.DONE


def unseen(args: Namespace) -> ExitCode:
    """Say that a film was not seen."""
    return _mark(args, "not_seen", "not seen yet")


def seen(args: Namespace) -> ExitCode:
    """Say that a film was seen."""
    return _mark(args, "seen", "seen; it is not listed any more")


def hide(args: Namespace) -> ExitCode:
    """Never list a film."""
    return _mark(args, "hidden", "not listed any more")


def watchlist(args: Namespace) -> ExitCode:
    """List what is to be watched, or change that."""
    from tutor.core.workspace import Workspace

    verb, *rest = args.text or ("list",)
    if verb not in ("add", "remove", "list") or (verb == "list") == bool(rest):
        raise UsageError("say: tutor movies watchlist, watchlist add FILM, or watchlist remove FILM.")
    with closing(Workspace()) as workspace:
        if rest:
            workspace.movies.mark(" ".join(rest), "watchlist", verb == "add")
        films = workspace.movies.marked("watchlist")
    if args.json:
        emit_json(films)
    elif films:
        _films(films)
    else:
        emit_line("Nothing is on your watchlist. Put a film on it: tutor movies watchlist add FILM")
    return ExitCode.DONE


def _mark(args: Namespace, mark: Mark, words: str) -> ExitCode:
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        change = workspace.movies.mark(" ".join(args.text), mark)
        film = workspace.movies.film(change.film.id)
    if args.json:
        emit_json([film])
    else:
        emit_line(f"{film.title}: {words}. `tutor rate --undo` takes it back.")
    return ExitCode.DONE


def _films(films: list[Film]) -> None:
    emit_table(
        [(one.id, f"{one.title} ({one.year or '?'})", " ".join(one.genres), one.rated) for one in films]
    )
