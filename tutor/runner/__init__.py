"""Talks to child processes: the training child."""
