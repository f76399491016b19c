"""Names that learners give to the parts of a formula, and what each of them stands for.

A role is what two formulas must agree on: `loss + wd * sum(p**2)` and `J + λ Σ θ²` hold the same roles.
"""

from __future__ import annotations

import re

from tutor.text.lexicon import words_of

LOSS, COEFFICIENT, WEIGHTS, RATE, GRADIENT = ROLES = ("loss", "coefficient", "weights", "rate", "gradient")

_NAMES = {
    LOSS: "loss l mse e j ℓ ℒ error err cost criterion objective rmse mae bce risk old old_loss data_loss "
    "base_loss base original original_loss mse_loss bceloss mseloss loss_fn loss_func data_term "
    "normal_loss ordinary_loss prediction_error",
    COEFFICIENT: "coefficient wd λ lambda lam lamb lmbda lambd λ_ weight_decay weightdecay decay reg l2_reg "
    "l2_lambda reg_strength strength decay_rate regularization penalty_strength μ mu beta β",
    WEIGHTS: "weights weight p w θ theta params param parameters parameter ws ps ω embeddings embedding "
    "tables tensors matrices model_weights all_weights all_params x_weights",
    RATE: "rate lr η eta learning_rate learningrate step_size stepsize ε epsilon",
    GRADIENT: "gradient grad g ∇ gradients grads dw dp d_p d_w g_t old_grad data_grad old_gradient "
    "data_gradient gradient_of_loss",
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names.split()}
LOOSE = frozenset(("alpha", "α", "c", "k", "γ", "gamma", "const", "factor"))
"""Coefficients where no other coefficient stands in the formula; some of them are else the rate."""
_OTHER_RATE = {"alpha", "α", "γ", "gamma"}
DATA = words_of(
    "pred preds prediction predictions y yhat y_hat y_pred y_true target targets out output outputs rating "
    "ratings r r_hat rhat yb actual t ŷ stars"
)
"""What a data loss is made of when somebody writes it out."""
PARTS = words_of("u v q b users films movies items user_factors movie_factors item_factors bias biases")
"""Parts of the weights: they count only where a sum goes over several of them."""
_SUFFIX = re.compile(r"(?P<base>.+?)_(?:i|j|k|n|m|t|u|d|ij|ui|old|data|new|next|total|reg|train|wd|l2|f|0)\Z")
_INDEXED = re.compile(r"(?P<base>[a-zθω]|param|weight|theta)_?(?P<index>\d{1,2}|n|d|m|N)\Z")


def role_of(name: str) -> str | None:
    """The role of a name whatever the formula around it, or None: `L_old` is a loss, `w_i` are weights."""
    folded = name.casefold() if len(name) > 1 or name in "WPLEJG" else name
    if folded in _ROLE_OF:
        return _ROLE_OF[folded]
    match = _SUFFIX.match(folded)
    return _ROLE_OF.get(match["base"]) if match else None


def is_data(name: str) -> bool:
    """Whether it is a prediction or a target."""
    match = _SUFFIX.match(name)
    return name in DATA or bool(match and match["base"] in DATA)


def part_of_weights(name: str) -> tuple[str, bool] | None:
    """What sets one of several weights apart, and whether it is only ever a part: `w1`, `q_i`, `p`."""
    match = _INDEXED.match(name)
    if match and (role_of(match["base"]) == WEIGHTS or match["base"] in PARTS):
        return name, True
    base = name.partition("_")[0].casefold()
    if name.casefold() in PARTS or base in PARTS:
        return name, True
    return (name, False) if role_of(name) == WEIGHTS else None


def loose_role(name: str, others: set[str]) -> str | None:
    """The role of a name such as `α`, which depends on the `others` of its formula."""
    roles = {role_of(other) for other in others if other != name}
    if name not in LOOSE:
        return None
    if COEFFICIENT not in roles:
        return COEFFICIENT
    return RATE if name in _OTHER_RATE and RATE not in roles else None
