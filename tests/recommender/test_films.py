"""Titles as people write them, and one id for one film in every data set."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.film_aliases import ALIASES
from recommender.films import ARTICLES, film_id, natural_title, parse_title


@pytest.mark.parametrize(
    ("raw", "title", "year"),
    [
        ("Matrix, The (1999)", "The Matrix", 1999),
        ("Fargo (1996)", "Fargo", 1996),
        ("Beautiful Mind, A (2001)", "A Beautiful Mind", 2001),
        ("Avventura, L' (Adventure, The) (1960)", "L'Avventura (The Adventure)", 1960),
        ("Misérables, Les (1995)", "Les Misérables", 1995),
        ("Postino, Il (1994)", "Il Postino", 1994),
        ("Blue Angel, The (Blaue Engel, Der) (1930)", "The Blue Angel (Der Blaue Engel)", 1930),
        ("Seven (a.k.a. Se7en) (1995)", "Seven (a.k.a. Se7en)", 1995),
        (
            "Shop, The (a.k.a. Store, The) (Laden, Der) (1965)",
            "The Shop (a.k.a. The Store) (Der Laden)",
            1965,
        ),
        ("Lord of the Rings: The Two Towers, The (2002)", "The Lord of the Rings: The Two Towers", 2002),
        ("To Wong Foo, Thanks for Everything! Julie Newmar (1995)", None, 1995),
        ("Land Before Time III: The Time of the Great Giving (1995) (V)", None, 1995),
        ("2001: A Space Odyssey (1968)", "2001: A Space Odyssey", 1968),
        ("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006),
        ("Babylon 5", "Babylon 5", 0),
        ("  Shadow   and Light (1996) ", "Shadow and Light", 1996),
        ("(1999)", "(1999)", 0),
        ("", "", 0),
    ],
)
def test_a_catalogue_title_is_read_as_people_write_it(raw: str, title: str | None, year: int) -> None:
    expected = raw.partition(" (")[0] if title is None else title
    assert parse_title(raw) == (expected, year)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("The Matrix", 1999), ("Matrix, The", 1999)),
        (("Seven", 1995), ("Seven (Se7en)", 1995)),
        (("Seven", 1995), ("Seven (a.k.a. Se7en)", 1995)),
        (("Amélie", 2001), ("Amelie (Le Fabuleux destin d'Amélie Poulain)", 2001)),
        (("Thelma & Louise", 1991), ("Thelma and Louise", 1991)),
        (("Romeo + Juliet", 1996), ("Romeo and Juliet", 1996)),
        (("Schindler's List", 1993), ("SCHINDLER’S LIST", 1993)),
        (("M*A*S*H", 1970), ("MASH", 1970)),
        (("WALL·E", 2008), ("Wall-E", 2008)),
        (("8½", 1963), ("8 1/2 (8½)", 1963)),
        (("Alien³", 1992), ("Alien 3", 1992)),
        (("L.A. Confidential", 1997), ("LA Confidential", 1997)),
        (("Star Wars", 1977), ("Star Wars: Episode IV - A New Hope", 1977)),
        (("Léon", 1994), ("Professional, The", 1994)),
    ],
)
def test_spellings_of_one_film_meet(one: tuple[str, int], other: tuple[str, int]) -> None:
    assert film_id(*one) == film_id(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Sabrina", 1954), ("Sabrina", 1995)),
        (("Kill Bill: Vol. 1", 2003), ("Kill Bill: Vol. 2", 2004)),
        (("The Thing", 1982), ("Thing", 1982)),
        (("It", 1990), ("It", 0)),
        (("天空の城", 1986), ("千と千尋", 1986)),
        (("!!!", 1999), ("???", 1999)),
        (("$ (Dollars)", 1971), ("¥ (Yen)", 1971)),
    ],
)
def test_different_films_stay_apart(one: tuple[str, int], other: tuple[str, int]) -> None:
    assert film_id(*one) != film_id(*other)


def test_ids_are_slugs_with_the_year() -> None:
    assert film_id("Fargo", 1996) == "fargo-1996"
    assert film_id("L.A. Confidential", 1997) == "la-confidential-1997"
    assert film_id("Mr. Holland's Opus", 1995) == "mr-hollands-opus-1995"
    assert film_id("Ghost") == "ghost"
    assert film_id("(500) Days of Summer", 2009) == "500-days-of-summer-2009"


def test_no_alias_leads_to_another() -> None:
    assert not set(ALIASES.values()) & set(ALIASES)


WORDS = st.text(string.ascii_letters + "éüñ' ", min_size=1).map(lambda text: " ".join(text.split()))


@given(WORDS.filter(bool), st.sampled_from(sorted(ARTICLES)), st.integers(1900, 2099))
def test_a_rotated_article_is_the_same_film(words: str, article: str, year: int) -> None:
    catalogue = f"{words}, {article} ({year})"
    title, found = parse_title(catalogue)
    assert found == year
    assert film_id(title, year) == film_id(f"{words}, {article}", year)
    assert title.endswith(words) and title.startswith(article)


@given(st.text(max_size=60), st.integers(0, 2100))
def test_any_title_has_a_stable_id_without_blanks(title: str, year: int) -> None:
    made = film_id(title, year)
    assert made and made == film_id(natural_title(title), year)
    assert not any(sign.isspace() for sign in made)


@given(st.text(max_size=60))
def test_a_year_is_only_found_where_one_is_written(raw: str) -> None:
    _, year = parse_title(raw)
    assert year == 0 or f"({year:04}" in " ".join(raw.split())
