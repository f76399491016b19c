class Shelf:
    """Films with their stars, on the shelf of one owner."""

    def __init__(self, owner):
        ___.owner = owner
        self.films = ___

    def add(self, title, stars):
        self.films[___] = stars

    def best(self):
        return max(self.films, key=self.films.get, default=___)

    def count(self):
        return ___
