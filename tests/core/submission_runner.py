"""Runs many programs as the sandbox's script does, each in a fork of one process with its libraries loaded.

python -I submission_runner.py FOLDER_OF_SCRIPTS; one JSON job per line in, one JSON result per line out.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from importlib import import_module

sys.path.insert(0, sys.argv[1])
import case_runner
import fastai_names

for name in ("torch", "numpy", "pandas"):
    with suppress(ImportError):
        import_module(name)
fastai_names.install()
for line in sys.stdin:
    print(json.dumps(case_runner.run_apart(json.loads(line), 60)), flush=True)
