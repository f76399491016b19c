"""Runs Python of the course and of learners in a process of its own and compares what it gave.

`running.run_jobs` sends jobs to one child process that runs `case_runner.py`, a plain script that
imports nothing of ours; `comparing.same` compares two values as that script encodes them.
"""
