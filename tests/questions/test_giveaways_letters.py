"""The invented letters of the mailbag: what a careful person would mark in them, and leave."""

import pytest
from ruamel.yaml import YAML

from webapp.questions.giveaways import find_giveaways, reword_all
from webapp.settings import package_folder

LETTERS = YAML(typ="safe").load(
    (package_folder("seeds") / "questions.yaml").read_text(encoding="utf-8")
)
MARKED = {
    "Full Stops Out": [
        ("name", "My ex-husband, Tobias Wrenfield,"),
        ("institution", "Harrowmere Academy"),
        ("date", "on 14 February"),
        ("name", "our daughter's piano teacher, Marguerite Olliphant-Dace,"),
        ("address", "9 Larkspur Row"),
        ("institution", "St Bride's"),
    ],
    "Player Two": [
        ("e-mail address", "hattie.wrenlow@example.org"),
        ("own name", "Hattie Wrenlow"),
    ],
    "Slow and Steady": [("name", "Clement")],
    "Not Craig": [
        ("telephone number", "07700 900142"),
        ("own name", "Craig"),
        ("name", "Craig"),
        ("institution", "Dunmarrow fire station"),
    ],
    "Claims Pending": [
        ("employer", "Thornbeck & Lisle"),
        ("name", "our head of claims, Gareth Pinder-Holt"),
        ("name", "Gareth"),
        ("name", "Gareth"),
    ],
}
REWORDED = {
    "Full Stops Out": (
        "My ex-husband is deputy head at a school. We separated in February (he has never had a "
        "sense of occasion) and he has now moved in with our daughter's piano teacher at a private "
        "address, which I can see from my landing. They are getting married in the spring at a "
        "place I won’t name, where I have been the organist for sixteen years."
    ),
    "Player Two": "could you send it to a private e-mail address, thank you so much, X",
    "Not Craig": (
        "so my number's a private number, ask for X. I'm the only X on blue watch at a fire station"
    ),
    "Claims Pending": (
        "I work at a company (the insurers, the office over the bus station) and since the summer "
        "away-day I've been seeing our head of claims. He isn't my manager"
    ),
}


def text_of(sign_off: str) -> str:
    (text,) = (letter["text"] for letter in LETTERS if letter["sign_off"] == sign_off)
    return str(text)


@pytest.mark.parametrize("sign_off", MARKED)
def test_a_letter_with_details_is_marked_where_it_has_them(sign_off: str):
    found = find_giveaways(text_of(sign_off), country="GB")

    assert [(giveaway.kind, giveaway.text) for giveaway in found] == MARKED[sign_off]


@pytest.mark.parametrize("sign_off", REWORDED)
def test_a_letter_reads_on_when_every_suggestion_is_taken(sign_off: str):
    text = text_of(sign_off)
    reworded = reword_all(text, find_giveaways(text, country="GB"))

    assert REWORDED[sign_off] in reworded
    assert find_giveaways(reworded, country="GB") == ()


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter["sign_off"] or "unsigned")
def test_the_other_letters_and_all_words_for_reading_aloud_are_left_alone(letter: dict[str, str]):
    if letter["sign_off"] not in MARKED:
        assert find_giveaways(letter["text"], country="GB") == ()
    assert find_giveaways(letter["air_text"], country="GB") == ()
