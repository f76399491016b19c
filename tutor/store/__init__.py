"""Where a learner's state lives: paths and one SQLite file."""
