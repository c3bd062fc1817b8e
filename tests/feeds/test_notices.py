"""robots.txt and security.txt."""

from datetime import UTC, date, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest

from webapp.feeds.notices import robots, security

SITE = "https://show.example"


@pytest.fixture
def rules() -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(robots(f"{SITE}/sitemap.xml").splitlines())
    return parser


@pytest.mark.parametrize("path", ["/", "/episodes/thin-walls", "/ask", "/feeds/podcast.xml"])
def test_crawlers_may_read_what_is_for_everybody(rules: RobotFileParser, path: str):
    assert rules.can_fetch("anybot", SITE + path)


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/sign-in", "/ask/review", "/my-question", "/preview/abc", "/leave"]
)
def test_crawlers_have_no_business_elsewhere(rules: RobotFileParser, path: str):
    assert not rules.can_fetch("anybot", SITE + path)


def test_the_sitemap_is_named_absolutely(rules: RobotFileParser):
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]


def fields(today: date) -> dict[str, str]:
    text = security(email="a+b@show.example", address=f"{SITE}/s", language="en-GB", today=today)
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_security_says_whom_to_write_to():
    found = fields(date(2026, 3, 15))

    assert found == {
        "Contact": "mailto:a%2Bb@show.example",
        "Expires": "2027-02-01T00:00:00Z",
        "Preferred-Languages": "en-GB",
        "Canonical": f"{SITE}/s",
    }


def test_security_is_never_stale_nor_good_for_a_year_and_stays_all_month():
    day = date(2024, 1, 1)
    while day < date(2026, 1, 1):
        expires = datetime.fromisoformat(fields(day)["Expires"])
        ahead = expires - datetime(day.year, day.month, day.day, tzinfo=UTC)
        assert timedelta(days=300) < ahead < timedelta(days=365)
        assert fields(day) == fields(day.replace(day=1))
        day += timedelta(days=1)
