def step(p, g, lr, wd):
    """The weights after one step of gradient descent on loss + wd · Σ p²; g is the loss's own gradient."""
