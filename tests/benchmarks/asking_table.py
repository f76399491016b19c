"""How well questions are answered from the course:

    python tests/benchmarks/asking_table.py [--half open|opened|sealed]

The questions in `answers/questions.jsonl` were written with the key fact of the right answer, before the
tutor answered any. Thresholds in `tutor/core/lookup.py` were chosen on the open and opened ones; the sealed
ones are for one run at the end. A reply contains the key fact if it holds 60 % of the fact's telling stems,
or if the fact and a sentence of the reply (or all of it) are alike by 0.6 for the encoder: a rough measure,
so that the misses are listed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from grading_table import Row, lines, share

from tutor.core.curriculum import Course
from tutor.core.grading.meaning import encoder
from tutor.core.lookup import Found, look_up
from tutor.core.lookup_passages import telling
from tutor.text.segments import sentences

HELD, ALIKE = 0.6, 0.6


def contains(reply: str, fact: str) -> bool:
    """Whether a reply contains a key fact, by words or by meaning."""
    wanted = telling(fact)
    if wanted and len(wanted & telling(reply)) >= HELD * len(wanted):
        return True
    found = encoder()
    if found is None:
        return False
    parts = [reply, *(span.of(reply) for span in sentences(reply))]
    return float((found.encode(parts) @ found.encode([fact])[0]).max()) >= ALIKE


def main() -> None:
    """Answer the questions and print the shares and the misses."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--half", choices=("open", "opened", "sealed"), default="opened")
    half = parser.parse_args().half
    course = Course.load()
    rows = [row for row in lines("questions") if row["half"] == half]
    replies = [(row, look_up(course, row["question"])) for row in rows]
    beyond = [one for one in replies if not one[0]["answerable"]]
    within = [one for one in replies if one[0]["answerable"]]
    print(f"not in the course, admitted: {share(sum(found is None for _, found in beyond), len(beyond))}")
    print(f"in the course, answered: {share(sum(found is not None for _, found in within), len(within))}")
    missed = [one for one in within if one[1] is None or not contains(one[1].text, one[0]["key_fact"])]
    print(f"the answer contains the key fact: {share(len(within) - len(missed), len(within))}")
    show("answered though not in the course", [one for one in beyond if one[1]])
    show("without the key fact, by this measure", missed)


def show(title: str, some: list[tuple[Row, Found | None]]) -> None:
    """List questions with the key fact and what was replied."""
    print(f"\n{title}: {len(some)}")
    for row, found in some:
        said = f"{found.text} ({found.source})".replace("\n", " ") if found else "nothing"
        print(f"- {row['question']}\n    fact:  {row['key_fact']}\n    reply: {said}")


if __name__ == "__main__":
    main()
