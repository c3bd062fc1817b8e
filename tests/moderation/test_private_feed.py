"""The digests in a feed reader of one's own, and the page where one chooses what to be told."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.feeds.reading import parsed, tree_of
from tests.pages import heading, soup
from tests.questions.asking import visitor
from tests.staff.members import PASSWORD, add_staff, press, sign_in, token
from webapp import clock, storage
from webapp.moderation import choices
from webapp.moderation.digests import LISTED, Waiting, in_words
from webapp.staff import services
from webapp.staff.joining import join
from webapp.staff.models import DeskRule, User
from webapp.storage.history import Actor
from webapp.storage.outbox import OutboxMessage, put
from webapp.web.headers import SECURITY_HEADERS

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FEED = "/desk/notifications.atom"
PAGE = "/desk/notifications"
SAM = "sam@example.org"
MOMENT = datetime(2026, 11, 20, 8, 0, 3, tzinfo=UTC)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app)
    sign_in(client)
    return client


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """A feed reader: it is nobody who is signed in."""
    return visitor(app)


def basic(email: str, password: str) -> dict[str, str]:
    pair = f"{email}:{password}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def open_feed(desk: FlaskClient) -> str:
    """Open a feed on the page, and return its password."""
    page = desk.post(f"{PAGE}/feed", data={"csrf_token": token(desk.get(PAGE))})
    return soup(page).find(id="feed-password").get_text()


def add_digests(session: Session, count: int, *, is_told: bool = True) -> None:
    for number in range(count):
        payload = {"urgent": 0, "new": number + 1, "is_told": is_told}
        due_at = MOMENT + timedelta(days=number)
        put(
            session, kind="digest", key=f"digest:{is_told}:{number}", payload=payload, due_at=due_at
        )


def entries(response: TestResponse) -> list[str]:
    return [one.text for one in tree_of(response.data).findall("a:entry/a:title", ATOM)]


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (Waiting(), "nothing waits"),
        (Waiting(urgent=3, new=14), "3 in the urgent lane, 14 new"),
        (Waiting(quarantine=1, going=1), "1 in quarantine, 1 goes within a week"),
        (Waiting(new=1_200, going=2), "1,200 new, 2 go within a week"),
        (Waiting(undelivered=1), "1 message could not be delivered"),
        (Waiting(undelivered=2), "2 messages could not be delivered"),
    ],
)
def test_what_waits_is_told_in_a_line(waiting: Waiting, words: str):
    assert in_words(waiting) == words


def test_a_reader_with_the_feeds_password_gets_the_digests(
    app: Flask, desk: FlaskClient, reader: FlaskClient
):
    password = open_feed(desk)
    with app.app_context():
        storage.write(add_digests, 2)
        storage.write(add_digests, 1, is_told=False)

    answer = reader.get(FEED, headers=basic(SAM, password))

    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert entries(answer) == ["2 new", "1 new"]
    assert [entry.title for entry in parsed(answer.data).entries] == ["2 new", "1 new"]
    root = tree_of(answer.data)
    assert root.findtext("a:title", "", ATOM) == "The Test Show: what waits at the desk"
    assert root.findtext("a:updated", "", ATOM) == "2026-11-21T08:00:03Z"
    link = root.find("a:entry/a:link", ATOM).attrib["href"]
    assert link == "http://127.0.0.1:8000/desk/questions"
    for required in ("a:id", "a:author/a:name", "a:entry/a:id", "a:entry/a:updated"):
        assert root.findtext(required, "", ATOM)


def test_a_feed_without_digests_is_a_feed(desk: FlaskClient, reader: FlaskClient):
    answer = reader.get(FEED, headers=basic(SAM, open_feed(desk)))

    assert (answer.status_code, entries(answer)) == (200, [])


def test_a_feed_holds_the_last_thirty(app: Flask, desk: FlaskClient, reader: FlaskClient):
    password = open_feed(desk)
    with app.app_context():
        storage.write(add_digests, LISTED + 2)

    listed = entries(reader.get(FEED, headers=basic(SAM, password)))

    assert (len(listed), listed[0]) == (30, "32 new")


def test_a_reader_gets_no_cookie_and_opens_nothing_else(desk: FlaskClient, reader: FlaskClient):
    given = basic(SAM, open_feed(desk))

    answer = reader.get(FEED, headers=given)

    assert "Set-Cookie" not in answer.headers
    policy = "Content-Security-Policy"
    assert answer.headers[policy] == SECURITY_HEADERS[policy]
    assert reader.get("/desk/questions", headers=given).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("", ""),
        basic(SAM, ""),
        basic(SAM, "wrong"),
        basic("nobody@example.org", "wrong"),
        basic("\x00", "wrong"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Bearer wrong"},
    ],
)
def test_others_are_asked_for_a_password(
    desk: FlaskClient, reader: FlaskClient, headers: dict[str, str]
):
    open_feed(desk)

    answer = reader.get(FEED, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert heading(answer) == "That takes a password of its own"
    assert "Set-Cookie" not in answer.headers


def test_the_accounts_own_password_opens_no_feed(desk: FlaskClient, reader: FlaskClient):
    open_feed(desk)

    assert reader.get(FEED, headers=basic(SAM, "a long enough pass phrase")).status_code == 401


def test_a_new_password_ends_the_one_before(desk: FlaskClient, reader: FlaskClient):
    first, second = open_feed(desk), open_feed(desk)

    assert reader.get(FEED, headers=basic(SAM, first)).status_code == 401
    assert reader.get(FEED, headers=basic(SAM, second)).status_code == 200


def test_a_feed_that_was_closed_opens_to_nobody(desk: FlaskClient, reader: FlaskClient):
    password = open_feed(desk)

    desk.post(f"{PAGE}/feed/close", data={"csrf_token": token(desk.get(PAGE))})

    assert reader.get(FEED, headers=basic(SAM, password)).status_code == 401
    assert reader.get(FEED, headers=basic(SAM, "")).status_code == 401


def test_a_feed_belongs_to_whoever_it_was_made_for(
    app: Flask, desk: FlaskClient, reader: FlaskClient
):
    """Whoever gets the id of somebody who has left inherits nothing, nor lets them in."""
    password = open_feed(desk)
    other = update(User).values(email="kit@example.org", fs_uniquifier="another")
    with app.app_context():
        storage.write(lambda session: session.execute(other) and None)

    assert reader.get(FEED, headers=basic("kit@example.org", password)).status_code == 401


@pytest.mark.parametrize("change", [{"active": False}, {"password": None}])
def test_whoever_cannot_sign_in_reads_no_feed(
    app: Flask, desk: FlaskClient, reader: FlaskClient, change: dict[str, object]
):
    password = open_feed(desk)
    with app.app_context():
        storage.write(lambda session: session.execute(update(User).values(change)) and None)

    assert reader.get(FEED, headers=basic(SAM, password)).status_code == 401


def test_the_password_is_kept_as_a_hash_alone(app: Flask, desk: FlaskClient):
    password = open_feed(desk)

    with app.app_context():
        kept = [str(row.value) for row in storage.read().scalars(select(DeskRule))]
    assert kept
    assert password not in "".join(kept)
    assert password not in desk.get(PAGE).text


def test_a_new_password_of_the_account_closes_the_feed(
    app: Flask, desk: FlaskClient, reader: FlaskClient
):
    password, account = open_feed(desk), "/desk/account"
    new = "seven quiet otters at lunch"
    fields = {"password": PASSWORD, "new_password": new}
    press(desk, account, f"{account}/password", **fields)

    assert reader.get(FEED, headers=basic(SAM, password)).status_code == 401
    again = open_feed(desk)
    assert reader.get(FEED, headers=basic(SAM, again)).status_code == 200


def test_a_new_link_for_somebody_closes_their_feed_for_good(
    app: Flask, desk: FlaskClient, reader: FlaskClient
):
    add_staff(app, name="Mo")
    mo = visitor(app)
    sign_in(mo, email="mo@example.org")
    password = open_feed(mo)
    with app.app_context():
        (staff_id,) = storage.read().scalars(select(User.id).where(User.name == "Mo"))
        made = storage.write(services.reset, actor=Actor("Sam", "owner"), staff_id=staff_id)
        storage.write(join, token=made.token, name="Mo", password="seven quiet otters at lunch")

        assert not choices.find_choices(storage.read(), staff_id).has_feed
    assert reader.get(FEED, headers=basic("mo@example.org", password)).status_code == 401


def test_wrong_passwords_are_slowed_and_keep_nobody_out_who_has_the_right_one(
    app: Flask, desk: FlaskClient, reader: FlaskClient
):
    password = open_feed(desk)
    answers = [reader.get(FEED, headers=basic(SAM, "wrong")) for _ in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert reader.get(FEED, headers=basic(SAM, password)).status_code == 200
    assert sign_in(visitor(app)).status_code == 302


def test_wrong_passwords_count_for_an_account_however_its_address_is_written(
    desk: FlaskClient, reader: FlaskClient
):
    spellings = ("sam@example.org", "SAM@ｅxample.org", "sam@EXAMPLE。org")
    for number in range(10):
        reader.get(FEED, headers=basic(spellings[number % 3], "wrong"))

    for spelling in spellings:
        assert reader.get(FEED, headers=basic(spelling, "wrong")).status_code == 429


def test_a_reader_that_asks_without_a_password_is_not_counted(
    desk: FlaskClient, reader: FlaskClient
):
    password = open_feed(desk)
    for _ in range(40):
        reader.get(FEED)

    answer = reader.get(FEED, headers=basic(SAM, password))
    assert parsed(answer.data).entries == []
    assert answer.content_type.startswith("application/atom+xml")


def text_of(page: TestResponse) -> str:
    return " ".join(soup(page).main.get_text(" ", strip=True).split())


def test_the_page_says_when_what_is_told(desk: FlaskClient):
    text = text_of(desk.get(PAGE))

    assert "counted at 8:00 and 18:00 (Europe/London)" in text
    assert "no mail server" in text
    assert "Nothing yet." in text


@pytest.fixture
def mailing(app: Flask) -> None:
    before = app.extensions["postbag.settings"]
    update = {"smtp_url": "smtp://localhost", "notify_hours": (7,), "webhook_url": "http://chat"}
    app.extensions["postbag.settings"] = before.model_copy(update=update)
    yield
    app.extensions["postbag.settings"] = before


@pytest.mark.parametrize("wanted", ["yes", "no"])
def test_everybody_chooses_whether_to_get_mails(
    app: Flask, desk: FlaskClient, mailing: None, wanted: str
):
    page = desk.get(PAGE)
    assert soup(page).select_one("input[name=mail][checked]")["value"] == "yes"

    answer = desk.post(f"{PAGE}/mail", data={"csrf_token": token(page), "mail": wanted})

    assert answer.headers["Location"] == PAGE
    assert soup(desk.get(PAGE)).select_one("input[name=mail][checked]")["value"] == wanted
    with app.app_context():
        assert len(choices.list_mailed(storage.read())) == (wanted == "yes")


def test_a_choice_that_is_none_is_asked_for_again(desk: FlaskClient, mailing: None):
    answer = desk.post(f"{PAGE}/mail", data={"csrf_token": token(desk.get(PAGE)), "mail": "maybe"})

    assert answer.status_code == 422
    assert soup(answer).title.get_text().startswith("Error:")
    assert text_of(answer).count("Choose whether you want mails.") == 2


@pytest.mark.parametrize("where", ["mail", "feed", "feed/close", "again", "put-away"])
def test_a_page_that_was_open_for_too_long_changes_nothing(
    app: Flask, desk: FlaskClient, mailing: None, where: str
):
    answer = desk.post(f"{PAGE}/{where}", data={"csrf_token": "stale", "mail": "no"})

    assert answer.status_code == 422
    assert "open for too long" in text_of(answer)
    with app.app_context():
        assert storage.read().scalars(select(DeskRule)).all() == []


@pytest.fixture
def undelivered(app: Flask) -> UUID:
    def add(session: Session) -> UUID:
        message_id = put(session, kind="mail", key=f"{uuid4()}", payload={})
        message = session.get_one(OutboxMessage, message_id)
        message.done_at, message.trouble, message.tries = clock.now(), "It is away.", 10
        return message_id

    with app.app_context():
        return storage.write(add)


def test_owners_read_what_was_not_delivered_and_have_it_tried_again(
    app: Flask, desk: FlaskClient, undelivered: UUID
):
    page = desk.get(PAGE)
    assert "1 message of the kind “mail”. It is away." in text_of(page)

    desk.post(f"{PAGE}/again", data={"csrf_token": token(page)})

    assert "It is away." not in text_of(desk.get(PAGE))
    with app.app_context():
        message = storage.read().get(OutboxMessage, undelivered)
        assert (message.done_at, message.tries, message.trouble) == (None, 0, "")


def test_owners_put_away_what_was_not_delivered(app: Flask, desk: FlaskClient, undelivered: UUID):
    desk.post(f"{PAGE}/put-away", data={"csrf_token": token(desk.get(PAGE))})

    assert "It is away." not in text_of(desk.get(PAGE))
    with app.app_context():
        assert storage.read().get(OutboxMessage, undelivered) is None


@pytest.mark.parametrize("what", ["again", "put-away"])
def test_nobody_but_an_owner_has_it_tried_again_or_put_away(
    app: Flask, undelivered: UUID, what: str
):
    add_staff(app, name="Kit", role="editor")
    client = visitor(app)
    sign_in(client, email="kit@example.org")
    page = client.get(PAGE)

    client.post(f"{PAGE}/{what}", data={"csrf_token": token(page)})

    assert soup(page).select(f"form[action='{PAGE}/{what}']") == []
    assert "It is away." in text_of(client.get(PAGE))


def test_the_page_lists_what_was_told_lately(app: Flask, desk: FlaskClient, mailing: None):
    with app.app_context():
        storage.write(add_digests, 2)

    text = text_of(desk.get(PAGE))

    assert "21 November 2026: 2 new" in text
    assert "posted to the webhook" in text
