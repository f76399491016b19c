def extremes(bias, titles, k):
    """Titles of the k lowest and of the k highest biases, each list from its end."""
    lowest = bias.___()[:k]
    highest = bias.argsort(___=True)[:k]
    return [titles[i] for i in lowest], [___[i] for i in highest]
