"""`tutor movies search`, `tutor rate` and `tutor recommend`: films, ratings, a personal list."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.cli import ratings_in_out
from tutor.cli.diagnostics import ExitCode, UsageError
from tutor.cli.following import cancellable, follow
from tutor.cli.output import emit_json, emit_line, emit_lines, emit_table
from tutor.cli.ratings_file import read_ratings
from tutor.core.movies import parse_stars

if TYPE_CHECKING:
    from tutor.core.film_records import Recommendation
    from tutor.core.movies import Movies
    from tutor.core.workspace import Workspace
    from tutor.store.ratings import Change, FilmRow


MARKED = {
    "not_seen": "marked as not seen",
    "seen": "marked as seen",
    "hidden": "put away",
    "watchlist": "on your watchlist",
}
KNOBS = ("popularity", "novelty", "diversity")


def search(args: Namespace) -> ExitCode:
    """Find films by title, the closest first."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace:
        films = workspace.movies.search(" ".join(args.text), limit=args.limit)
        label = workspace.data.dataset().label
    if args.json:
        emit_json(films)
    elif films:
        emit_table([(one.id, _titled(one.title, one.year), " ".join(one.genres), one.rated) for one in films])
    else:
        emit_line(f"No film in {label} resembles that.")
    return ExitCode.DONE


