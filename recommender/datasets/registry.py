"""The data sets that are known by name: what they are, where they come from, and on what terms."""

from dataclasses import dataclass, field

from recommender.datasets.errors import DataError

FILMS, USERS, RATINGS = 320, 600, 30_000  # of the planted world; FILMS are the rows of planted_films.csv

_GROUPLENS = "https://files.grouplens.org/datasets/movielens"
_ASK = "not for commercial use without the permission of GroupLens"
_NO_COPIES = f"Free for research and teaching if you name the source; do not pass it on; {_ASK}."
_COPIES = f"Free for research and teaching if you name the source; copies on the same terms; {_ASK}."


@dataclass(frozen=True)
class Identity:
    """How a data set is called, and its terms in one line."""

    name: str
    label: str
    licence: str


@dataclass(frozen=True)
class DatasetInfo:
    """A known data set as a list shows it. `licence` is its terms in one line."""

    name: str
    label: str
    licence: str
    size: str
    source: str


@dataclass(frozen=True)
class Archive:
    """A zip archive to download. Without an MD5 only its length and its own checksums can be checked."""

    url: str
    bytes: int  # what its source says; exact where an MD5 is known
    md5: str | None


@dataclass(frozen=True)
class Known:
    """A real data set: what the list shows, where it is fetched, and the scale of its stars."""

    info: DatasetInfo
    archive: Archive
    scale: tuple[float, float]
    wheel: "Wheel | None" = None

    @property
    def identity(self) -> Identity:
        """Its name, label and terms."""
        return Identity(self.info.name, self.info.label, self.info.licence)


@dataclass(frozen=True)
class Wheel:
    """A Python package that carries a copy: the requirement, the folder in it, SHA-256 of the files."""

    requirement: str
    folder: str
    sha256: dict[str, str] = field(default_factory=dict)


_RECBOLE = Wheel(
    "recbole==1.2.1",
    "recbole/dataset_example/ml-100k",
    {
        "ml-100k.inter": "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff",
        "ml-100k.item": "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532",
        "ml-100k.user": "4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972",
    },
)
PLANTED = DatasetInfo(
    "planted",
    "planted world",
    "Films: facts, free to use. Ratings: invented viewers, made by this program (MIT).",
    f"{RATINGS:,} ratings of {FILMS} films by {USERS} invented viewers; built in",
    "invented viewers of real films, so that the truth is known",
)


def _movielens(
    name: str,
    label: str,
    counts: str,
    archive: tuple[int, str | None],
    halves: bool = True,
    licence: str = _COPIES,
    wheel: Wheel | None = None,
) -> Known:
    size, md5 = archive
    about = f"{counts}; {size / 1e6:,.0f} MB"
    info = DatasetInfo(name, label, licence, about, "GroupLens, University of Minnesota")
    return Known(info, Archive(f"{_GROUPLENS}/{name}.zip", size, md5), (0.5 if halves else 1.0, 5.0), wheel)


KNOWN: dict[str, Known] = {
    known.info.name: known
    for known in (
        _movielens(
            "ml-100k",
            "MovieLens 100K",
            "100,000 ratings of 1,682 films by 943 people, 1998",
            (4_924_029, "0e33842e24a9c977be4e0107933c0723"),
            halves=False,
            licence=_NO_COPIES,
            wheel=_RECBOLE,
        ),
        _movielens(
            "ml-latest-small",
            "MovieLens latest, small",
            "100,836 ratings of 9,742 films by 610 people, 2018",
            (978_202, None),
        ),
        _movielens(
            "ml-1m",
            "MovieLens 1M",
            "1,000,209 ratings of 3,883 films by 6,040 people, 2003",
            (5_917_549, "c4d9eecfca2ab87c1945afe126590906"),
            halves=False,
            licence=_NO_COPIES,
        ),
        _movielens(
            "ml-10m",
            "MovieLens 10M",
            "10,000,054 ratings of 10,681 films by 69,878 people, 2009",
            (65_566_137, "ce571fd55effeba0271552578f2648bd"),
            licence=_NO_COPIES,
        ),
        _movielens(
            "ml-20m",
            "MovieLens 20M",
            "20,000,263 ratings of 27,278 films by 138,493 people, 2016",
            (198_702_078, "cd245b17a1ae2cc31bb14903e1204af3"),
        ),
        _movielens(
            "ml-25m",
            "MovieLens 25M",
            "25,000,095 ratings of 62,423 films by 162,541 people, 2019",
            (261_978_986, "6b51fb2759a8657d3bfcbfc42b592ada"),
        ),
        _movielens(
            "ml-32m",
            "MovieLens 32M",
            "32,000,204 ratings of 87,585 films by 200,948 people, 2024",
            (238_950_008, "d472be332d4daa821edc399621853b57"),
        ),
    )
}


def known() -> tuple[DatasetInfo, ...]:
    """All data sets that have a name, the planted world first."""
    return (PLANTED, *(entry.info for entry in KNOWN.values()))


def lookup(name: str) -> Known:
    """The real data set of that name. DataError lists the names there are."""
    if name not in KNOWN:
        names = ", ".join(info.name for info in known())
        raise DataError(f"unknown data set {name!r}; there are {names}, planted:users=…, or a path")
    return KNOWN[name]
