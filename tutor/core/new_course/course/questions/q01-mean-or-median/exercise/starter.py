def mean_and_median(values):
    """Mean and median of at least one number."""
