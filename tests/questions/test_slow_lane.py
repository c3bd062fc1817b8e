"""The slow lane: one small question or a proof of work, each good for one passage."""

import base64
import gzip
import hashlib
import json
import re

import altcha
import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask, Response, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from webapp.questions import slow_lane
from webapp.questions.slow_lane import LIFETIME_SECONDS, Challenge, is_solved
from webapp.settings import PACKAGE, Settings
from webapp.storage.sealing import PURPOSES, Keyring
from webapp.web.assets import FOLDER
from webapp.web.headers import POLICY, let_work
from webapp.web.limits import Limits

KEYS = Keyring({1: b"s" * 32}, {purpose: purpose.encode().ljust(32) for purpose in PURPOSES})
NOON = "2026-03-01T12:00:00Z"
PUBLISHED = "7862add9c9d3d847ded3da928edcf406b46478754b9883351111414825b9c86f"


@pytest.fixture
def limits() -> Limits:
    return Limits(Settings.load())


def word_of(challenge: Challenge) -> str:
    """Return the right word, as somebody finds it who reads the question."""
    place = re.fullmatch(r"Which of these words comes (\w+)\?", challenge.prompt)[1]
    return challenge.words[("first", "second", "third", "fourth", "fifth").index(place)]


def filled(token: str, word: str, work: str) -> dict[str, str]:
    return {"slow_token": token, "slow_answer": word, "altcha": work}


def typed(challenge: Challenge, word: str | None = None) -> dict[str, str]:
    return filled(challenge.token, word_of(challenge) if word is None else word, "")


def worked_out(challenge: Challenge) -> dict[str, str]:
    """Return what a browser sends that has done the proof of work."""
    asked = altcha.Challenge.from_dict(json.loads(challenge.altcha))
    done = altcha.solve_challenge(asked)
    return filled(challenge.token, "", altcha.Payload(asked, done).to_base64())


@pytest.mark.parametrize("answer", [typed, worked_out])
def test_a_challenge_is_solved_once(limits: Limits, answer):
    challenge = slow_lane.fresh(KEYS)

    assert is_solved(KEYS, limits, answer(challenge))
    assert not is_solved(KEYS, limits, answer(challenge))


def test_a_challenge_that_was_answered_is_not_worked_out_as_well(limits: Limits):
    challenge = slow_lane.fresh(KEYS)

    assert is_solved(KEYS, limits, typed(challenge))
    assert not is_solved(KEYS, limits, worked_out(challenge))


@pytest.mark.parametrize("answer", [typed, worked_out])
def test_the_same_question_sent_twice_passes_twice(limits: Limits, answer):
    challenge = slow_lane.fresh(KEYS)

    assert is_solved(KEYS, limits, answer(challenge), on=b"this question")
    assert is_solved(KEYS, limits, answer(challenge), on=b"this question")
    assert not is_solved(KEYS, limits, answer(challenge), on=b"that question")
    assert not is_solved(KEYS, limits, answer(challenge))


@pytest.mark.parametrize("change", [str.upper, "  {}\n".format, " ".join, "“{}.”".format])
def test_case_space_and_marks_are_forgiven(limits: Limits, change):
    challenge = slow_lane.fresh(KEYS)

    assert is_solved(KEYS, limits, typed(challenge, change(word_of(challenge))))


def test_another_word_does_not_solve_and_does_not_spend(limits: Limits):
    challenge = slow_lane.fresh(KEYS)
    others = [word for word in challenge.words if word != word_of(challenge)]

    assert not any(is_solved(KEYS, limits, typed(challenge, word)) for word in [*others, ""])
    assert is_solved(KEYS, limits, typed(challenge))


def test_a_word_for_another_challenge_does_not_solve(limits: Limits):
    one, other = slow_lane.fresh(KEYS), slow_lane.fresh(KEYS)

    assert not is_solved(KEYS, limits, filled(one.token, "no such word", other.altcha))
    assert not is_solved(KEYS, limits, filled("", word_of(one), ""))


@pytest.mark.parametrize("answer", [typed, worked_out])
@pytest.mark.parametrize(("seconds", "holds"), [(-1, True), (1, False)])
def test_a_challenge_lives_an_hour(limits: Limits, answer, seconds: int, holds: bool):
    with time_machine.travel(NOON, tick=False) as clock:
        solved = answer(slow_lane.fresh(KEYS))
        clock.shift(LIFETIME_SECONDS + seconds)

        assert is_solved(KEYS, limits, solved) is holds


@pytest.mark.parametrize("answer", [typed, worked_out])
def test_a_challenge_of_other_keys_is_foreign(limits: Limits, answer):
    other = Keyring(KEYS.sealing, dict.fromkeys(PURPOSES, b"o" * 32))

    assert not is_solved(KEYS, limits, answer(slow_lane.fresh(other)))


