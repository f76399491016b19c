def with_decay(loss, parameters, wd):
    """The loss with weight decay: loss + wd · Σ p² over all numbers of all tensors."""
    squares = sum((p ** ___).___() for p in parameters)
    return loss ___ wd * ___
