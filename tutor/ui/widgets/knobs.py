"""The controls of an experiment: one line to type in for each parameter, with its range and its reason."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from tutor.core.course_schema import Parameter
from tutor.ui.commands import bindings


class KnobInput(Input):
    """The value of one parameter, as typed."""

    BINDINGS = bindings("lab", "knob")


class Knobs(Vertical):
    """Inputs for the parameters; `values` is what they hold, unread."""

    DEFAULT_CSS = """
    Knobs {
        height: auto;
        & Horizontal { height: 1; }
        & Label { width: 1fr; }
        & KnobInput { width: 22; border: none; height: 1; padding: 0 1; background: $surface; }
        & KnobInput:focus { background: $primary 25%; }
        & .reason { color: $text-muted; height: auto; margin: 0 0 1 2; }
    }
    .-short Knobs .reason { display: none; }
    """

    def __init__(self, parameters: tuple[Parameter, ...], typed: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._parameters = parameters
        self._typed = typed or {}

    def compose(self) -> ComposeResult:
        """A line and a reason for each parameter."""
        for parameter in self._parameters:
            with Horizontal():
                yield Label(parameter.label, markup=False)
                typed = self._typed.get(parameter.name, _text(parameter.default))
                yield KnobInput(typed, name=parameter.name)
            yield Static(f"{_range(parameter)}{parameter.reason}", classes="reason", markup=False)

    @property
    def values(self) -> dict[str, str]:
        """What is typed, by name of the parameter."""
        return {str(field.name): field.value for field in self.query(KnobInput)}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"{number:g}" for number in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _range(parameter: Parameter) -> str:
    if parameter.choices:
        return f"{', '.join(parameter.choices)}. "
    if parameter.low is None or parameter.high is None:
        return f"{parameter.unit}. " if parameter.unit else ""
    return f"{parameter.low:g} to {parameter.high:g}{f' {parameter.unit}' if parameter.unit else ''}. "
