"""Drive `tutor chat --plain` on MovieLens 100K like a learner and check what it says.

python .ci/session.py path/to/tutor
"""

import subprocess
import sys

TYPED = """\
go to 7
it is the list of products
hint
you multiply the matching entries and add the products up
go to 22
run it
3
i loved Fargo and hated Twister
recommend me something
how am i doing
"""

EXPECTED = (
    "Tutor: [Q7 ",
    "Tutor: [hint]",
    '✓ "you multiply the matching entries"',
    "Tutor: [Q22 ",
    "Tutor: [prediction]",
    "Measured: It falls first, then rises: a valley.",
    "Fargo (1996): 5 stars, stored.",
    "From your 2 ratings and MovieLens 100K.",
    "Questions: 1 of ",
    "1 of 1 predictions came out.",
)


def main() -> int:
    """Run the session; return 0 when every expected line came, in order."""
    ran = subprocess.run(
        [sys.argv[1], "chat", "--plain"],
        input=TYPED,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    print(ran.stdout)
    print(ran.stderr, file=sys.stderr)
    at = 0
    for line in EXPECTED:
        found = ran.stdout.find(line, at)
        if found < 0:
            print(f"missing, or out of order: {line}", file=sys.stderr)
            return 1
        at = found
    return ran.returncode


if __name__ == "__main__":
    raise SystemExit(main())
