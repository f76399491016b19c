"""`python -m tutor`."""

import sys

from tutor.cli.main import main

sys.exit(main())
