"""What a form on the show refuses, although its file could have it."""

from datetime import date

import pytest

from webapp.episodes.problems import BundleRefused
from webapp.studio.rows import Pairs
from webapp.studio.show.compiling import read_help
from webapp.studio.show.filling import Merged
from webapp.studio.show.limits import TOO_MANY, refuse_days_to_come, refuse_too_many
from webapp.studio.show.sheets import SHEETS

TODAY = date(2026, 11, 20)


def links(count: int, *, gone: int = 0) -> Pairs:
    marks = [(f"links-{at}-gone", "yes") for at in range(gone)]
    return [*((f"links-{at}-label", "A link") for at in range(count)), *marks]


def refuse(pairs: Pairs, name: str, sheet: str) -> list[tuple[str, str]]:
    with pytest.raises(BundleRefused) as caught:
        refuse_too_many("a.yaml", SHEETS[sheet].items, Merged(tuple(pairs), (name,), ()))
    return [(problem.key, problem.expected) for problem in caught.value.problems]


def test_a_list_of_more_rows_than_a_form_can_have_is_refused():
    assert refuse(links(251), "links", "links") == [("links", TOO_MANY)]


def test_a_list_within_a_row_is_counted_too():
    pairs = [(f"countries-1-services-{at}-name", "Help") for at in range(251)]
    found = refuse([("countries-0-name", "Here"), *pairs], "countries", "help")
    assert found == [("countries.2.services", TOO_MANY)]


@pytest.mark.parametrize("pairs", [links(250), links(260, gone=10)])
def test_rows_that_fit_pass_and_those_that_were_removed_do_not_count(pairs: Pairs):
    refuse_too_many("a.yaml", SHEETS["links"].items, Merged(tuple(pairs), ("links",), ()))


def test_a_long_list_that_nobody_touched_stays():
    refuse_too_many("a.yaml", SHEETS["links"].items, Merged(tuple(links(251)), (), ()))


def help_checked(day: str) -> str:
    service = f"{{name: Help, for: crisis, checked: {day}}}"
    return f"countries: [{{code: GB, name: B, emergency: {{}}, services: [{service}]}}]\n"


def test_nobody_can_have_checked_help_on_a_day_to_come():
    with pytest.raises(BundleRefused) as caught:
        refuse_days_to_come(read_help(help_checked("2026-11-22")), today=TODAY)
    (problem,) = caught.value.problems
    assert problem.key == "countries.1.services.1.checked"
    assert "a day that has been" in problem.expected


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21", '""'])
def test_help_may_be_checked_today_wherever_that_is(day: str):
    refuse_days_to_come(read_help(help_checked(day)), today=TODAY)
