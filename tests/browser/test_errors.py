"""Error pages say what is wrong twice, in the same words: in the summary and at the field."""

import pytest

from tests.browser.pages import PUBLIC
from tests.browser.visits import Visit, run

WRONG = [kind for kind in PUBLIC if kind.name in {"ask-errors", "my-question-unknown"}]

wrong = pytest.mark.parametrize("visit", WRONG, indirect=True, ids=lambda kind: kind.name)


@wrong
def test_the_summary_and_the_fields_say_the_same(visit: Visit):
    said = run(visit.page, "errors")

    assert said["summary"] == said["fields"]
    assert len(said["fields"]) >= 1


@wrong
def test_each_link_of_the_summary_leads_to_a_control(visit: Visit):
    assert all(run(visit.page, "errors")["controls"])


@wrong
def test_the_title_says_error_first(visit: Visit):
    assert visit.page.title().startswith("Error: ")
