"""Whatever is typed or written, neither searching nor saving fails. On both engines."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.episodes.finding import a_part, add_findable, said, slugs
from webapp.episodes.searching import search

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
SIGNS = (
    "\" * AND OR NOT NEAR( ) ^ : - + ' \\ % _ & | ! <-> :* thin wall \x00 \ud800 \u202e é 関 ด 🎉"
)
OPERATORS = st.lists(st.sampled_from([*SIGNS.split(" "), " "]), max_size=60).map("".join)
OFTEN = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@OFTEN
@given(typed=ANYTHING | OPERATORS)
@example(typed="\x00")
@example(typed="'; DROP TABLE passages; --")
@example(typed='thin" OR "wall')
def test_no_query_fails(session: Session, typed: str):
    search(session, typed)


def test_ten_kilobytes_are_cut(session: Session):
    add_findable("it", title="Thin walls")

    results = search(session, "thin walls " * 1_000)

    assert slugs(results) == ["it"]
    assert results.cut


@OFTEN
@given(text=ANYTHING)
def test_no_text_fails_to_be_saved(session: Session, text: str):
    slug = f"it-{abs(hash(text))}"

    add_findable(slug, question=text, transcript=(said(text),))


def test_a_very_long_text_can_be_found_by_its_beginning(session: Session):
    text = " ".join(f"word{number}" for number in range(30_000))
    add_findable("it", parts=(a_part("Long", text),))

    assert slugs(search(session, "word17")) == ["it"]
