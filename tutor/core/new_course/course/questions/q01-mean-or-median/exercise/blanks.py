def mean_and_median(values):
    """Mean and median of at least one number."""
    ordered = ___(values)
    n = len(ordered)
    return ___ / n, (ordered[(n - 1) // 2] + ordered[___]) / 2
