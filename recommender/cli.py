"""The command line of the library. stdout is data, stderr is words.

Exit codes: 0 done, 1 the run failed, 2 usage or bad input, 130 interrupted.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run one command. Returns its exit code."""
    if list(argv[:1]) == ["worker"]:
        from recommender.worker import main as serve

        return serve()
    argparse.ArgumentParser(prog="python -m recommender").print_help()
    return 2
