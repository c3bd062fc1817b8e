"""The door of the desk: sign-in, passkeys, invitations, and what is carried through them."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.desk import Form, Visitor, forms_on
from tests.fuzz.hostile_values import JSON_VALUES, TEXT, in_percents
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, is_in_order
from tests.staff.members import PASSWORD
from webapp.web.limits import current_limits

ADDRESSES = st.sampled_from(
    [
        *(
            "//[",
            "http://[::1",
            "/desk/\n",
            "/desk/\r\nX: y",
            "/desk//evil.example",
            "/desk/\\evil",
        ),
        *("//evil.example/desk/", "/desk/%0d%0a", "/desk/?a=%ff", "/desk?next=/desk", "/desk/é"),
        *("javascript:/desk/", "/desk/\ud800", "/desk/..", "/deskx", "/desk/;a", "https:///desk/"),
    ]
)
CARRIED = st.builds(
    lambda path, fields: json.dumps({"path": path, "fields": fields}),
    st.sampled_from(["/desk/undo", "/desk/questions/decide", "/desk/show/x"]) | ADDRESSES | TEXT,
    st.lists(st.tuples(TEXT, TEXT) | JSON_VALUES, max_size=3) | JSON_VALUES,
)
CREDENTIALS = st.builds(
    lambda response, raw, more: json.dumps(
        {"id": raw, "rawId": raw, "type": "public-key", "response": response} | more
    ),
    st.dictionaries(
        st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"])
        | st.sampled_from(["attestationObject", "transports"]),
        st.sampled_from(["", "e30", "AAAA", "o2NmbXRkbm9uZQ", "=", "é", "W10"]) | JSON_VALUES,
    )
    | JSON_VALUES,
    st.sampled_from(["", "AAAA", "=", "é"]) | JSON_VALUES,
    st.dictionaries(TEXT, JSON_VALUES, max_size=2),
) | JSON_VALUES.map(json.dumps)


KEPT = ("csrf_token", "ceremony")  # without these nothing else of a form is looked at
TYPED = {
    "credential": CREDENTIALS,
    "next": ADDRESSES | TEXT,
    "carried": CARRIED | TEXT,
    "email": st.just("owner@example.org") | TEXT,
    "password": st.just(PASSWORD) | TEXT,
}
PAGES = st.sampled_from(
    [
        *("/desk/sign-in", "/desk/confirm", "/desk/account/second-factors"),
        "/desk/account/second-factors/app",
    ]
)


@pytest.fixture(scope="session")
def owner(fuzzed: FuzzedSite) -> Visitor:
    """Somebody who signs in anew when that has ended."""
    return Visitor(fuzzed, "owner")


@examples(15)
@given(st.data(), PAGES, ADDRESSES | TEXT)
def test_whatever_is_sent_to_the_door_is_answered(
    fuzzed: FuzzedSite, owner: Visitor, data: st.DataObject, path: str, then: str
):
    with fuzzed.app.app_context():
        current_limits().forget()
    query = f"?next={in_percents(then)}"
    who = Visitor(fuzzed) if path == "/desk/sign-in" else owner
    assert is_in_order(who.get(f"{path}{query}"))
    page = who.get(path)
    if who.is_out(page):
        who.sign_in()
        page = who.get(path)
    who.take_cookie(page)
    form = data.draw(st.sampled_from(forms_on(page, path)))

    answer = who.send(form, [*_filled(data, form)], (), query)

    assert is_in_order(answer)
    assert answer.headers.get("location", "/desk").startswith("/desk")


def _filled(data: st.DataObject, form: Form) -> Iterator[tuple[str, str]]:
    for name, _kind, choices in form.fields:
        if name in KEPT or data.draw(st.integers(0, 3)) == 0:
            yield name, choices[0]
        else:
            yield name, data.draw(TYPED.get(name, TEXT))
