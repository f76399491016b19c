class Shelf:
    """Films with their stars, on the shelf of one owner."""

    def __init__(self, owner):
        self.owner = owner
        self.films = {}

    def add(self, title, stars):
        self.films[title] = stars

    def best(self):
        return max(self.films, key=self.films.get, default=None)

    def count(self):
        return len(self.films)
