import pytest

from webapp.writing.headings import free_id, slug_of


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Is it you? Two small words", "is-it-you-two-small-words"),
        ("  Déjà vu & Straße  ", "deja-vu-strasse"),
        ("It’s", "it-s"),
        ("snake_case", "snake-case"),
        ("…", ""),
        ("a " * 80, "-".join("a" * 50)),
    ],
)
def test_slugs_are_letters_and_digits_with_hyphens(title, slug):
    assert slug_of(title) == slug


def test_taken_ids_get_the_next_number():
    taken = {"one", "one-2"}
    assert [free_id("one", taken), free_id("one", taken), free_id("two", taken)] == [
        *("one-3", "one-4", "two"),
    ]
