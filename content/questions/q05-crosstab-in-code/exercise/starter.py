import pandas as pd


def crosstab(ratings, movies):
    """Rows users, columns titles, cells ratings; ratings (user, movie, rating), movies (movie, title)."""
