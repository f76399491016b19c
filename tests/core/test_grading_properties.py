"""What holds for every answer: the same each time, blind to dress, never worse for a right sentence more."""

from grading_world import ANSWERS, course, covered, graded, question
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.sampled_from(sorted({text for _, _, text in ANSWERS}))
REFS = st.sampled_from([entry.id for entry in course().written])
QUOTES = str.maketrans({"'": "’", '"': "”"})
RANK = {"off_topic": 0, "incorrect": 0, "unsure": 1, "partial": 2, "correct": 3}
FEW = settings(max_examples=150, deadline=None)


@FEW
@given(REFS, st.text(max_size=400))
def test_any_text_is_graded_and_twice_the_same(ref: str, answer: str) -> None:
    first = graded(ref, answer)
    assert first == graded(ref, answer)
    assert 0 <= first.score <= 1
    assert first.reply


@FEW
@given(REFS, TEXTS)
def test_evidence_is_verbatim(ref: str, answer: str) -> None:
    result = graded(ref, answer)
    assert all(point.evidence in answer for point in result.points if point.evidence)
    assert all(hit.evidence in answer for hit in result.misconceptions)


@FEW
@given(REFS, TEXTS)
def test_case_white_space_and_quotes_change_nothing(ref: str, answer: str) -> None:
    plain = graded(ref, answer)
    for dressed in (answer.upper(), answer.replace(" ", "  "), f"\n {answer} ", answer.translate(QUOTES)):
        if "=" in answer or "(" in answer:
            continue  # code: case and spaces mean something there
        other = graded(ref, dressed)
        assert (other.verdict, covered(other)) == (plain.verdict, covered(plain)), dressed


@FEW
@given(REFS, TEXTS, st.data())
def test_a_right_sentence_more_never_costs(ref: str, answer: str, data: st.DataObject) -> None:
    points = question(ref).rubric.points
    right = data.draw(
        st.sampled_from([text for point in points for text in (*point.paraphrases, point.assertion)])
    )
    before = graded(ref, answer)
    after = graded(ref, f"{answer.rstrip('.')}. {right[0].upper()}{right[1:]}")
    assert after.score >= before.score
    assert covered(after) >= covered(before)
    assert RANK[after.verdict] >= RANK[before.verdict]
