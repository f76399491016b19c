r"""Turns a formula as learners write it into the text of a Python expression; nothing is executed.

LaTeX (`\frac{\lambda}{2} \lVert w \rVert_2^2`), Unicode (`½ λ Σ wᵢ²`) and Python (`wd * (w**2).sum()`) all
end as one spelling, in which products are written out: `((λ)/(2))*norm(w)**2`.
"""

from __future__ import annotations

import re

from tutor.text.formula_roles import GRADIENT, LOSS, WEIGHTS, role_of
from tutor.text.lexicon import words_of

MAX_DEPTH = 16
"""Deeper brackets are not read."""
FUNCTIONS = words_of(
    "sum fsum mean average abs fabs sqrt square pow power norm norm1 dot inner vdot matmul mul add "
    "sub subtract multiply divide div sign sgn cat concat concatenate stack hstack list tuple range len "
    "flatten ravel view reshape float item detach clone parameters named_parameters parameters_to_vector "
    "mul_ add_ sub_ div_ derivative absolute numpy tensor enumerate zip values children"
)
KEYWORDS = frozenset(("for", "in"))
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "partial": "∂", "nabla": "∇", "sum": "Σ", "leftarrow": "=",
    "gets": "=", "lVert": "‖", "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|",
    "ldots": "...", "cdots": "...", "dots": "...", "top": "T", "intercal": "T", "ell": "ℓ", "quad": " ",
    "qquad": " ", "lambda": "λ", "eta": "η", "theta": "θ", "alpha": "α", "beta": "β", "gamma": "γ", "mu": "μ",
    "omega": "ω", "Theta": "θ", "epsilon": "ε", "varepsilon": "ε",
    "sqrt": "sqrt", "hat": "", "tilde": "", "bar": "", "vec": "", "mathbf": "", "mathcal": "", "mathrm": "",
    "text": "", "operatorname": "", "boldsymbol": "", "bm": "", "widetilde": "", "left": "", "right": "",
    "big": "", "Big": "", "bigl": "", "bigr": "", "displaystyle": "", "limits": "",
}  # fmt: skip
_SCRIPTS = str.maketrans("⁰¹²³⁴ⁿᵀ₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙₘₜᵤ", "01234nT0123456789ijknmtu")
_UNICODE = {
    "·": "*", "∙": "*", "⋅": "*", "×": "*", "−": "-", "←": "=", "⟵": "=", "∑": "Σ", "½": "(1/2)",
    "¼": "(1/4)", "…": "...", "⋯": "...", "∥": "‖", "∣": "|", "µ": "μ", "ϑ": "θ", "ϵ": "ε", "√": "sqrt",
    "′": "'", "÷": "/",
    "𝜆": "λ", "𝑤": "w", "ŵ": "w",
}  # fmt: skip
_TOKEN = re.compile(
    r"\s+|(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d{1,2}(?!\d))?|\.\d+)|(?P<name>[α-ωℓℒ](?:_\w+)?|∇|[A-Za-zŷ_][A-Za-z0-9_]*)"
    r"|(?P<op>\.\.\.|\*\*|[-+*/@^=,:|‖Σ'.()\[\]])"
)
_BINARY = frozenset(("+", "-", "*", "/", "@", "**", "=", ",", ":", "^", "("))
_WORDS = (
    (re.compile(r"\b(sum|Σ)\s+(?:of\s+)?(?:all\s+)?(?:the\s+)?(?=[\w(])"), "Σ "),
    (re.compile(r"\bsum_\w\b\s*"), "Σ "),
    (re.compile(r"\bplus\b"), "+"),
    (re.compile(r"\bminus\b"), "-"),
    (re.compile(r"\b(?:times|multiplied by)\b"), "*"),
    (re.compile(r"\bsquared\b"), "**2"),
    (re.compile(r"\blambda\b(?!\s*\w*\s*(?:,\s*\w+\s*)*:)"), "λ"),
)
_LOSSES = r"(?:loss|[LEJℓℒ]|MSE|mse|error|cost)(?:_\w+)?'?(?:\(\w+\))?"
_NO_LETTERS = re.compile(r"[^\W\d_]")


