"""The learner's own notes on the questions: taken in, shown beside a new answer, written back as Markdown."""
