"""Everything a learner can do by key, said once.

Bindings, footer, command palette and help screen are made from `COMMANDS`; so is the line that
names the command's twin on the command line. A command belongs to a place (or to all of them) and
may need the focus of one kind of widget; `bindings` hands each class the ones it owns.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding, BindingType

from tutor.ui.command import Command, Where
from tutor.ui.commands_movies import MOVIES
from tutor.ui.commands_quiz import QUIZ

__all__ = [
    "COMMANDS",
    "PLACES",
    "Command",
    "Where",
    "bindings",
    "command",
    "commands_of",
    "key_name",
    "keys_name",
]

PLACES: dict[Where, str] = {
    "learn": "Learn",
    "lab": "Lab",
    "movies": "Movies",
    "quiz": "Quiz",
    "progress": "Progress",
}
"""The places in the order of their numbers, with their names."""

EVERYWHERE = (
    Command("app.learn", "alt+1", "Learn", "Go to Learn: questions, answers, hints.", None,
            "app.go('learn')", "tutor chat --plain", priority=True),
    Command("app.lab", "alt+2", "Lab", "Go to the Lab: predict, then run an experiment.", None,
            "app.go('lab')", "tutor experiment list", priority=True),
    Command("app.movies", "alt+3", "Movies", "Go to Movies: rate films and see what is recommended.", None,
            "app.go('movies')", "tutor recommend", priority=True),
    Command("app.quiz", "alt+4", "Quiz", "Go to the Quiz: practise the cards that are due.", None,
            "app.go('quiz')", "tutor quiz --due", priority=True),
    Command("app.progress", "alt+5", "Progress", "Go to Progress: what is done, due and rated.", None,
            "app.go('progress')", "tutor progress", priority=True),
    Command("app.palette", "ctrl+p", "all commands", "Find any command or question by typing part of it.",
            None, "app.command_palette", priority=True, palette=False, footer=90),
    Command("app.help", "f1", "help", "Show every key and its twin on the command line.", None,
            "app.help", "tutor --help", priority=True, footer=80),
    Command("app.theme", "f8", "light or dark", "Switch between the dark and the light theme.", None,
            "app.switch_light"),
    Command("app.recap", "f12", "recap", "Look back on this sitting; save it as Markdown.", None,
            "app.recap", "tutor recap FILE"),
    Command("app.quit", "ctrl+q", "quit", "Quit. Everything is saved already.", None,
            "app.quit", priority=True),
)  # fmt: skip

LEARN = (
    Command("learn.send", "enter", "send", "Send what you have typed.", "learn", "send",
            "tutor ask TEXT", focus="prompt", footer=1, palette=False),
    Command("learn.sure", "f6", "how sure", "Say how sure you are of your answer, before the verdict.",
            "learn", "sure", 'tutor ask "my answer, sure"', focus="prompt", footer=8, palette=False),
    Command("learn.line", "ctrl+j,shift+enter", "line", "Begin a new line in your answer.", "learn",
            "new_line", focus="prompt", footer=6, palette=False),
    Command("learn.earlier", "up", "earlier", "In the first line: bring back what you sent before.", "learn",
            "earlier", focus="prompt", palette=False),
    Command("learn.later", "down", "later", "In the last line: go forward again.", "learn",
            "later", focus="prompt", palette=False),
    Command("learn.stop", "escape", "stop", "Stop the turn that is running.", "learn", "stop",
            footer=1, palette=False),
    Command("learn.back", "escape", "prompt", "Go back to the prompt.", "learn", "back",
            footer=1, palette=False),
    Command("learn.page-up", "pageup", "page up", "Scroll the transcript up a page.", "learn", "page(-1)",
            priority=True, palette=False),
    Command("learn.page-down", "pagedown", "page down", "Scroll the transcript down a page.", "learn",
            "page(1)", priority=True, palette=False),
    Command("learn.hint", "f2", "hint", "Get the next hint for what is still open.", "learn",
            "turn('hint')", 'tutor ask "hint"', footer=2),
    Command("learn.run", "f3", "run it", "Open this question's experiment in the Lab.", "learn",
            "turn('run_experiment')", "tutor experiment run NAME", footer=3),
    Command("learn.tell", "f4", "tell me", "Read the answer in about five lines.", "learn",
            "turn('reveal')", 'tutor ask "tell me"', footer=4),
    Command("learn.next", "ctrl+n", "next", "Go to the next question, or skip this one.", "learn",
            "turn('next')", 'tutor ask "next"', footer=5),
    Command("learn.lesson", "f7", "lesson", "Read this question's lesson, a step at a time.", "learn",
            "turn('lesson')", 'tutor ask "lesson"', priority=True),
    Command("learn.appeal", "f9", "I was right", "Object to the last verdict: it counts for you at once.",
            "learn", "turn('appeal')", 'tutor ask "I was right"', footer=5),
    Command("learn.grade", "f10", "explain the grade", "See which of your words met which sentence.",
            "learn", "turn('help', 'grade')", 'tutor ask "explain the grade"'),
    Command("learn.why", "i", "why this", "Hear why the tutor made its last move (typed: why this?).",
            "learn", "screen.turn('help', 'why')", 'tutor ask "why this?"', focus="transcript", footer=2),
    Command("learn.code", "f5", "code", "Open this question's code exercise.", "learn",
            "turn('exercise')", "tutor exercise show N", footer=5),
    Command("learn.notes", "ctrl+b", "my notes", "Put your own notes beside your answer; files in, out.",
            "learn", "turn('lesson', 'notes')", "tutor notes show N"),
    Command("learn.questions", "ctrl+o", "questions", "Go to the list of questions.", "learn",
            "questions", "tutor questions", footer=7),
    Command("learn.down", "j", "down", "Scroll down a line.", "learn", "scroll_down",
            focus="transcript", palette=False),
    Command("learn.up", "k", "up", "Scroll up a line.", "learn", "scroll_up",
            focus="transcript", palette=False),
    Command("learn.top", "g", "top", "Go to the beginning.", "learn", "scroll_home",
            focus="transcript", palette=False),
    Command("learn.bottom", "G", "bottom", "Go to the end.", "learn", "scroll_end",
            focus="transcript", palette=False),
    Command("learn.copy", "y", "copy", "Copy the last message.", "learn", "copy",
            focus="transcript", footer=1, palette=False),
    Command("learn.map-down", "j", "down", "Next question.", "learn", "cursor_down",
            focus="map", palette=False),
    Command("learn.map-up", "k", "up", "Question before.", "learn", "cursor_up",
            focus="map", palette=False),
    Command("learn.map-top", "g", "top", "First question.", "learn", "first", focus="map", palette=False),
    Command("learn.map-bottom", "G", "bottom", "Last question.", "learn", "last",
            focus="map", palette=False),
    Command("learn.map-open", "enter", "open", "Open the question.", "learn", "select",
            focus="map", footer=1, palette=False),
)  # fmt: skip

LAB = (
    Command("lab.open", "enter", "open", "Open the experiment under the cursor.", "lab", "select_cursor",
            focus="experiments", footer=1, palette=False),
    Command("lab.filter", "slash", "filter", "Show only experiments whose title, question or chapter fits.",
            "lab", "filter", "tutor experiment list", footer=2),
    Command("lab.filtered", "down,enter", "to the list", "Go from the filter to what it left.", "lab",
            "screen.to_list", focus="filter", footer=1, palette=False),
    Command("lab.predict", "1,2,3,4,5,6", "predict", "Commit to a prediction; Run opens with it.", "lab",
            "predict('{key}')", "tutor experiment run NAME --predict P", footer=1, palette=False),
    Command("lab.number", "enter", "predict", "Commit to the number you typed; Run opens with it.", "lab",
            "submit", "tutor experiment run NAME --predict P", focus="number", footer=1, palette=False),
    Command("lab.seen", "1,2,3,4,5,6", "what you saw", "Say what you saw in the chart; then it is explained.",
            "lab", "seen('{key}')", footer=1, palette=False),
    Command("lab.run", "r", "run", "Run the experiment.", "lab", "run", "tutor experiment run NAME",
            footer=2),
    Command("lab.pause", "space", "pause, go on", "Hold the run, or let it go on.", "lab", "pause", footer=1),
    Command("lab.step", "full_stop", "step", "Let the run go on to its next point, and hold it there.", "lab",
            "step", footer=2),
    Command("lab.stop", "x", "cancel", "Stop the run.", "lab", "stop", footer=3),
    Command("lab.explain", "e", "explain", "Show or hide the explanation of the result.", "lab", "explain",
            footer=2),
    Command("lab.chart", "left_square_bracket,right_square_bracket", "chart", "Show the next chart.", "lab",
            "turn_chart('{key}')", footer=3, palette=False, shown="[ ]"),
    Command("lab.larger", "z", "larger", "Give the chart the whole screen, and back.", "lab", "larger",
            footer=6),
    Command("lab.again", "a", "again", "Go back to the start, same seed: predict and run again.", "lab",
            "again", footer=4),
    Command("lab.free", "p", "free play", "Try other settings without a prediction; esc comes back.", "lab",
            "free", "tutor experiment run NAME --set NAME=VALUE", footer=5),
    Command("lab.seed", "s", "other seed", "Take the next seed: other start values.", "lab", "next_seed",
            "tutor experiment run NAME --seed N", footer=7),
    Command("lab.overlay", "o", "overlay", "Keep the curves of the run before under the next ones.", "lab",
            "overlay", footer=6),
    Command("lab.code", "k", "code", "Show the run as a few lines of Python.", "lab", "code",
            "tutor experiment code NAME", footer=7),
    Command("lab.copy", "c", "copy token", "Copy the line that repeats this run.", "lab", "copy_token",
            "tutor replay TOKEN", footer=8),
    Command("lab.csv", "w", "save CSV", "Save the run's numbers as a CSV file.", "lab", "save('.csv')",
            "tutor experiment run NAME --export FILE.csv", footer=10),
    Command("lab.svg", "W", "save SVG", "Save the run's pictures as an SVG file.", "lab", "save('.svg')",
            "tutor experiment run NAME --export FILE.svg", footer=11),
    Command("lab.history", "h", "history", "See the runs so far, open one, or compare two.", "lab", "history",
            "tutor experiment history", footer=9),
    Command("lab.back", "escape", "back", "Leave a text field, free play, or the bench; on the list: back to "
            "the bench.", "lab", "back", footer=12, palette=False),
    Command("lab.past-open", "enter", "open", "Show the run under the cursor with its curves.", "lab",
            "select_cursor", focus="past", footer=1, palette=False),
    Command("lab.past-mark", "space", "compare", "Mark a run; the second one marked is compared with it.",
            "lab", "mark", "tutor experiment compare TOKEN TOKEN", focus="past", footer=2, palette=False),
    Command("lab.past-copy", "c", "copy token", "Copy the line that repeats the run under the cursor.", "lab",
            "copy_token", "tutor replay TOKEN", focus="past", footer=3, palette=False),
    Command("lab.turn", "left,right", "turn", "Turn the film's vector by 15 degrees.", "lab",
            "turn('{key}')", focus="vectors", footer=1, palette=False, shown="← →"),
    Command("lab.stretch", "up,down", "stretch", "Make the film's vector longer or shorter.", "lab",
            "stretch('{key}')", focus="vectors", footer=1, palette=False, shown="↑ ↓"),
    Command("lab.flip", "f", "flip", "Turn the film's vector round.", "lab", "flip", focus="vectors",
            footer=2, palette=False),
    Command("lab.reset", "0", "reset", "Put the film's vector back as it was learned.", "lab", "reset",
            focus="vectors", footer=2, palette=False),
    Command("lab.film", "n", "next film", "Take another film.", "lab", "next_film", focus="vectors",
            footer=3, palette=False),
)  # fmt: skip

PROGRESS = (
    Command("progress.on", "enter", "go on", "Go where the next step waits.", "progress", "go_on", footer=1),
    Command("progress.down", "j,down", "down", "Scroll down.", "progress", "scroll_body(1)", palette=False),
    Command("progress.up", "k,up", "up", "Scroll up.", "progress", "scroll_body(-1)", palette=False),
)  # fmt: skip

LISTS = (
    Command("list.down", "j,down", "down", "Next line of a list.", None, "cursor(1)", focus="list",
            palette=False),
    Command("list.up", "k,up", "up", "Line before.", None, "cursor(-1)", focus="list", palette=False),
    Command("list.page-down", "pagedown", "page down", "Next page of a list.", None, "cursor(10)",
            focus="list", palette=False),
    Command("list.page-up", "pageup", "page up", "Page before.", None, "cursor(-10)", focus="list",
            palette=False),
    Command("list.top", "g,home", "top", "First line.", None, "cursor(-100000)", focus="list", palette=False),
    Command("list.bottom", "G,end", "bottom", "Last line.", None, "cursor(100000)", focus="list",
            palette=False),
)  # fmt: skip

CODE = (
    Command("code.run", "f5", "run", "Run your code in the sandbox and check it.", "code", "run",
            "tutor exercise check N FILE", footer=1, priority=True),
    Command("code.turn", "f2", "next sheet", "Turn the sheet: a sibling, with gaps, yours.",
            "code", "turn", "tutor exercise show N", footer=2, priority=True),
    Command("code.train", "f3", "train it", "Train your DotProduct on the real ratings, beside ours.", "code",
            "train", "tutor exercise train 15 FILE --name NAME", footer=3, priority=True),
    Command("code.outside", "f4", "my editor", "Write in your own $EDITOR; each save is run here.", "code",
            "edit_outside", footer=4, priority=True),
    Command("code.reset", "f6", "start over", "Forget what you wrote, here or everywhere.", "code",
            "start_over", "tutor exercise reset N", footer=6, priority=True),
    Command("code.next", "ctrl+n", "next", "Go to the next exercise.", "code", "next_exercise",
            "tutor exercise list", footer=5, priority=True),
    Command("code.stop", "escape", "stop", "Stop what runs.", "code", "stop", footer=1, priority=True,
            palette=False),
    Command("code.leave", "escape", "back", "Go back to the question.", "code", "leave", footer=7,
            priority=True, palette=False),
)  # fmt: skip

COMMANDS: tuple[Command, ...] = EVERYWHERE + LEARN + LAB + MOVIES + QUIZ + PROGRESS + CODE + LISTS

_BY_ID = {command.id: command for command in COMMANDS}


def command(id: str | None) -> Command | None:
    """Return the command of that id, None where a binding is not one of ours."""
    return _BY_ID.get((id or "").partition(":")[0])


_KEY_NAMES = {
    "escape": "esc", "up": "↑", "down": "↓", "left": "←", "right": "→", "slash": "/",
    "pageup": "pgup", "pagedown": "pgdn", "full_stop": ".",
    "left_square_bracket": "[", "right_square_bracket": "]",
}  # fmt: skip


def key_name(key: str) -> str:
    """Write the first of a command's keys the way people do: `F2`, `esc`, `ctrl+j`."""
    first = key.partition(",")[0]
    if len(first) > 1 and first[0] == "f" and first[1:].isdigit():
        return first.upper()
    return _KEY_NAMES.get(first, first)


def keys_name(one: Command) -> str:
    """Write a command's keys: the first one; of those that each mean something else, `1-4`."""
    first, *others = one.key.split(",")
    if one.shown or not others or "{key}" not in one.action:
        return one.shown or key_name(one.key)
    return f"{key_name(first)}-{key_name(others[-1])}"


def commands_of(place: Where | None) -> Iterator[Command]:
    """Yield the commands of one place, or with None those that work everywhere."""
    return (command for command in COMMANDS if command.place == place)


def bindings(place: Where | None, focus: str | None = None) -> list[BindingType]:
    """Return the bindings of a place (`focus=None`) or of one kind of widget in it."""
    return [
        Binding(
            key,
            command.action.replace("{key}", key),
            command.title,
            id=f"{command.id}:{key}" if "{key}" in command.action else command.id,
            show=bool(command.footer),
            priority=command.priority,
            tooltip=command.help,
        )
        for command in commands_of(place)
        if command.focus == focus
        for key in (command.key.split(",") if "{key}" in command.action else [command.key])
    ]
