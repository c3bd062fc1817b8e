"""People's names in a text: which are marked, and what stands in their place."""

import pytest

from webapp.questions.giveaways import find_giveaways, reword_all


def reworded(text: str) -> str:
    return reword_all(text, find_giveaways(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My boyfriend Daniel Okafor snores.", "My boyfriend snores."),
        ("My boyfriend, Daniel, snores.", "My boyfriend snores."),
        ("My boyfriend (Daniel) snores.", "My boyfriend snores."),
        ("My boyfriend – Daniel – snores.", "My boyfriend snores."),
        ("MY BOYFRIEND DANIEL SNORES", "MY BOYFRIEND SNORES"),
        ("my boyfriend dan snores", "my boyfriend snores"),
        ("I hate my boss Mr Harris.", "I hate my boss."),
        ("My GP, Dr. Ana de Souza, knows.", "My GP knows."),
        ("My partner of ten years, Sam, left.", "My partner of ten years left."),
        ("This guy at work, Josh, is nice.", "This guy at work is nice."),
        ("My ex-wife Mary-Jane O’Neill called.", "My ex-wife called."),
        ("My brother-in-law Pete came.", "My brother-in-law came."),
        ("My friend Daniel K came.", "My friend came."),
        ("My boyfriend Daniel’s mum hates me.", "My boyfriend’s mum hates me."),
        ("Anna’s husband, Greg, hates me.", "Somebody’s husband hates me."),
        ("My friends Anna, Ben and Chloe know.", "My friends know."),
        ("My sisters Anna and I know.", "My sisters and I know."),
        ("My kids, Alfie (6) and Nell (4), know.", "My kids know."),
        ("My partner of ten years (Sam) left.", "My partner of ten years left."),
        ("New boyfriend Kofi snores.", "New boyfriend snores."),
        ("I told my boss, Tom, but he laughed.", "I told my boss, but he laughed."),
        ("I saw my boss, Tom.", "I saw my boss."),
    ],
)
def test_a_name_beside_who_it_is_goes_and_who_it_is_stays(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Daniel, my boyfriend, snores.", "My boyfriend snores."),
        ("Then Kofi, my boyfriend, snored.", "Then my boyfriend snored."),
        ("Kofi Mensah, my boyfriend.", "My boyfriend."),
        ("Then (Kofi Mensah), my boyfriend, left.", None),
        ("I met Kofi; Ama, my boss, left.", "I met Kofi; my boss left."),
        ("Yesterday, my boyfriend, of all people, cried.", None),
        ("Kofi, my boyfriend, snores.", None),
        ("We met in Whitby, my husband, and then fell out.", None),
        ("He is, my boyfriend, a saint.", None),
    ],
)
def test_a_name_before_who_it_is_goes_where_it_is_surely_one(text: str, expected: str | None):
    assert reworded(text) == (expected or text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He’s called Kofi.", "He’s called X."),
        ("I met a man named Kofi Mensah.", "I met a man named X."),
        ("somebody called Kofi", "somebody called X"),
        ("His name is Marcus.", "His name is X."),
        ("Their names are Kofi and Ama.", "Their names are X."),
        ("My name’s Kofi.", "My name’s X."),
        ("I’m called Kofi.", "I’m called X."),
        ("Ask for Kofi.", "Ask for X."),
        ("Mr. Harris and Dr Patel know.", "Mr. X and Dr X know."),
        ("Auntie Jean told our Uncle Bob.", "My auntie told our uncle."),
    ],
)
def test_a_name_that_is_said_outright_becomes_x(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My boyfriend Kofi left. Kofi lied.", "My boyfriend left. My boyfriend lied."),
        ("My boyfriend Kofi Mensah left. Mr Mensah lied.", "My boyfriend left. Mr X lied."),
        ("My boyfriend Kofi left. I hate Kofi Mensah.", "My boyfriend left. I hate my boyfriend."),
        (
            "My boyfriend is called Kofi. I love Kofi.",
            "My boyfriend is called X. I love my boyfriend.",
        ),
        ("A friend Kofi left. I miss Kofi.", "A friend left. I miss the friend."),
        ("My oldest rich friend Kofi. Kofi!", "My oldest rich friend. My oldest friend!"),
        ("My friends Kofi and Ama. Ama lied.", "My friends. One of my friends lied."),
        (
            "my boyfriend dan left. Dan lied, dan did",
            "my boyfriend left. My boyfriend lied, my boyfriend did",
        ),
        (
            "My boyfriend Will left. Will he call Will?",
            "My boyfriend left. Will he call my boyfriend?",
        ),
        ("I met a man called Kofi. My boss Kofi.", "I met a man called X. My boss."),
    ],
)
def test_a_name_said_again_becomes_who_it_is(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So Daniel told me to leave.", "So somebody told me to leave."),
        ("Daniel and I split up.", "Somebody and I split up."),
        ("I kissed Sarah’s brother.", "I kissed somebody’s brother."),
        ("I met someone on Hinge called Jake.", "I met someone on Hinge called X."),
    ],
)
def test_a_common_first_name_that_nobody_introduced_becomes_somebody(text: str, expected: str):
    assert reworded(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is it me? Thank you so much, Hattie Wrenlow", "Is it me? Thank you so much, X"),
        ("Is it me?\nLove\nHattie x", "Is it me?\nLove\nX x"),
        ("Is it me?\n- Hattie", "Is it me?\n- X"),
        ("Is it me?\nThanks, Confused", None),
        ("Thanks, Hattie and I feel better.", "Thanks, somebody and I feel better."),
        ("Hello Ruth! Is it me? Thanks, Ruth", None),
    ],
)
def test_a_name_under_a_letter_becomes_x_unless_the_show_is_meant(text: str, expected: str | None):
    assert reworded(text) == (expected or text)


