"""Everything but names: addresses, numbers, accounts, places of work, days, ages with towns."""

import pytest

from webapp.questions.giveaways import find_giveaways, reword_all


def found(text: str, country: str = "GB") -> list[tuple[str, str]]:
    return [(entry.kind, entry.text) for entry in find_giveaways(text, country=country)]


def reworded(text: str) -> str:
    return reword_all(text, find_giveaways(text, country="GB"))


@pytest.mark.parametrize(
    "address",
    [
        "dan@example.org",
        "dan.o-k+show@mail.example.co.uk",
        "dan [at] example [dot] org",
        "dan(at)example.org",
        "dan at example dot co dot uk",
        "иван@пример.рф",
    ],
)
def test_an_email_address_is_marked_however_it_is_spelt(address: str):
    text = f"Write to {address}, thanks."

    assert found(text) == [("e-mail address", address)]
    assert reworded(text) == "Write to a private e-mail address, thanks."


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("07700 900142", ""),
        ("07700900142", "GB"),
        ("020 7946 0018", "GB"),
        ("(020) 7946-0018", ""),
        ("+44 (0) 7700 900142", ""),
        ("+49 30 901820", ""),
        ("00 44 7700 900142", ""),
        ("(415) 555-2671", ""),
        ("415-555-2671", ""),
        ("4155552671", "US"),
        ("612 345 678", "es"),
        ("06 12 34 56 78", "FR"),
        ("٠٧٧٠٠ ٩٠٠١٤٢", ""),
    ],
)
def test_a_telephone_number_is_marked_however_it_is_grouped(number: str, country: str):
    assert found(f"Ring {number} 24/7", country) == [("telephone number", number)]


@pytest.mark.parametrize(
    "text",
    [
        "It cost £340, then 9,400, then £340000000 and 1200000 €.",
        "In 1985 1990 2010 we had 10 000 000 of 12 345 678 900 000 000.",
        "We are 34, 46 and 79, it took 0000000000 seconds and 1 2 3 4 5 6 7 8 9 0.",
        "Call 0808 2000 247 or 1-800-799-7233.",
        "Version 10.20.30.40, page 123456789012345678901234567890, +999 123 456 789.",
    ],
)
def test_other_numbers_are_left_alone(text: str):
    assert found(text) == []


def test_a_list_of_numbers_costs_no_more_than_its_beginning():
    assert len(found("07700 900142, " * 100)) == 40


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("I’m @daniel_k.", "@daniel_k"),
        ("I’m u/throwaway99 there", "u/throwaway99"),
        ("my insta is hattie_w and", "hattie_w"),
        ("My Instagram: hattiewren.", "hattiewren"),
        ("my snap name is h.wren, ok", "h.wren"),
    ],
)
def test_an_account_is_marked(text: str, account: str):
    assert found(text) == [("account", account)]


@pytest.mark.parametrize(
    "text",
    [
        "My insta is private, his snap is locked. My discord is boring.",
        "I work @home @ 5pm and/u/r, @1234.",
        "My insta is full of photos of him.",
    ],
)
def test_what_is_no_account_is_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    "page",
    [
        "https://www.instagram.com/hattie",
        "facebook.com/hattie.wren",
        "tiktok.com/@hattie",
        "linkedin.com/in/hattie-wren",
        "https://social.example/@hattie",
        "hattie.tumblr.com",
        "www.reddit.com/user/hattie",
    ],
)
def test_a_page_about_somebody_is_marked_without_the_stop_after_it(page: str):
    assert found(f"See {page}.") == [("profile", page)]
    assert reworded(f"See {page}.") == "See a private page."


def test_other_pages_are_left_alone():
    assert found("See http://example.com/flirt and https://youtube.com/watch?v=1.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He moved to 9 Larkspur Row.", "He moved to a private address."),
        ("I am at Flat 3, 14b Elm Tree Road, now.", "I am at a private address, now."),
        ("We live in Larkspur Row.", "We live in a quiet street."),
        ("C’est au 14 rue de la Paix.", "C’est au a private address."),
        ("Sono in Via Garibaldi, 12 adesso", "Sono in A private address adesso"),
        ("Ich wohne Hauptstraße 14b.", "Ich wohne A private address."),
        ("It is near HX7 8AB.", "It is near a private postcode."),
        ("It is near K1A 0B6.", "It is near a private postcode."),
        ("I live in Springfield, IL 62704.", "I live in a town."),
        ("His car is AB12 CDE.", "His car is a number plate."),
    ],
)
def test_an_address_a_postcode_and_a_plate_are_marked(text: str, expected: str):
    assert reworded(text).casefold() == expected.casefold()


