"""The pages of clusters: choosing what to merge, what goes with a lead, and two people at once."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.moderation.clustering import add, add_cluster, merge, move, stands, states
from tests.pages import heading, soup
from tests.staff.members import add_staff, sign_in, token
from webapp import storage
from webapp.questions import comparing, services

SNORES = "My husband snores through earplugs. How do I sleep elsewhere without a row?"
SNORING = "New boyfriend, lovely, snores. The earplugs fall out. How do I tell him?"


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    add_staff(app, name="Mo", role="moderator")
    sign_in(client, email="mo@example.org")
    with app.app_context():
        yield client


def merge_page(desk: FlaskClient, question: UUID, **query: str) -> TestResponse:
    return desk.get(f"/desk/questions/{question}/merge", query_string=query)


def send_merge(desk: FlaskClient, question: UUID, *, lead: UUID, pick=(), **fields) -> TestResponse:
    """Send the form as its page stands, with a choice made."""
    page = fields.pop("page", None) or merge_page(desk, question)
    seen = [each["value"] for each in soup(page).select("input[name=seen]")]
    data = {
        "csrf_token": token(page),
        "seen": seen,
        "lead": str(lead),
        "pick": [str(each) for each in pick],
    }
    return desk.post(f"/desk/questions/{question}/merge", data=data | fields)


def text_of(page: TestResponse) -> str:
    return soup(page).main.get_text(" ", strip=True)


def test_others_like_it_are_offered_with_a_score_and_the_words_of_both(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)
    add(text="Who gets the air fryer when we move out of the flat?")

    page = merge_page(desk, question)

    offered = [box["value"] for box in soup(page).select("input[name=pick]")]
    assert offered == [str(other)]
    assert "of 100 alike" in text_of(page)
    assert "Both say: earplugs , snores" in text_of(page)
    assert soup(page).select_one("input[name=lead][checked]")["value"] == str(question)


def test_what_does_not_read_alike_is_found_by_words(desk: FlaskClient):
    question, other = add(text=SNORES), add(text="Who gets the air fryer when we move out?")

    page = merge_page(desk, question, q="fryer")

    assert [box["value"] for box in soup(page).select("input[name=pick]")] == [str(other)]
    assert "Nothing else that waits" in text_of(merge_page(desk, question, q="tortoise"))


def test_merging_leads_to_the_cluster_with_one_undo_for_all(desk: FlaskClient):
    question, other, third = add(text=SNORES), add(text=SNORING), add(text=SNORING)

    answer = send_merge(desk, question, lead=question, pick=[other, third])

    assert (answer.status_code, answer.location) == (302, f"/desk/questions/{question}/cluster")
    assert states([question, other, third]) == ["new", "merged", "merged"]
    shown = desk.get(answer.location)
    assert "2 questions merged." in soup(shown).get_text()
    assert heading(shown) == "Three of you asked this."


def test_the_question_of_the_page_may_go_into_another(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)

    answer = send_merge(desk, question, lead=other)

    assert answer.location == f"/desk/questions/{other}/cluster"
    assert (stands(question).state, stands(question).lead_id) == ("merged", other)


def test_merging_again_says_that_it_was_so(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)
    page = merge_page(desk, question)
    send_merge(desk, question, lead=question, pick=[other], page=page)

    answer = send_merge(desk, question, lead=question, pick=[other], page=page)

    assert answer.status_code == 302
    assert "It was so already." in soup(desk.get(answer.location)).get_text()


def test_choosing_nothing_is_mended_on_the_page(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)

    alone = send_merge(desk, question, lead=question)
    leaderless = send_merge(desk, question, lead="nobody", pick=[other])

    for page, words in (
        (alone, "Choose at least one other question."),
        (leaderless, "Choose which one leads."),
    ):
        assert page.status_code == 422
        assert soup(page).title.get_text().startswith("Error:")
        assert soup(page).select_one(".c-errors li").get_text(strip=True) == words


def test_a_question_that_the_page_did_not_show_is_not_merged(desk: FlaskClient):
    question = add(text=SNORES)

    page = send_merge(desk, question, lead=question, pick=[uuid4()])

    assert page.status_code == 422
    assert "did not say which questions" in soup(page).select_one(".c-errors").get_text()


def test_what_changed_meanwhile_is_shown_with_the_choice_kept_and_both_ways_open(
    desk: FlaskClient,
):
    question, other = add(text=SNORES), add(text=SNORING)
    page = merge_page(desk, question)
    move(other, "shortlisted")

    answer = send_merge(desk, question, lead=other, pick=[other], page=page)

    assert answer.status_code == 409
    assert heading(answer) == "Somebody was there before you"
    assert "Changed since you looked: it is shortlisted now." in text_of(answer)
    assert soup(answer).select_one("input[name=pick][checked]")["value"] == str(other)
    assert soup(answer).select_one("input[name=lead][checked]")["value"] == str(other)

    again = send_merge(desk, question, lead=other, pick=[other], page=answer)

    assert again.status_code == 302
    assert stands(question).lead_id == other


def test_what_was_chosen_and_is_out_by_now_stays_on_the_page(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)
    page = merge_page(desk, question)
    move(other, "spam")

    answer = send_merge(desk, question, lead=question, pick=[other], page=page)

    assert answer.status_code == 409
    assert "it is spam now" in text_of(answer)


def test_a_lead_goes_into_another_only_with_all_that_it_leads(desk: FlaskClient):
    lead, members = add_cluster(2)
    question = add(text=factories.LETTER)

    refused = send_merge(desk, question, lead=question, pick=[lead])

    assert refused.status_code == 422
    assert "Let that one lead, or have all of them go along." in text_of(refused)
    assert soup(refused).find("input", id="with-theirs")

    answer = send_merge(desk, question, lead=question, pick=[lead], page=refused, with_theirs="y")

    assert answer.status_code == 302
    assert {stands(each).lead_id for each in (lead, *members)} == {question}


def test_what_is_past_the_shortlist_is_refused_in_words(desk: FlaskClient):
    question, other = add(), add()
    move(other, "shortlisted", "ready")

    page = send_merge(desk, question, lead=question, pick=[other])

    assert page.status_code == 422
    assert "it can lead the others" in soup(page).select_one(".c-errors").get_text()


def test_a_stale_page_says_so_and_keeps_the_choice(desk: FlaskClient):
    question, other = add(text=SNORES), add(text=SNORING)

    page = send_merge(desk, question, lead=other, pick=[other], csrf_token="old")

    assert page.status_code == 422
    assert soup(page).select_one("input[name=pick][checked]")["value"] == str(other)
    assert "open for too long" in soup(page).select_one(".c-errors").get_text()


def test_a_cluster_shows_who_may_be_quoted_and_what_is_read_out_for_all(desk: FlaskClient):
    lead, private = add(), add(consent="private")
    careful = add(consent="paraphrase")
    move(lead, "shortlisted")
    storage.write(factories.write_air_text, question_id=lead, text="May I move the wall?")
    merge(lead, private, careful)

    page = desk.get(f"/desk/questions/{private}/cluster")

    assert heading(page) == "Three of you asked this."
    told = text_of(page)
    assert "Three of you asked this. May I move the wall?" in told
    assert (
        "None of their words may be in the air text: 1 may only be paraphrased and "
        "1 is to stay between the asker and you." in told
    )


def test_a_cluster_is_paged_and_skips_none(desk: FlaskClient):
    lead, members = add_cluster(30)
    url, seen = f"/desk/questions/{lead}/cluster", []
    while url:
        page = soup(desk.get(url))
        seen += [UUID(row["id"].removeprefix("q-")) for row in page.select("li[id^=q-]")]
        following = page.select_one(".c-next a")
        url = following["href"] if following else None

    assert len(seen) == 30
    assert set(seen) == set(members)


def act_on(desk: FlaskClient, question: UUID, act: str, **fields) -> TestResponse:
    page = desk.get(f"/desk/questions/{question}/cluster")
    data = {"csrf_token": token(page), "version": stands(question).version} | fields
    return desk.post(f"/desk/questions/{question}/{act}", data=data)


def test_one_is_taken_out_with_an_undo(desk: FlaskClient):
    lead, [member, _other] = add_cluster(2)

    answer = act_on(desk, member, "take-out", back=f"/desk/questions/{lead}/cluster")

    assert answer.location == f"/desk/questions/{lead}/cluster"
    page = desk.get(answer.location)
    assert heading(page) == "Two of you asked this."
    assert "Taken out. It is new again." in soup(page).get_text()
    assert soup(page).select_one(".c-told input[name=history]")["value"]


def test_another_leads_from_now_on(desk: FlaskClient):
    lead, [member] = add_cluster(1)

    answer = act_on(desk, member, "lead")

    assert answer.location == f"/desk/questions/{member}/cluster"
    assert stands(lead).lead_id == member


@pytest.mark.parametrize("act", ["take-out", "lead"])
def test_one_that_changed_meanwhile_is_a_conflict_that_shows_how_it_stands(
    desk: FlaskClient, act: str
):
    lead, [member, other] = add_cluster(2)
    act_on(desk, other, "lead")
    version = stands(member).version + 1

    answer = act_on(desk, member, act, version=str(version))

    assert answer.status_code == 409
    assert "It changed while you had this open" in text_of(answer)
    assert stands(lead).lead_id == other


def test_one_that_is_in_no_cluster_any_more_says_so(desk: FlaskClient):
    lead, [member] = add_cluster(1)
    page = desk.get(f"/desk/questions/{lead}/cluster")
    move(member, "shortlisted")

    answer = desk.post(
        f"/desk/questions/{member}/take-out", data={"csrf_token": token(page), "version": "2"}
    )

    assert answer.status_code == 409
    assert heading(answer) == "It is in no cluster"
    assert desk.get(f"/desk/questions/{member}/cluster").location.endswith(str(member))


@pytest.mark.parametrize("fields", [{"csrf_token": "old"}, {"version": "none"}])
def test_a_broken_form_changes_nothing(desk: FlaskClient, fields: dict[str, str]):
    _lead, [member] = add_cluster(1)

    assert act_on(desk, member, "take-out", **fields).status_code == 422
    assert act_on(desk, member, "lead", **fields).status_code == 422
    assert stands(member).state == "merged"


@pytest.mark.parametrize("page", ["merge", "cluster"])
def test_a_question_that_is_nowhere_is_not_found(desk: FlaskClient, page: str):
    assert desk.get(f"/desk/questions/{uuid4()}/{page}").status_code == 404


def test_a_question_whose_text_is_gone_is_like_nothing(desk: FlaskClient):
    question = add(text=SNORES)
    add(text=SNORING)
    storage.write(comparing.keep, found=comparing.look(storage.read(), storage.current_keyring()))
    storage.write(services.withdraw, question_id=question)

    page = merge_page(desk, question)

    assert heading(page) == "Merge questions"
    assert "Nothing that waits reads like it." in text_of(page)
