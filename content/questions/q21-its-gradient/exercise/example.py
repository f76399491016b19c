import torch


def step_to_middle(p, g, lr, strength):
    """A sibling: the penalty is strength · Σ (p − 1)⁴, which pulls every weight towards 1."""
    slope = 4 * strength * (p - 1) ** 3  # the power comes down, one power less is left
    return p - lr * (g + slope)  # against the gradient of loss and penalty together


p = torch.tensor([2.0, 0.0, 1.0])
print(step_to_middle(p, torch.zeros(3), 0.1, 0.5))  # 1.8, 0.2, 1.0: all nearer to 1
