"""The files of a show: what each key takes, and what is refused."""

import pytest

from tests.transfer.conftest import SHOW, problems_of
from webapp.transfer.bundle import read_bundle


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("en-GB", "english please", "line 2: language: expected a language by its tag"),
        ("Europe/London", "London", "line 3: timezone: expected a time zone by its name"),
        ("Europe/London", "../etc", "line 3: timezone: expected a time zone by its name"),
        ("hello@", "hello", "line 4: email: expected a mail address"),
        ("#B02E1D", "red", "line 7: seasons.1.field: expected a colour as #RRGGBB"),
        ("#FFF1DC", "#D0514F", "line 7: seasons.1.ink: expected an ink that can be read"),
        ("number: 1", "number: one", "line 7: seasons.1.number: expected a whole number"),
        ('title: "Say', 'titel: "Say', "line 7: seasons.1.titel: expected the key “title”"),
    ],
)
def test_a_wrong_show_is_refused_by_line(show, old, new, problem):
    (show / "show.yaml").write_text(SHOW.replace(old, new))
    (found,) = problems_of(show)
    assert found.startswith(f"show.yaml, {problem}")


def test_faint_ink_is_refused_with_its_contrast(show):
    text = SHOW.replace("#B02E1D", "#777777").replace("#FFF1DC", "#FFFFFF")
    (show / "show.yaml").write_text(text)
    assert "4.5 or more; this one has 4.47" in problems_of(show)[0]


def test_a_show_has_a_season(show):
    text = SHOW[: SHOW.index("  - {number")].replace("seasons:", "seasons: []")
    (show / "show.yaml").write_text(text)
    assert problems_of(show)[0].startswith("show.yaml, line 6: seasons: expected one season")


def test_seasons_topics_and_countries_stand_once(show):
    season = SHOW[SHOW.index("  - {number") :]
    (show / "show.yaml").write_text(SHOW + season)
    (show / "topics.yaml").write_text("- {slug: sex, name: Sex}\n- {slug: sex, name: Sex}\n")
    country = '{code: GB, name: B, emergency: {number: "999"}}'
    (show / "help.yaml").write_text(f"countries: [{country}, {country}]\n")
    found = problems_of(show)
    assert [problem.split(": ")[1] for problem in found] == ["countries", "seasons", "topics"]
    assert all("more than once" in problem for problem in found)


def test_the_first_country_is_one_of_them(show):
    (show / "help.yaml").write_text((show / "help.yaml").read_text().replace("GB\n", "US\n", 1))
    assert problems_of(show)[0].startswith("help.yaml, line 1: default: expected the code of one")


def test_topics_are_a_list(show):
    (show / "topics.yaml").write_text("sex: Sex\n")
    assert problems_of(show)[0].startswith("topics.yaml, line 1: topics: expected a list of topics")


@pytest.mark.parametrize("url", ["https://me:secret@e.example/", "https://me@e.example", "//e.x"])
def test_links_carry_no_password(show, url: str):
    (show / "show.yaml").write_text(f"{SHOW}links: [{{label: x, url: '{url}'}}]\n")
    (found,) = problems_of(show)
    assert "links.1.url: expected a web address with no name or password" in found


@pytest.mark.parametrize("url", ["HTTPS://EXAMPLE.ORG", "https://social.example/@us?a=b@c"])
def test_links_may_be_in_capitals_and_name_somebody_behind_the_site(show, url: str):
    (show / "show.yaml").write_text(f"{SHOW}links: [{{label: x, url: '{url}'}}]\n")
    (link,) = read_bundle(show).show.links
    assert link.url == url


def test_links_lead_somewhere(show):
    (show / "people" / "the-host.md").write_text(
        "---\nname: Dot\nlinks: [{label: x, url: 'javascript:x'}, {label: x, url: ''}]\n---\n"
    )
    assert [problem.split(": ")[1] for problem in problems_of(show)] == [
        "links.1.url",
        "links.2.url",
    ]
