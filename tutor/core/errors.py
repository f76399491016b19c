"""Faults that are answers: each message is one clear line that says what, where and how to mend it."""

from __future__ import annotations


class BadInput(Exception):
    """Something was asked for that cannot be; nothing was changed."""


class CannotDo(Exception):
    """The request was fine, but what it needs is not there (yet)."""
