"""Why the tutor does what it does: one or two plain lines for each label that a move can carry.

The labels stand beside each line of the transcript; moves that one does not expect are read as faults.
"""

from __future__ import annotations

REASONS: dict[str, str] = {
    "your words": "Your own words come first: what is right in them is quoted, then one thing still open.",
    "what else": "An invitation gives nothing away: what one finds oneself stays longest. `hint` skips it.",
    "hint": "A hint names the idea and leaves the sentence to you. Hints never count as wrong.",
    "fill in": "One gap is the smallest step that is still yours. The next step would be the point itself.",
    "the point": "After three steps without it, being stuck costs more than being told. It comes back later.",
    "in short": "You asked for the answer. Read once, it fades; so a check follows now and a card tomorrow.",
    "check": "One small check: what is said once by oneself stays longer than what is only read.",
    "once more": "You were told this point. Meeting it again, in a new dress, shows whether it has stayed.",
    "your sentence": "Saying why something holds ties it to what you know. One sentence will do.",
    "prediction": "A run teaches whoever has guessed first, even wrongly, far more than an onlooker.",
    "run": "Seeing it measured settles more than my word for it.",
    "done": "All that the question needs is there. Look-alikes and fresh numbers come back in the Quiz.",
    "from the course": "I answer from the course alone and name the place, so that you can check me.",
    "the grade": "You asked how I read your answer. Where I am wrong, `I was right` counts at once.",
    "tip": "Being sure and wrong is worth catching: what surprises is remembered.",
    "asking back": "I could not place your words, and guessing would be unfair to you.",
    "plan": "A start with a plan is easier to follow: what is done, what is due, what comes.",
    "prompt": "Trying before reading makes what follows stick, even where the guess is wrong.",
}
_OTHERWISE = "It answers what you typed. `help` lists what else you can say."


def reason(label: str | None) -> str:
    """Why the move with this label was made; without a label the tutor has put its question."""
    return REASONS.get(label or "prompt", _OTHERWISE)
