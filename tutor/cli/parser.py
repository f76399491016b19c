"""The grammar of the command line: every command, its options and the function that serves it.

Handlers are named as `"module:function"` and imported when their command is the one that was
typed, so that `tutor --help` loads nothing but this.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from tutor.cli.diagnostics import UsageError

EPILOG = """\
without a command the app opens; `tutor chat --plain` is the same tutor, line by line.
every command takes --json. TUTOR_HOME names the folder of all state, NO_COLOR turns emphasis off.
exit: 0 done, 1 a run failed, 2 usage or bad input, 3 the course is invalid, 130 interrupted"""


class Parser(argparse.ArgumentParser):
    """Argparse, but a mistake is one line that says how to mend it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing a usage block."""
        raise UsageError(f"{message}. See `{self.prog} --help`.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name the near matches of an unknown command, or of a value that an option does not take."""
        if action.choices is None or value in action.choices:
            return
        import difflib  # only a mistake pays for it

        known = [str(choice) for choice in action.choices]
        near = difflib.get_close_matches(str(value), known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}."
        if action.option_strings:
            raise UsageError(f"{action.option_strings[0]} cannot be {value!r}; {remedy}")
        typed = f"{self.prog} {value}".removeprefix("tutor ")
        raise UsageError(f"there is no command {typed!r}; {remedy}")


