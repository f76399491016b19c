"""What can go wrong with data; each message is one clear line that says what, where and how to mend it."""


class DataError(Exception):
    """A file or a name that cannot be used as data."""

    def __init__(self, message: str) -> None:
        """`message` may quote a file: what is no printable sign in it becomes a middle dot."""
        super().__init__("".join(sign if sign.isprintable() else "·" for sign in message))


class DataMissing(DataError):
    """A known data set that is not on this machine yet; the message says how to get it."""


class FetchFailed(DataError):
    """A download that did not work; nothing on disk has changed."""