def similar(args: Namespace) -> ExitCode:
    """List the films that please the same people, the closest first."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        movies = workspace.movies
        film = movies.film(" ".join(args.text))
        follow(movies.ensure_model(cancelled, movies.default_model), as_json=False)
        films = movies.similar(film.id, top=args.limit)
    if args.json:
        emit_json(films)
    else:
        emit_table([(one.id, _titled(one.title, one.year), " ".join(one.genres), one.rated) for one in films])
    return ExitCode.DONE


def rate(args: Namespace) -> ExitCode:
    """Rate a film, list ratings, take one back or delete one."""
    from tutor.core.workspace import Workspace

    given = (
        args.words,
        args.list,
        args.undo,
        *(one is not None for one in (args.delete, args.source, args.export)),
    )
    if sum(map(bool, given)) != 1:
        raise UsageError(
            'say what to rate: tutor rate "Fargo (1996)" 4.5 (or --list, --undo, --delete ID, --import FILE).'
        )
    with closing(Workspace()) as workspace:
        if args.list:
            return _list(workspace.movies, args.json)
        if args.undo:
            return _undo(workspace.movies, args.json)
        if args.source is not None:
            return ratings_in_out.take(workspace, args)
        if args.export is not None:
            return ratings_in_out.export(workspace, args)
        if args.delete is not None:
            change = workspace.movies.delete(args.delete)
        else:
            *title, stars = args.words
            if not title:
                raise UsageError(
                    f'only one of title and stars is there: {stars!r}. Write "Fargo (1996)" 4.5.'
                )
            change = workspace.movies.rate(" ".join(title), stars)
    if args.json:
        emit_json(_as_json(change))
    else:
        emit_line(f"{_titled(change.film.title, change.film.year)}: {_moved(change.before, change.after)}")
    return ExitCode.DONE


def recommend(args: Namespace) -> ExitCode:
    """List the best films for the learner, or for whoever gave the ratings in a file."""
    from tutor.core.workspace import Workspace

    with closing(Workspace()) as workspace, cancellable() as cancelled:
        if args.data:
            workspace.data.pin(args.data)
        movies = workspace.movies
        ratings = _from_file(workspace, Path(args.ratings)) if args.ratings is not None else None
        follow(movies.ensure_model(cancelled, args.model or movies.default_model), as_json=False)
        knobs = {name: getattr(args, name) for name in KNOBS if getattr(args, name) is not None}
        found = movies.recommend(
            args.top, ratings=ratings, why=args.why, model=args.model, knobs=knobs,
            genres=args.genre, without=args.without, what_if=_what_if(movies, args.what_if),
        )  # fmt: skip
        note = movies.basis(ratings).note
    if args.json:
        emit_json(found)
        return ExitCode.DONE
    emit_line(note)
    emit_table(
        [
            (one.rank, f"{one.predicted:.1f}", _ends(one), _titled(one.title, one.year), _about(one))
            for one in found
        ],
        right=(0, 1),
    )
    for one in found if args.why else ():
        emit_lines(_reason(one))
    return ExitCode.DONE


# --- ratings -----------------------------------------------------------------------------------


def _list(movies: Movies, as_json: bool) -> ExitCode:
    rows = movies.rated()
    if as_json:
        emit_json([{**_film(row.film), "stars": row.stars, "at": row.at} for row in rows])
    elif rows:
        emit_table([(_stars(row.stars), _titled(row.film.title, row.film.year), row.film.id) for row in rows])
    else:
        emit_line('Nothing is rated yet. Begin with: tutor rate "Fargo (1996)" 4.5')
    return ExitCode.DONE


def _undo(movies: Movies, as_json: bool) -> ExitCode:
    change = movies.undo()
    if as_json:
        emit_json({"undone": _as_json(change) if change else None})
    elif change:
        name = _titled(change.film.title, change.film.year)
        emit_line(f"{name}: {_undone(change)}; the last change is taken back")
    else:
        emit_line("There is no change to take back.")
    return ExitCode.DONE


def _what_if(movies: Movies, pairs: list[str]) -> dict[str, float | None]:
    """`fargo-1996=2` as stars by film id; 0 is not rated."""
    otherwise: dict[str, float | None] = {}
    for pair in pairs:
        ref, equals, stars = pair.rpartition("=")
        if not equals:
            raise UsageError(f"--what-if {pair}: write a film and its stars, like fargo-1996=2.")
        otherwise[movies.film(ref).id] = None if stars.strip() == "0" else parse_stars(stars)
    return otherwise


def _from_file(workspace: Workspace, path: Path) -> dict[str, float]:
    items = workspace.data.dataset().items
    numbers = dict(zip(items.ids, items.film_ids, strict=True))
    return read_ratings(path, lambda name: workspace.movies.film(name).id, numbers)


def _film(film: FilmRow) -> dict[str, Any]:
    return {
        "id": film.id,
        "title": film.title,
        "year": film.year or None,
        "genres": film.genres,
        "keys": film.keys,
    }


def _as_json(change: Change) -> dict[str, Any]:
    told = {"before": change.before, "after": change.after, "kind": change.kind, "count": change.count}
    return {**_film(change.film), **told}


# --- words -------------------------------------------------------------------------------------


def _ends(one: Recommendation) -> str:
    """Where nine of ten such ratings lie."""
    return "" if one.low is None or one.high is None else f"{one.low:.1f}-{one.high:.1f}"


def _about(one: Recommendation) -> str:
    """Genres, and a word where the forecast rests on little."""
    return " ".join([*one.genres, *(["(few ratings)"] if one.few else [])])


def _titled(title: str, year: int | None) -> str:
    return f"{title} ({year})" if year else title


def _stars(stars: float | None) -> str:
    return "not rated" if stars is None else f"{stars:.1f} stars"


def _moved(before: float | None, after: float | None) -> str:
    """What a rating is now, and what it was if it was one."""
    return _stars(after) if before is None else f"{_stars(after)} (was {before:.1f})"


def _undone(change: Change) -> str:
    """What an undo took back."""
    if change.count > 1:
        return f"an import of {change.count} films is undone"
    if change.kind != "stars":
        return f"{'no longer' if change.after else 'again'} {MARKED[change.kind]}"
    return _moved(change.after, change.before)


def _reason(one: Recommendation) -> Iterator[str]:
    """The arithmetic behind a prediction: five terms that add up to it, then the films that pushed most."""
    if one.why is None:
        return
    why = one.why
    terms = (
        f"mean {why.mean:.2f}, you {why.user_bias:+.2f}, film {why.item_bias:+.2f}, taste {why.taste:+.2f}"
    )
    bend = f", range {why.clamp:+.2f}" if abs(why.clamp) >= 0.005 else ""
    yield f"why {one.rank}: {terms}{bend} = {one.predicted:.2f} stars"
    if why.because:
        most = sorted(why.because, key=lambda film: -abs(film.push))[:3]
        others = sum(film.push for film in why.because if film not in most) + why.rest
        yield f"  because {', '.join(f'{film.title} {film.push:+.2f}' for film in most)}, rest {others:+.2f}"
