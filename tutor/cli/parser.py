"""The grammar of the command line: every command, its options and the function that serves it.

Handlers are named as `"module:function"` and imported when their command is the one that was
typed, so that `tutor --help` loads nothing but this.
"""

from __future__ import annotations

import argparse

from tutor.cli.grammar import Group, Parser, count, recommender, whole_number
from tutor.cli.parser_state import add_state

EPILOG = """\
without a command the app opens; `tutor chat --plain` is the same tutor, line by line.
every command takes --json. TUTOR_HOME names the folder of all state, NO_COLOR turns emphasis off.
exit: 0 done, 1 a run failed, 2 usage or bad input, 3 the course is invalid, 130 interrupted"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="tutor", description="Learn collaborative filtering by talking it through.", epilog=EPILOG
    )
    parser.set_defaults(handler=None, prog="tutor")
    commands = Group(parser)
    for add in (
        _learning,
        _running,
        _coding,
        _practising,
        _films,
        _ratings,
        _lists,
        _course,
        add_state,
        _about,
    ):
        add(commands)
    return parser


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


def _course(commands: Group) -> None:
    data = commands.group("data", "list, fetch and choose data sets")
    data.add("list", "data:listing", "list the data sets")
    for name, handler, help_text, what in (
        ("fetch", "data:fetch", "download a data set", "NAME"),
        ("use", "data:use", "choose the data set", "NAME"),
        ("add", "data:add", "add a data set of your own", "PATH"),
    ):
        data.add(name, handler, help_text).add_argument("name", metavar=what)

    data.add("train", "data:train", "train the recommender again")


def _about(commands: Group) -> None:
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
