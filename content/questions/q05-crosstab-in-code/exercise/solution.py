import pandas as pd


def crosstab(ratings, movies):
    """Rows users, columns titles, cells ratings; ratings (user, movie, rating), movies (movie, title)."""
    both = ratings.merge(movies, on="movie")
    return both.pivot_table(index="user", columns="title", values="rating")