class Group:
    """Commands below one parser; each gets `--json` and `--seed`."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(
            metavar="COMMAND [OPTIONS]", title="commands", parser_class=Parser
        )

    def add(self, name: str, handler: str, help_text: str) -> argparse.ArgumentParser:
        """Add a command that `handler` serves and return its parser for more options."""
        command: argparse.ArgumentParser = self._commands.add_parser(
            name, help=help_text, description=f"{help_text[:1].upper()}{help_text[1:]}."
        )
        command.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")
        command.add_argument(
            "--seed", type=whole_number, default=0, metavar="N", help="seed of all chance (0)"
        )
        command.set_defaults(handler=handler, prog=command.prog)
        return command

    def group(self, name: str, help_text: str) -> Group:
        """Add a command that has commands below it."""
        parent = self._commands.add_parser(name, help=help_text)
        parent.set_defaults(handler="", prog=parent.prog)
        return Group(parent)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="tutor", description="Learn collaborative filtering by talking it through.", epilog=EPILOG
    )
    parser.set_defaults(handler=None, prog="tutor")
    commands = Group(parser)
    for add in (_learning, _running, _coding, _practising, _films, _ratings, _lists, _course_and_state):
        add(commands)
    return parser


def whole_number(text: str) -> int:
    """A seed: a whole number from 0 to 2**32 - 1, which is what every generator takes."""
    return _in_range(text, int, 0, 2**32 - 1, "a whole number from 0 to 4294967295")


def recommender(text: str) -> str:
    """One of our models, or `yours:NAME`."""
    import difflib  # only who names one pays for it

    known = ("best", "dot-bias", "als", "item-knn", "popularity")
    if text in known or text.startswith("yours:"):
        return text
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)} and yours:NAME."
    raise UsageError(f"there is no recommender {text!r}; {remedy}")


def count(text: str) -> int:
    """A count of at least one."""
    return _in_range(text, int, 1, 100_000, "a whole number of at least 1")


def _in_range(text: str, kind: Callable[[str], int], low: int, high: int, wanted: str) -> int:
    try:
        value = kind(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return value


# --- the commands ----------------------------------------------------------------------------


def _learning(commands: Group) -> None:
    chat = commands.add("chat", "chat:chat", "learn in a line dialogue on stdin and stdout")
    chat.add_argument("--plain", action="store_true", help="no emphasis, for pipes and screen readers")

    ask = commands.add("ask", "answers:ask", "say one line to the tutor, as if in the chat")
    ask.add_argument("text", nargs="*", metavar="TEXT", help="what you say")
    ask.add_argument("--question", metavar="N", help="the question that waits for an answer")
    ask.add_argument("--batch", action="store_true", help='JSON lines {"text", "context_q"} on stdin')

    grade = commands.add("grade", "answers:grade", "grade one answer; stores nothing")
    grade.add_argument("--question", metavar="N", help="a number 1-31 or an id (q07, t01)")
    grade.add_argument("--answer", metavar="TEXT", help="the answer, or - to read it from stdin")
    grade.add_argument("--explain", action="store_true", help="show which sentence matched what")
    grade.add_argument("--batch", action="store_true", help='JSON lines {"q" or "id", "answer"} on stdin')

    commands.add("questions", "course:questions", "list the questions and where you stand")
    commands.add("place", "place:place", "find out where to start, answers on stdin")


def _running(commands: Group) -> None:
    experiment = commands.group("experiment", "list and run experiments on the recommender")
    experiment.add("list", "experiments:listing", "list the experiments")
    run = experiment.add("run", "experiments:run", "run an experiment and draw what came out")
    run.add_argument("name", metavar="NAME")
    run.add_argument("--set", action="append", default=[], metavar="K=V", help="turn a knob (again for more)")
    run.add_argument("--data", metavar="D", help="data set (default: the one in use)")
    run.add_argument("--predict", metavar="P", help="what you expect, before you see it")
    run.add_argument("--seeds", type=count, metavar="N", help="how many seeds, counted up from --seed")
    run.add_argument("--export", metavar="FILE", help="write the result to FILE (.json, .csv or .svg)")
    past = experiment.add("history", "experiments:history", "list the runs that ended, newest first")
    past.add_argument("name", nargs="?", metavar="NAME", help="only this experiment's")
    both = experiment.add("compare", "experiments:compare", "put two finished runs side by side")
    both.add_argument("first", metavar="TOKEN")
    both.add_argument("second", metavar="TOKEN")
    code = experiment.add("code", "experiments:code", "print the run as a few lines of PyTorch")
    code.add_argument("name", metavar="NAME")
    code.add_argument("--set", action="append", default=[], metavar="K=V", help="turn a knob")
    code.add_argument("--data", metavar="D", help="data set (default: the one in use)")
    repeat = commands.add("replay", "experiments:replay", "repeat a run from its token, bit for bit")
    repeat.add_argument("token", metavar="TOKEN")


def _coding(commands: Group) -> None:
    exercise = commands.group("exercise", "write the code that a question asks for, and check it")
    exercise.add("list", "exercises:listing", "list the code exercises")
    exercise.add("show", "exercises:show", "show a task, its worked example and your text").add_argument(
        "question", metavar="N", help="number or id, such as 15"
    )
    checked = exercise.add("check", "exercises:check", "run your code in the sandbox and check it")
    trained = exercise.add("train", "exercises:train", "train your DotProduct and keep its scores for Movies")
    for command in (checked, trained):
        command.add_argument("question", metavar="N", help="number or id, such as 15")
        command.add_argument("file", metavar="FILE", help="a Python file; - reads it from stdin")
    trained.add_argument("--name", required=True, metavar="NAME", help="under which Movies lists it")
    reset = exercise.add("reset", "exercises:reset", "forget what you wrote for an exercise, or for all")
    reset.add_argument("question", nargs="?", metavar="N", help="number or id (default: all)")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    exercise.add("agree", "exercises:agree", "agree that your code runs where the sandbox has gaps")


def _practising(commands: Group) -> None:
    quiz = commands.add("quiz", "practice:quiz", "practise cards, answers on stdin")
    which = quiz.add_mutually_exclusive_group()
    which.add_argument("--due", action="store_true", help="only cards that are due, no new ones")
    which.add_argument("--question", metavar="N", help="only cards of this question")
    which.add_argument("--undo", action="store_true", help="take back the last review")
    quiz.add_argument("--limit", type=count, metavar="N", help="at most N cards")

    quiz.add_argument("--confidence", action="store_true", help="ask before each reveal how sure you are")

    commands.add("due", "due:due", "say how many cards are due")
    stats = commands.add("stats", "stats:stats", "draw what practice has brought")
    stats.add_argument(
        "--simulate", type=count, metavar="DAYS", help="of a made-up learner, after so many days"
    )

    cards = commands.group("cards", "list, mark, export and import cards")
    cards.add("list", "cards:listing", "list the cards with their schedule and marks")
    export = cards.add("export", "cards:export", "write cards for Anki or the review log")
    export.add_argument("file", metavar="FILE", help=".apkg or .txt (Anki), .csv or .json (review log)")
    taking = cards.add("import", "cards:import_log", "merge reviews of py-fsrs or Anki; nothing is doubled")
    taking.add_argument("file", metavar="FILE", help=".csv or .json (review log), .apkg (with scheduling)")
    practice = cards.add("settings", "cards:settings", "show or change how many cards come and how")
    practice.add_argument("--new", type=whole_number, metavar="N", help="new cards a day (10)")
    siblings = "a question's other cards on the same day: bury (until tomorrow) or show"
    practice.add_argument("--siblings", choices=("bury", "show"), metavar="HOW", help=siblings)
    practice.add_argument("--grades", choices=("2", "4"), metavar="N", help="2 (forgot, knew it) or 4")
    for name, help_text in (
        ("suspend", "leave a card out until further notice"),
        ("unsuspend", "take a card in again, suspended or buried"),
        ("bury", "leave a card out until tomorrow"),
        ("flag", "flag a card, or take its flag away"),
        ("note", "keep a private note with a card"),
    ):
        mark = cards.add(name, f"cards:{name}", help_text)
        mark.add_argument("card", metavar="ID", help="a card as `tutor cards list` names it (q07.p2)")
        if name == "note":
            mark.add_argument("text", nargs="*", metavar="TEXT", help="the note; nothing removes it")


def _films(commands: Group) -> None:
    movies = commands.group("movies", "find films")
    search = movies.add("search", "films:search", "find films by title")
    search.add_argument("text", nargs="+", metavar="TEXT")
    search.add_argument("--limit", type=count, default=10, metavar="N", help="at most N films (10)")
    similar = movies.add("similar", "films:similar", "list films that please the same people")
    similar.add_argument("text", nargs="+", metavar="FILM", help='a film id or "Title (year)"')
    similar.add_argument("--limit", type=count, default=10, metavar="N", help="at most N films (10)")
    ask = movies.add("next", "film_start:ask", "name the film that is worth asking you about next")
    ask.add_argument("--strategy", metavar="S", help="how it is chosen (information, popular, ...)")
    movies.add("tastes", "film_start:tastes", "list groups of taste, or pick some").add_argument(
        "--pick", action="append", metavar="ID", help="pick this group (again for more)"
    )
    movies.add("score", "film_start:score", "say how far off the forecasts for you were")
    movies.add("map", "film_start:taste_map", "place films and you in two dimensions")
    for name, help_text in (
        ("unseen", "say that you have not seen a film"),
        ("seen", "say that you have seen a film, without rating it"),
        ("hide", "never list a film"),
    ):
        mark = movies.add(name, f"film_start:{name}", help_text)
        mark.add_argument("text", nargs="+", metavar="FILM", help='a film id or "Title (year)"')
    listed = movies.add("watchlist", "film_start:watchlist", "list what you want to watch, or change that")
    listed.add_argument("text", nargs="*", metavar="add|remove FILM", help="put a film on it, or take it off")


def _ratings(commands: Group) -> None:
    rate = commands.add("rate", "films:rate", "rate a film, or see and change your ratings")
    rate.add_argument(
        "words", nargs="*", metavar="TITLE STARS", help='a film id or "Title (year)", 0.5-5 stars'
    )
    other = rate.add_mutually_exclusive_group()
    other.add_argument("--list", action="store_true", help="list your ratings")
    other.add_argument("--undo", action="store_true", help="take back the last change")
    other.add_argument("--delete", metavar="ID", help="delete a rating")
    other.add_argument(
        "--import",
        dest="source",
        metavar="FILE",
        help="of Letterboxd, IMDb, MovieLens, or a CSV; zip too",
    )
    other.add_argument("--export", metavar="FILE", help=".csv as Letterboxd imports it, or .json")
    rate.add_argument("--user", metavar="N", help="with --import: whose ratings of a MovieLens set")
    rate.add_argument(
        "--choose", action="append", default=[], metavar="LINE=ID", help="with --import: the film of a row"
    )


def _lists(commands: Group) -> None:
    recommend = commands.add("recommend", "films:recommend", "list the films you would love")
    recommend.add_argument("--ratings", metavar="FILE", help="from this CSV alone (title or id, stars)")
    recommend.add_argument("--top", type=count, default=10, metavar="K", help="how many films (10)")
    recommend.add_argument("--why", action="store_true", help="show the arithmetic of each film")
    recommend.add_argument("--data", metavar="D", help="data set (default: the one in use)")
    models = "best, dot-bias, als, item-knn, popularity, or yours:NAME"
    recommend.add_argument("--model", type=recommender, metavar="M", help=models)
    for knob, words in (
        ("popularity", "stars for each doubling of a film's audience; negative: the little known"),
        ("novelty", "stars for each decade that a film is newer; negative: the old"),
        ("diversity", "stars that a film loses that is just like one above it"),
    ):
        recommend.add_argument(f"--{knob}", type=float, metavar="X", help=words)
    for option, words in (("genre", "only films of this genre"), ("without", "no film of this genre")):
        recommend.add_argument(
            f"--{option}", action="append", default=[], metavar="G", help=f"{words} (again for more)"
        )
    recommend.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="ID=STARS",
        help="had you rated otherwise; 0: not at all",
    )


def _course_and_state(commands: Group) -> None:
    data = commands.group("data", "list, fetch and choose data sets")
    data.add("list", "data:listing", "list the data sets")
    for name, handler, help_text, what in (
        ("fetch", "data:fetch", "download a data set", "NAME"),
        ("use", "data:use", "choose the data set", "NAME"),
        ("add", "data:add", "add a data set of your own", "PATH"),
    ):
        data.add(name, handler, help_text).add_argument("name", metavar=what)

    data.add("train", "data:train", "train the recommender again")

    commands.add("progress", "reports:progress", "say what is done, due and rated")
    reset = commands.add("reset", "resetting:reset", "delete everything that the tutor keeps of you")
    reset.add_argument("--yes", action="store_true", help="yes, delete it")
    commands.add("where", "reports:where", "say where the files live")
    commands.add("doctor", "reports:doctor", "say what works here, and the remedy for what does not")
    commands.add("schema", "reports:schema", "print the JSON Schema of all events")

    content = commands.group("content", "tools for teachers")
    for name, handler, help_text, given in (
        ("check", "content:check", "check a course", "?"),
        ("table", "content:table", "show what each question has", "?"),
        ("runs", "content:record", "record what the predicted experiments measure", "?"),
        ("new", "content:new", "begin a course with one complete question", None),
    ):
        tool = content.add(name, handler, help_text)
        where = "folder of the course" + (" (default: the one in use)" if given else " to be made")
        tool.add_argument("folder", nargs=given, metavar="DIR", help=where)