@pytest.mark.parametrize(
    "text",
    ["We watched 2 Coronation Streets on Wall Street.", "I drove up the M6 at 5 Miles Road."],
)
def test_streets_that_nobody_lives_in_are_left_alone(text: str):
    assert [kind for kind, _ in found(text) if kind == "postcode"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We split on 14 February.", "We split in February."),
        ("We split on Saturday 3rd of May 2024.", "We split in May 2024."),
        ("We split on the 3rd of May.", "We split in May."),
        ("We split on February 14th, 2024.", "We split in February 2024."),
        ("We split on 3/4/2025.", "We split in 2025."),
        ("We split on 3.4.25.", "We split on that day."),
        ("We split 3.4.25.", "We split that day."),
        ("We split since 2025-04-03.", "We split since 2025."),
        ("Before the 3rd May we split.", "Before May we split."),
        ("The wedding is 5 Sept. 2025.", "The wedding is a day in September 2025."),
        ("14 February it was.", "A day in February it was."),
    ],
)
def test_an_exact_day_becomes_a_month_or_a_year(text: str, expected: str):
    assert reworded(text).casefold() == expected.casefold()


@pytest.mark.parametrize("text", ["I was born on 14 February 1990.", "My birthday is 14/2/1990."])
def test_a_date_of_birth_is_told_apart(text: str):
    assert [kind for kind, _ in found(text)] == ["date of birth"]


@pytest.mark.parametrize(
    "text",
    [
        "In May, on Monday, in 2024, in March 2020, since New Year, at Easter.",
        "It is 24/7, 50/50, 3/4 of us, 13/13/2024, 1/2/3, 2024-13-40, 10.0.0.10.",
        "I may 3 times, I march 5 miles, 14 people may come, at 5:30.",
    ],
)
def test_rough_times_and_other_numbers_are_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is deputy head at Harrowmere Academy.", "He is deputy head at a school."),
        ("We met at the University of Leeds.", "We met at a university."),
        ("We met at Queen of the Rosary School.", "We met at a school."),
        ("At Dunmarrow fire station we laugh.", "At a fire station we laugh."),
        ("She is in the Royal Marsden Hospital.", "She is in a hospital."),
        ("She went to St. Mary’s.", "She went to a place I won’t name."),
        ("I work at Thornbeck & Lisle.", "I work at a company."),
        ("I work nights for the Thornbeck Group.", "I work nights for a company."),
        ("I work at Dibble’s.", "I work at a company."),
        ("I work at Dibble Mondays.", "I work at a company Mondays."),
        ("I work at Bank of Thornbeck.", "I work at a company."),
        ("I work at Dibble’s head office.", "I work at a company’s head office."),
        ("She teaches maths at Harrowmere.", "She teaches maths at a school."),
        ("He is a nurse at Harrowmere.", "He is a nurse at a hospital."),
        ("I study law at Harrowmere.", "I study law at a college."),
        ("Thornbeck Lisle Ltd sacked me.", "A company sacked me."),
    ],
)
def test_a_place_of_work_learning_care_or_worship_loses_its_name(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I go to Sunday School, High School and a Catholic Church, then the Primary School.",
        "I work for the NHS, at Tesco, for Google, at Christmas and for God.",
        "On St Patrick’s Day I took St John’s wort. Tell the clinic, and Thornbeck council.",
        "At The Hospital. I work at And.",
        "Monday Ltd",
        "I work at Monday of Christmas.",
    ],
)
def test_places_that_say_nothing_are_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I’m 34 and live in Hebden Bridge.", "I’m thirty-something and live in a town."),
        ("Man, 46, from Otley.", "Man, forty-something, from a town."),
        (
            "He is seventy-nine. We live near Otley.",
            "He is seventy-something. We live near a town.",
        ),
        ("I’m eighteen and moved to Otley’s edge.", "I’m rather young and moved to a town’s edge."),
        ("I (34F) live in Otley.", "I (thirty-something) live in a town."),
        ("A 17-year-old boy. We live in Otley.", "A rather young boy. We live in a town."),
        (
            "An 83-year-old in Otley. He lives in Otley.",
            "An eighty-something in Otley. He lives in a town.",
        ),
        (
            "She’s from a village near Otley. I’m a vet.",
            "She’s from a village near a town. I’m a vet.",
        ),
        ("I’m a nurse and we live in Otley.", "I’m a nurse and we live in a town."),
    ],
)
def test_an_age_or_a_job_with_a_town_is_marked(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I’m 34 and lonely. We are both 22.",
        "I live in Hebden Bridge.",
        "I’m 34 and live in London. He lives in Finland.",
        "I’m 34 weeks pregnant and live in Otley, it is 20 miles away.",
        "I’m 34. I live in English, we moved to Mondays.",
    ],
)
def test_an_age_or_a_town_alone_and_places_of_millions_are_left_alone(text: str):
    assert found(text) == []
