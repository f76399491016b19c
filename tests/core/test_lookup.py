"""Questions answered from the course, and those that it does not answer."""

from pathlib import Path

import pytest
from session_world import COURSE

from tutor.core.curriculum import Course
from tutor.core.grading.meaning import encoder
from tutor.core.lookup import corrected, look_up
from tutor.core.new_course import make_course


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.load(COURSE)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("what is an embedding?", "glossary: embedding"),
        ("what are embeddings", "glossary: embedding"),
        ("what does wd mean?", "glossary: weight decay"),
        ("what's an embeding?", "glossary: embedding"),
        ("tell me about weight decay", "glossary: weight decay"),
        (
            "What is the difference between cosine and dot product?",
            "glossary: cosine similarity, glossary: dot product",
        ),
        ("what happens to Sam's three ratings?", "lesson q22: Three films, all five stars"),
        ("is the dot product just the correlation?", "q07, misconception"),
        ("does weight decay lower the training error?", "q22, misconception"),
        ("so is more weight decay always better?", "q22, misconception"),
    ],
)
def test_an_answer_names_its_source(course: Course, text: str, source: str) -> None:
    found = look_up(course, text)
    assert found is not None
    assert found.source == source


@pytest.mark.parametrize(
    "text",
    [
        "what is the capital of France?",
        "who won the world cup?",
        "what's the weather like",
        "what is it?",
        "why?",
        "",
    ],
)
def test_what_the_course_does_not_hold_is_not_answered(course: Course, text: str) -> None:
    assert look_up(course, text) is None


def test_both_terms_of_a_comparison_are_defined(course: Course) -> None:
    found = look_up(course, "difference between cosine and dot product")
    assert found is not None
    assert [line.split(":")[0] for line in found.text.splitlines()] == ["Cosine similarity", "Dot product"]


def test_where_it_goes_deeper_is_written_already(course: Course) -> None:
    embedding, decay = look_up(course, "what is an embedding?"), look_up(course, "what is weight decay?")
    assert embedding is not None
    assert embedding.entry is None  # q18 is planned
    assert decay is not None
    assert decay.entry == course.entry(22)


def test_a_passage_is_short_and_free_of_markup(course: Course) -> None:
    found = look_up(course, "what happens to Sam's three ratings?")
    assert found is not None
    assert len(found.text) < 400
    assert not {"*", "`", "\n"} & {*found.text}


def test_the_question_on_the_screen_is_preferred(course: Course) -> None:
    found = look_up(course, "why is every entry paired with a partner?", course.question(7))
    assert found is None or found.entry == course.entry(7)


# --- what learners ask ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def averages(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root: Path = tmp_path_factory.mktemp("courses") / "averages"
    make_course(root)
    return Course.load(root)


ASKED = "q01, asked: The median asks who stands in the middle"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("when would i take the median rather than the mean?", ASKED),
        ("mean or median, which should I use?", ASKED),
        ("how do i find the median of an even amount of numbers?", "q01, asked"),
        ("what is a median?", "glossary: median"),
    ],
)
def test_what_learners_ask_is_answered_with_the_part_that_goes_deeper(
    averages: Course, text: str, source: str
) -> None:
    found = look_up(averages, text)
    assert found is not None
    assert (found.source, found.entry) == (source, averages.entry("q01"))


@pytest.mark.parametrize("text", ["how do i reset my password?", "when is the mean train to Leeds leaving?"])
def test_shared_words_alone_are_no_answer(averages: Course, text: str) -> None:
    assert look_up(averages, text) is None


def test_without_an_encoder_words_tell(averages: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.core.lookup_meaning.encoder", lambda: None)
    found = look_up(averages, "when should i use the median instead of the mean")
    assert found is not None
    assert found.source == ASKED


def test_a_yes_or_no_is_no_answer_to_why() -> None:
    course = Course.load()
    found = look_up(course, "why does a film need a bias")
    assert found is not None
    assert not found.text.startswith(("No", "Yes"))


def test_what_the_whole_course_does_not_hold_is_admitted() -> None:
    assert encoder() is not None
    course = Course.load()
    asked = (
        "how does a kalman filter work",
        "how do I use ALS on a Spark cluster?",
        "is Tom Cruise married?",
    )
    assert [look_up(course, text) for text in asked] == [None, None, None]


REAL = Course.load(Path(__file__).parents[2] / "content")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("is the dot product just the correlation?", "q07, misconception"),
        ("so the bias is the same as the mean rating, right?", "q18, misconception"),
        ("does weight decay make training error go down?", "q22, misconception"),
        ("does x[:,0] give the first row?", "q14, misconception"),
        ("does argsort return the sorted values?", "q23, misconception"),
        ("are the weights zero before training?", "q12, misconception"),
    ],
)
def test_a_question_that_carries_a_slip_is_corrected_first(text: str, source: str) -> None:
    found = look_up(REAL, text)
    assert found is not None
    assert (found.source, found.text[:10]) == (source, "Not quite.")


@pytest.mark.parametrize(
    "text",
    [
        "is noise a part of the ratings?",
        "is an epoch one step?",
        "does weight decay make the weights exactly zero?",
        "is a dot product the same as cosine similarity?",
        "do user and film vectors need the same length in a neural net?",
        "is cold start only a problem for new users?",
    ],
)
def test_a_question_is_not_corrected_for_what_it_does_not_say(text: str) -> None:
    assert corrected(REAL, text) is None


def test_by_words_alone_nearly_all_of_them_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.core.lookup_meaning.encoder", lambda: None)
    told = look_up(REAL, "does argsort return the sorted values?")
    assert told is not None and told.source == "q23, misconception"
    assert corrected(REAL, "is noise a part of the ratings?") is None