@pytest.mark.parametrize(
    "text",
    [
        "My boyfriend FaceTimed me on Monday, my husband Christmas-shopped.",
        "My husband, God bless him, and my sister, Tinder’s best customer, agree.",
        "My husband, Arsenal fan, is loud. My brother, Oxford-educated, is not.",
        "My wife, Christmas or no Christmas, works. My boyfriend, Scottish to the bone, cooks.",
        "Oh boy, Whitby. The great Doctor Zogwell. Mr Right, Mr Darcy and Mr Big.",
        "There is a film called Titanic and an app called Hinge. It is called Polyamory.",
        "I called Samaritans and she called Relate. He is called the Vet.",
        "Her name is on the lease, and we asked for Help.",
        "We saw Harry Potter and Taylor Swift, like Henry VIII, Ben & Jerry’s, a Karen, “Emma”.",
        "Daniel! Is it me?",
        "My friend, who I’ll call Amy, lied. Amy says she did not. Let’s call him Steve.",
        "My friend told me. My ex, I think, is back. My mum (I know) cried.",
        "my boyfriend I love, my sister Mum likes, my friend A",
    ],
)
def test_what_is_no_name_is_left_alone(text: str):
    assert reworded(text) == text


@pytest.mark.parametrize(
    "said",
    [
        "(not his real name)",
        "Names have been changed.",
        "I have changed his name.",
        "These are fake names.",
    ],
)
def test_names_that_are_disguised_already_are_left_alone(said: str):
    assert find_giveaways(f"My boyfriend Daniel snores. {said}") == ()


def test_an_own_name_is_told_apart_in_the_reason():
    reasons = {
        giveaway.text: giveaway.why for giveaway in find_giveaways("I’m called Kofi Mensah.")
    }

    assert reasons == {
        "Kofi Mensah": "This looks like a name of yours, and the question works without it."
    }


def test_a_long_name_is_read_to_its_end():
    assert reworded("My friend " + "Aa " * 11 + "left.") == "My friend left."


def test_what_goes_on_for_longer_than_any_name_is_found_in_pieces_and_in_time():
    after = reworded("My friend " + "Aa " * 1000 + "left.")

    assert "Aa" not in after
