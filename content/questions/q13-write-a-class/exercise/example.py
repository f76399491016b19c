class Counter:
    """Counts visitors of one cinema: a class much like the one you will write."""

    def __init__(self, cinema):
        self.cinema = cinema  # kept on the object, so that other methods find it
        self.visitors = 0

    def enter(self, people=1):
        self.visitors += people  # changes this object alone

    def report(self):
        return f"{self.cinema}: {self.visitors} visitors"


rialto = Counter("Rialto")  # makes an object; Python calls __init__
rialto.enter()
rialto.enter(3)
print(rialto.report())  # Rialto: 4 visitors
