def dot(x, y):
    """The dot product of two lists of numbers of equal length."""
