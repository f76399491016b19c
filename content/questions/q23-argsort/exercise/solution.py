def extremes(bias, titles, k):
    """Titles of the k lowest and of the k highest biases, each list from its end."""
    lowest = bias.argsort()[:k]
    highest = bias.argsort(descending=True)[:k]
    return [titles[i] for i in lowest], [titles[i] for i in highest]
