"""What is read aloud, how long it takes, and time codes."""

import pytest

from webapp.moderation.rundowns.reading import choose, read_time_code, seconds_for

LETTER = "Through the wall I hear it all."


@pytest.mark.parametrize(
    ("consent", "air", "web", "text", "source"),
    [
        ("read_aloud", "Air.", "Web.", "Air.", "air"),
        ("read_aloud", LETTER, "", LETTER, "air"),
        ("read_aloud", " ", "Web.", "Web.", "web"),
        ("read_aloud", "", "", "", ""),
        ("paraphrase", "Air.", "Web.", "Air.", "air"),
        ("paraphrase", "", LETTER, "", ""),
        ("paraphrase", f" {LETTER}\n", "Web.", "", ""),
        ("private", "Air.", "Web.", "", ""),
    ],
)
def test_what_is_read_is_what_the_asker_allows(consent, air, web, text, source):
    reading = choose(consent=consent, original=LETTER, air_text=air, web_text=web)

    assert (reading.text, reading.source) == (text, source)


@pytest.mark.parametrize(
    ("text", "sign_off", "pace", "seconds"),
    [
        ("one two three", "Four", 60, 4),
        ("one", "", 300, 1),
        ("", "", 150, 0),
        ("a b c", "", 150, 2),
    ],
)
def test_reading_takes_its_words_at_the_pace_rounded_up(text, sign_off, pace, seconds):
    assert seconds_for(text, sign_off, pace=pace) == seconds


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("", None), (" ", None), ("0:05", 5), ("12:30", 750), ("1:02:03", 3723), ("90:00", 5400)],
)
def test_time_codes_are_read_as_seconds(typed, seconds):
    assert read_time_code(typed) == seconds


@pytest.mark.parametrize("typed", ["12", "1:60", "1:60:00", "a:bc", "-1:00", "1:2:3:4", "٣:٠٠"])
def test_what_is_no_time_code_is_said_in_words(typed):
    with pytest.raises(ValueError, match="hours, minutes and seconds"):
        read_time_code(typed)