class Unreadable(ValueError):
    """No formula that can be read."""


def python_source(text: str) -> str:
    """The Python expression that a formula without `=` outside brackets means. Raises `Unreadable`."""
    text = _derivatives(_without_scripts(_without_latex(text)))
    for pattern, replacement in _WORDS:
        text = pattern.sub(replacement, text)
    return _Writer(_tokens(text)).source()


def _without_latex(text: str) -> str:
    for sign, written in _UNICODE.items():
        text = text.replace(sign, written)
    if "\\" in text:
        text = re.sub(r"\\[,;:! ]", " ", text.replace("\\|", "‖"))
        for _ in range(4):
            text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))", text)
            text = re.sub(r"([_^])\s*\{([^{}]*)\}", _script, text)
        text = re.sub(r"\\([A-Za-z]+)\s?", _command, text)
    text = text.replace("{", "(").replace("}", ")").replace("||", "‖")
    if "\\" in text:
        raise Unreadable("an unknown command")
    return text


def _script(match: re.Match[str]) -> str:
    if match[1] == "^":
        return f"^({match[2]})"
    return f"_{match[2]}" if match[2].isalnum() else ""


def _command(match: re.Match[str]) -> str:
    if match[1] not in _COMMANDS:
        raise Unreadable("an unknown command")
    return _COMMANDS[match[1]]


def _without_scripts(text: str) -> str:
    text = re.sub(r"[⁰¹²³⁴]", lambda found: "**" + found[0].translate(_SCRIPTS), text)
    text = re.sub(r"\^\s*\(?\s*T\s*\)?\s*(?=[\w(])|ᵀ\s*(?=[\w(])", " @ ", text)
    text = re.sub(r"Σ\s*(?:_\([^()]*\)|_\w+|[ᵢⱼₖₙ₌₀-₉]+)?\s*(?:\^\s*\w\b|\^\s*\(\w\)|ⁿ|ᴺ)?", "Σ ", text)
    text = re.sub(r"‖\s*(\^\s*2|\^\(2\)|\*\*2|)\s*(?:_2|₂|_F)(?!\w)", r"‖\1", text)
    text = re.sub(r"[₀-₉]", lambda found: "_" + found[0].translate(_SCRIPTS), text)
    text = re.sub(r"[ᵢⱼₖₙₘₜᵤ]+", lambda found: "_" + found[0].translate(_SCRIPTS), text)
    return re.sub(r"(?<=\d)_[a-z]\b", "", text)


def _derivatives(text: str) -> str:
    r"""The gradient of the loss becomes `∇`, and `d/dp (...)` of anything else `derivative(...)`."""
    d = r"(?:∂|\bd)\s*"
    by = rf"{d}[^\W\d]\w{{0,5}}"
    text = re.sub(rf"\(\({d}({_LOSSES}|)\s*\)/\(({by})\)\)", r"∂\1/\2 ", text)
    text = re.sub(rf"\(\({d}([^()=]{{1,60}})\)/\({by}\)\)", r"derivative (\1)", text)
    text = re.sub(rf"{d}{_LOSSES}\s*/\s*{by}", "∇", text)
    text = re.sub(rf"{d}/\s*{by}", "derivative ", text)
    text = re.sub(rf"{d}\(([^=]{{1,60}}?)\)\s*/\s*{by}", r"derivative (\1)", text)
    text = re.sub(rf"∇\s*(?:_\w+)?\s*{_LOSSES}(?!\w)", "∇", text)
    text = re.sub(r"∇\s*_\w+", "∇", text)
    return re.sub(r"∇\s*(?=\()", "derivative ", text)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            raise Unreadable(f"the sign {text[place]!r}")
        place = match.end()
        token = match.group().strip()
        if match["number"] and len(token) > 12:
            raise Unreadable("a long number")
        if match["name"]:
            found += _split(token)
        elif token:
            found.append("**" if token == "^" else token)
    return found


def _split(name: str) -> list[str]:
    """`wdp` as `wd p`: a run of letters that is nothing but short names."""
    if role_of(name) or not re.fullmatch(r"(?:wd|lr)+[pwg]?", name):
        return [name]
    return re.findall(r"wd|lr|p|w|g", name)


