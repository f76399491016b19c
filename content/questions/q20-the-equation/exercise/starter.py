def with_decay(loss, parameters, wd):
    """The loss with weight decay, over all numbers of all tensors in `parameters`."""
