def split(x):
    """Codes of the viewers [n] and of the films [n] in a batch x [n, 2]."""