class _Writer:
    """Writes tokens as Python, from left to right."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._out: list[str] = []
        self._depth = 0

    def source(self) -> str:
        self._sequence(None)
        return " ".join(self._out)

    @property
    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _sequence(self, end: str | None) -> None:
        """Write all tokens up to the closing sign `end`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable("brackets too deep")
        while (token := self._next) != end:
            if token is None:
                raise Unreadable("an open bracket")
            self._one(token)
        self._depth -= 1

    def _one(self, token: str) -> None:
        self._at += 1
        if token in ("Σ", "derivative") and self._next != ".":
            self._product("sum" if token == "Σ" else token)
        elif token in ("|", "‖"):
            self._between(token)
        elif token in ("(", "["):
            self._bracket(token)
        elif token in (")", "]"):
            raise Unreadable("a closing bracket")
        elif token == "'":
            return
        elif token in KEYWORDS or token in ("...",) or token in _BINARY or token == ".":
            self._out.append(token)
        else:
            self._join()
            self._out.append("grad" if token == "∇" else token)

    def _join(self) -> None:
        """Write the sign of a product that is only implied."""
        if self._ends_value():
            self._out.append("*")

    def _ends_value(self) -> bool:
        last = self._out[-1] if self._out else "("
        return last not in _BINARY and last not in KEYWORDS and last not in (".", "[", "...")

    def _bracket(self, token: str) -> None:
        before = self._out[-1] if self._out else ""
        is_attribute = len(self._out) > 1 and self._out[-2] == "."
        if token == "(" and role_of(before) in (LOSS, GRADIENT) and not is_attribute:
            self._arguments()
            return
        is_call = before in FUNCTIONS or is_attribute or _is_unknown(before)
        if token == "(" and self._ends_value() and not is_call:
            self._out.append("*")
        self._out.append(token)
        close = ")" if token == "(" else "]"
        self._sequence(close)
        self._at += 1
        self._out.append(close)

    def _arguments(self) -> None:
        """Leave out what a loss or a gradient is a function of: `J(θ)`, `mse(pred, y)`."""
        depth = 1
        while depth:
            token = self._next
            if token is None or token in ("+", "-", "/", "=", "**", "Σ"):
                raise Unreadable("a loss of something")
            depth += {"(": 1, ")": -1}.get(token, 0)
            self._at += 1

    def _between(self, sign: str) -> None:
        """`|w|` and `‖w‖`."""
        self._join()
        at = len(self._out)
        self._out += ["abs" if sign == "|" else "norm", "("]
        self._sequence(sign)
        self._at += 1
        if self._next in ("_1",):
            self._at += 1
            self._out[at] = "norm1"
        self._out.append(")")

    def _product(self, function: str) -> None:
        """`Σ` and `d/dp` reach as far as the product behind them."""
        self._join()
        self._out += [function, "("]
        start = len(self._out)
        while (token := self._next) is not None:
            has_begun = len(self._out) > start
            if token in (")", "]", "=", ",", ":", "|", "‖") and (has_begun or token in (")", "]", "=", ",")):
                if token in ("|", "‖") and not self._ends_value():
                    self._one(token)
                    continue
                break
            if token in ("+", "-", "for") and has_begun:
                break
            self._one(token)
        self._out.append(")")


def _is_unknown(name: str) -> bool:
    """Whether a name with a bracket behind it is a function that nobody knows, not a factor."""
    return bool(_NO_LETTERS.match(name)) and role_of(name) is None and len(name) > 1


def target_role(text: str) -> str | None:
    """The role of what stands on the left of an equation, or None where it is nothing known."""
    try:
        source = python_source(text)
    except Unreadable:
        return None
    name = source.replace(" ", "")
    if "derivative(" in name or name.endswith((".grad", ".grad.data")):
        return GRADIENT
    name = name.removesuffix(".data")
    name = name.rpartition(".")[2] if "." in name else name
    return role_of(name) if name.replace("_", "").isalnum() else (WEIGHTS if name.startswith("w[") else None)
