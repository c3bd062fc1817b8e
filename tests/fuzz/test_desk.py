"""The desk: its forms filled with anything, and every page still shows what was stored."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.fuzz.bodies import BROKEN
from tests.fuzz.desk import Visitor, filled, forms_on
from tests.fuzz.hostile_values import TEXT, in_percents
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, is_in_order
from tests.fuzz.test_visiting import QUERIES, pieces
from tests.staff.routes import address_of

SHOWN = (
    *("/", "/episodes", "/episodes/hostile", "/about", "/privacy", "/help", "/ask", "/sitemap.xml"),
    *("/people/someone", "/topics/topic", "/feeds/podcast.xml", "/feeds/episodes.atom"),
    *("/feeds/episodes.json", "/episodes/hostile/transcript.vtt", "/episodes?season=1", "/search"),
    *(
        "/desk/questions",
        "/desk/log",
        "/desk/show",
        "/desk/episodes",
        "/desk/people",
        "/desk/account",
    ),
    *(
        "/desk/rundowns",
        "/desk/statistics",
        "/desk/reasons",
        "/desk/transfer",
        "/desk/notifications",
    ),
)
ROLES = ("owner", "editor", "moderator")
Team = tuple[dict[str, Visitor], list[str]]


@pytest.fixture(scope="session")
def team(fuzzed: FuzzedSite) -> Team:
    """Somebody of each role, and the pages that there are."""
    members = {role: Visitor(fuzzed, role) for role in ROLES}
    return members, members["owner"].walk()


@examples(15)
@given(st.data())
def test_any_form_filled_with_anything_is_answered_and_shown(team: Team, data: st.DataObject):
    members, paths = team
    somebody = members[data.draw(st.sampled_from(ROLES))]
    path = data.draw(st.sampled_from(paths))
    page = somebody.get(path)
    if somebody.is_out(page):
        somebody.sign_in()
        page = somebody.get(path)
    assert is_in_order(page), path
    forms = forms_on(page, path)
    if not forms:
        return
    form = data.draw(st.sampled_from(forms))

    answer = somebody.send(form, *data.draw(filled(form)))

    event(f"{answer.status} to {form.method}")
    assert is_in_order(answer), form
    if answer.status in {302, 303}:
        assert is_in_order(somebody.get(answer.headers["location"]))
    assert is_in_order(somebody.get(path))
    shown = somebody.get(data.draw(st.sampled_from(SHOWN)))
    assert is_in_order(shown)


def desk(site: FuzzedSite) -> list[Rule]:
    return [rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/desk")]


@examples(15)
@given(st.data(), QUERIES)
def test_any_address_of_the_desk_is_answered(
    fuzzed: FuzzedSite, team: Team, data: st.DataObject, query: str
):
    members, paths = team
    somebody = members[data.draw(st.sampled_from(ROLES))]
    known = data.draw(st.sampled_from(paths)).partition("?")[0]
    rule = data.draw(st.sampled_from(desk(fuzzed)))
    made = "".join(text or in_percents(data.draw(TEXT)) for _name, text in pieces(rule))
    path = data.draw(st.sampled_from([known, known, made, address_of(rule)]))

    assert is_in_order(somebody.get(f"{path}?{query}"))


@examples(15)
@given(st.data(), BROKEN)
def test_a_broken_body_to_the_desk_is_answered(
    fuzzed: FuzzedSite, team: Team, data: st.DataObject, broken: tuple[str, bytes]
):
    somebody = team[0]["owner"]
    rule = data.draw(st.sampled_from([rule for rule in desk(fuzzed) if "POST" in rule.methods]))
    kind, body = broken
    is_in = data.draw(st.booleans()) and rule.endpoint != "security.logout"
    headers = {"cookie": somebody.cookie} if is_in else {}

    assert is_in_order(fuzzed.post(address_of(rule), body, kind, **headers))
