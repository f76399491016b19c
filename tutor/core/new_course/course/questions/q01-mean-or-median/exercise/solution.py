def mean_and_median(values):
    """Mean and median of at least one number."""
    ordered = sorted(values)
    n = len(ordered)
    return sum(ordered) / n, (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
