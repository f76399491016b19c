import pandas as pd


def crosstab(ratings, movies):
    """Rows users, columns titles, cells ratings; ratings (user, movie, rating), movies (movie, title)."""
    both = ratings.___(movies)
    return both.___(index="___", columns="___", values="___")