def test_a_proof_of_work_cannot_be_made_easier(limits: Limits):
    challenge = slow_lane.fresh(KEYS)
    payload = json.loads(base64.b64decode(worked_out(challenge)["altcha"]))
    payload["challenge"]["parameters"] |= {"cost": 1, "keyPrefix": ""}
    easier = altcha.Challenge.from_dict(payload["challenge"])
    forged = altcha.Payload(easier, altcha.solve_challenge(easier)).to_base64()

    assert not is_solved(KEYS, limits, filled(challenge.token, "", forged))


def test_a_proof_of_work_lies_between_two_bounds():
    challenge = altcha.Challenge.from_dict(json.loads(slow_lane.fresh(KEYS).altcha))

    assert challenge.parameters.cost == slow_lane.ROUNDS
    found = altcha.solve_challenge(challenge).counter
    assert slow_lane.FEWEST_KEYS <= found <= slow_lane.MOST_KEYS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
CHANGED = st.fixed_dictionaries(
    {},
    optional={
        "challenge": JSON | st.fixed_dictionaries({}, optional={"parameters": JSON}),
        "solution": JSON | st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}),
    },
)
SOLVED = json.loads(base64.b64decode(worked_out(slow_lane.fresh(KEYS))["altcha"]))


@given(st.text(st.characters()), st.text(), st.text() | st.just("A" * 100_000))
def test_no_text_in_the_fields_is_an_error(token: str, word: str, work: str):
    assert not is_solved(KEYS, Limits(Settings.load()), filled(token, word, work))


@given(CHANGED)
def test_no_payload_is_an_error(changes: dict[str, object]):
    payload = SOLVED | {"solution": {"counter": 0, "derivedKey": ""}} | changes
    work = base64.b64encode(json.dumps(payload).encode()).decode()

    assert not is_solved(KEYS, Limits(Settings.load()), filled("", "", work))


@pytest.mark.parametrize("work", ["[" * 3_000, '{"challenge":' * 200, "1" * 2_900, "null"])
def test_no_depth_of_a_payload_is_an_error(limits: Limits, work: str):
    encoded = base64.b64encode(work.encode()).decode()[: slow_lane.LONGEST_PAYLOAD]

    assert not is_solved(KEYS, limits, filled("", "", encoded))


@pytest.mark.parametrize("token", ["", "a.b.c", "\ud800", "é", "." * 1000])
def test_what_is_no_token_does_not_solve(limits: Limits, token: str):
    assert not is_solved(KEYS, limits, filled(token, "kettle", ""))


def test_a_form_without_an_answer_does_not_solve(limits: Limits):
    assert not is_solved(KEYS, limits, {})


def test_the_words_are_different_short_and_of_the_list_of_receipts():
    listed = (PACKAGE / "questions" / "eff_large_wordlist.txt").read_text().split()

    assert len(set(slow_lane.WORDS)) == len(slow_lane.WORDS) == 50
    assert set(slow_lane.WORDS) <= set(listed)
    assert max(map(len, slow_lane.WORDS)) <= 8


def test_a_challenge_gives_away_neither_its_answer_nor_a_key():
    challenge = slow_lane.fresh(KEYS)
    claims = slow_lane._serializer(KEYS).loads(challenge.token)

    assert sorted(claims) == ["answer", "nonce"]
    assert word_of(challenge) not in f"{claims} {challenge.altcha}"
    assert len(set(challenge.words)) == 5


@pytest.mark.parametrize("error", ["", "That was another word."])
def test_the_question_reads_well_without_sight_and_without_scripts(app: Flask, error: str):
    source = (
        '{% from "questions/_slow_lane.html" import slow_lane %}{{ slow_lane(challenge, error) }}'
    )
    challenge = slow_lane.fresh(KEYS)
    with app.test_request_context():
        page = render_template_string(source, challenge=challenge, error=error)
    lane = BeautifulSoup(page, "html.parser").fieldset

    field = lane.find("input", id="slow-answer")
    described = [lane.find(id=name).get_text() for name in field["aria-describedby"].split()]
    assert lane.find("label", attrs={"for": "slow-answer"}).get_text() == challenge.prompt
    assert described == [", ".join(challenge.words), *([f"Error: {error}"] if error else [])]
    assert field.get("aria-invalid") == ("true" if error else None)
    assert lane.find("input", attrs={"name": "slow_token"})["value"] == challenge.token
    assert lane["data-challenge"] == challenge.altcha


def test_a_page_with_the_slow_lane_may_start_a_worker_of_its_own():
    response = let_work(Response())

    assert response.headers["Content-Security-Policy"] == f"{POLICY}; worker-src 'self'"


def test_the_scripts_stay_small():
    worker = FOLDER / "vendor" / "altcha-3.2.2" / "pbkdf2.js"

    assert len(gzip.compress((FOLDER / "slow-lane.js").read_bytes())) <= 1_000
    assert len(gzip.compress(worker.read_bytes())) <= 2_000


def test_the_worker_is_as_it_was_published():
    worker = FOLDER / "vendor" / "altcha-3.2.2" / "pbkdf2.js"

    assert hashlib.sha256(worker.read_bytes()).hexdigest() == PUBLISHED
