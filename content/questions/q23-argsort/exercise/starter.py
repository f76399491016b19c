def extremes(bias, titles, k):
    """Titles of the k lowest and of the k highest biases, each list from its end."""
