"""Lines that ask to look back: "recap", "what did we do today?", "sum it up"."""

from __future__ import annotations

import re

from tutor.text.tokens import squeezed

_MAX_LINE = 90
_WHICH = (
    r"(?:[ ,]+(?:of|for|on|in|the|this|that|it|us|everything|all|our|my|whole|last|today|today'?s|yesterday|"
    r"yesterday'?s|session|sitting|work|time|so far|here|together|again|now|please|pls|what we did))*"
)
_ASKS = re.compile(
    rf"(?:(?:please|ok|okay|so|now|can (?:you|i|we)|could you|i(?:'d like| want| need)|let'?s|just)[, ]+)*"
    rf"(?:(?:show|give|write|make|see|have|get|read)(?: me| us)? )?(?:an? |the |my |our )?"
    rf"(?:quick |short |brief )?"
    rf"(?:recap|summary|summari[sz]e|summing up|sum(?: \w+)? up|wrap(?: \w+)? up|look(?:ing)? back){_WHICH}|"
    rf"(?:so |and )?what (?:did|have|had) (?:we|i) (?:actually |all )?"
    rf"(?:do|done|learn|learned|learnt|cover|covered|talk about){_WHICH}|"
    rf"where did (?:we|i) (?:stop|leave off){_WHICH}"
)
_LOOKS_BACK = re.compile(
    r"\b(?:recap|summary|summari[sz]e|sum (?:\w+ )?up|wrap (?:\w+ )?up|look back|did (?:we|i)|have we|"
    r"we did)\b"
)
FIGURES = re.compile(r"what have i (?:done|learned)(?: so far)?")
"""Asks for figures, not for a recap."""


def asks_for_recap(text: str) -> bool:
    """Whether a line asks to look back and says nothing else."""
    if len(text) > _MAX_LINE:
        return False
    line = squeezed(text).lstrip("/:!").strip(" ?.!")
    return bool(_ASKS.fullmatch(line)) and not FIGURES.fullmatch(line)


def looks_back(text: str) -> bool:
    """Whether a line that asks for progress asks for what was done, rather than for figures."""
    return asks_for_recap(text) or bool(_LOOKS_BACK.search(squeezed(text[:_MAX_LINE])))
