"""The course linter: proves that every file of a course can be taught from.

`check(root)` returns what is broken, each finding with file, line and remedy; an empty list means
that the course is sound. `agreement(course)` counts how often the present grader gives the graded
examples their marks, each as if it were not stored; `check_agreement` finds fault with too few.
"""

from tutor.core.course_check.check import check
from tutor.core.course_check.findings import Finding
from tutor.core.course_check.trials import Agreement, agreement, check_agreement

__all__ = ["Agreement", "Finding", "agreement", "check", "check_agreement"]
