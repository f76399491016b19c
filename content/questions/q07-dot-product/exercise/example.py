# A sibling task: how far apart are two films? The distance squares each difference and adds the squares.
toy_story = [3, 0, 1]
alien = [-1, 3, 3]


def squared_distance(x, y):
    """The sum of the squared differences of two lists of equal length."""
    if len(x) != len(y):  # an entry without a partner: better an error than a wrong number
        raise ValueError("the lists differ in length")
    total = 0
    for a, b in zip(x, y):  # a from x and b from y, side by side
        total = total + (a - b) ** 2
    return total  # after the loop, not in it


print(squared_distance(toy_story, alien))  # 16 + 9 + 4 = 29
assert squared_distance(toy_story, alien) == 29
