def dot(x, y):
    """The dot product of two lists of numbers of equal length."""
    if len(x) != len(y):
        raise ValueError("the lists differ in length")
    return sum(a * b for a, b in zip(x, y))
