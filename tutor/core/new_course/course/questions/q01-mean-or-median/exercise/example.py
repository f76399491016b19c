def smallest_and_largest(values):
    """A sibling: two other figures of a list, again without changing it."""
    ordered = sorted(values)  # a new list; the old one stays as it is
    return ordered[0], ordered[-1]


print(smallest_and_largest([3, 1, 2]))  # (1, 3)
