"""The command line: a thin door to tutor.core."""
