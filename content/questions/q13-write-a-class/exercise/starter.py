class Shelf:
    """Films with their stars, on the shelf of one owner."""
