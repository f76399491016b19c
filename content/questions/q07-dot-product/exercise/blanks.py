def dot(x, y):
    """The dot product of two lists of numbers of equal length."""
    if len(x) ___ len(y):
        raise ValueError("the lists differ in length")
    return ___(a ___ b for a, b in ___(x, y))
