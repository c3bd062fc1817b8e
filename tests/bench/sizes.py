"""Nothing may grow with the archive but the archive: the same visits to small and large sites."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.bench.archive import RARE_ONES, fill_archive, slug_of
from tests.bench.mailbag import COMMON, RARE, fill_mailbag
from tests.bench.sites import ENGINES, Fill, Site, make_site
from tests.bench.tables import milliseconds, table
from tests.bench.visits import Kind, Request, Timing, visit, visit_in_turns
from tests.bench.words import Letters
from tests.staff.members import add_staff, sign_in
from webapp import clock, storage
from webapp.moderation.queries import PAGE_SIZE
from webapp.moderation.selecting import place_of
from webapp.questions import receipts, tokens
from webapp.questions.models import Question, QueueCount, SpentNonce
from webapp.staff.models import User

MAILBAGS = (1_000, 100_000, 1_000_000)
ARCHIVES = (10, 1_000, 10_000)
FAR = 1_000  # pages into the queue
WANTED = 1.2
LETTER = Letters(80)


def bench_queue(folder: Path, most: int) -> str:
    """Return the tables of the desk's queue and of the asker's side, by questions."""
    sizes = [size for size in MAILBAGS if size <= most] or [most]
    return "\n".join(
        _measure(folder, engine, "queue", sizes, fill_mailbag, _queue_kinds(), "questions")
        for engine in ENGINES
    )


def bench_archive(folder: Path, most: int) -> str:
    """Return the tables of public pages, made anew, by published episodes."""
    sizes = [size for size in ARCHIVES if size <= most] or [most]
    return "\n".join(
        _measure(folder, engine, "archive", sizes, fill_archive, _archive_kinds(), "episodes")
        for engine in ENGINES
    )


def _measure(
    folder: Path,
    engine: str,
    name: str,
    sizes: Sequence[int],
    fill: Fill,
    kinds: Sequence[Kind],
    of: str,
) -> str:
    sites = [make_site(folder, name, engine, size, fill) for size in sizes]
    cookies = {site.size: _signed_in(site) for site in sites}
    try:
        timings = [visit_in_turns(sites, kind, cookies=cookies) for kind in kinds]
    finally:
        for site in sites:
            _take_back(site)
    columns = ("", *(f"{size:,} {of}" for size in sizes), "ratio", "")
    rows = [_row(timing, sizes) for timing in timings]
    clock_is = "time of the process" if engine == "sqlite" else "time that passes"
    return table(f"By {of}, {engine}: whole requests, {clock_is}", columns, rows)


def _row(timing: Timing, sizes: Sequence[int]) -> tuple[str, ...]:
    times = (milliseconds(timing.usual(size)) for size in sizes)
    return timing.kind.name, *times, f"{timing.ratio:.2f}", "" if timing.ratio <= WANTED else "!"


def _queue_kinds() -> list[Kind]:
    desk = "/desk/questions"
    return [
        Kind("the queue’s first page", _path(f"{desk}?lane=ordinary&state=new")),
        Kind(f"its page {FAR:,}, against the first", _far_page),
        Kind("newest first", _path(f"{desk}?lane=ordinary&state=new&order=newest")),
        Kind("soonest to go", _path(f"{desk}?lane=ordinary&state=new&order=soonest")),
        Kind("search, a rare word", _path(f"{desk}?q={RARE}")),
        Kind("search, a rare word, newest first", _path(f"{desk}?q={RARE}&order=newest")),
        Kind("search, a word in every letter", _path(f"{desk}?q={COMMON}&order=newest")),
        Kind("search, both", _path(f"{desk}?q={COMMON}+{RARE}&order=newest")),
        Kind("one question", _one_question),
        Kind("my question, by receipt", _my_question),
        Kind("the check page", _review),
        Kind("a question is sent", _send),
    ]


def _archive_kinds() -> list[Kind]:
    full = ARCHIVES[1]  # the smallest that fills a page
    return [
        Kind("home", _path("/")),
        Kind("an episode’s page", _path(f"/episodes/{slug_of(5)}")),
        Kind("the archive’s first page", _path("/episodes"), full),
        Kind("a season’s first page", _path("/episodes?season=1"), full),
        Kind("a topic’s page", _topic, full),
        Kind("a topic within a season", _path("/episodes?season=1&topic=communication"), full),
        Kind("a person’s page", _path("/people/dot-farrow"), full),
        Kind("search, a word in every episode", _path(f"/search?q={COMMON}"), full),
        Kind(f"search, a word in {RARE_ONES} episodes", _path(f"/search?q={RARE}")),
        Kind("search, a mistyped word", _path("/search?q=rhinocreos")),
        Kind("the podcast feed’s first page", _path("/feeds/podcast.xml"), full),
        Kind("the Atom feed’s first page", _path("/feeds/episodes.atom"), full),
        Kind("the check page", _review, full),
        Kind("the queue’s first page", _path("/desk/questions")),
        Kind("one question", _one_question, full),
    ]


def _path(path: str) -> Callable[[Site, int], Request]:
    return lambda _site, _turn: Request(path)


def _topic(_site: Site, _turn: int) -> Request:
    return Request("/topics/communication")


def _far_page(site: Site, _turn: int) -> Request:
    return Request(f"/desk/questions?lane=ordinary&state=new&after={_far_key(site)}")


@cache
def _far_key(site: Site) -> str:
    """Return where page FAR begins, or the first page of a mailbag that has not so many."""
    order = Question.received_on, Question.sort_key, Question.id
    waiting = select(Question).where(Question.lane == "ordinary", Question.state == "new")
    far = waiting.order_by(*order).offset(PAGE_SIZE * (FAR - 1) - 1).limit(1)
    with site.app.app_context():
        found = storage.read().scalars(far).first()
        return place_of(found) if found else ""


def _one_question(site: Site, turn: int) -> Request:
    ids = _some_ids(site)
    return Request(f"/desk/questions/{ids[turn % len(ids)]}")


@cache
def _some_ids(site: Site) -> list[str]:
    waiting = select(Question.id).where(Question.lane == "ordinary", Question.state == "new")
    with site.app.app_context():
        return [str(one) for one in storage.read().scalars(waiting.limit(20))]


def _my_question(site: Site, _turn: int) -> Request:
    return Request("/my-question", {"receipt": _receipt(site)}, "data-state")


@cache
def _receipt(site: Site) -> str:
    """Return the receipt of a question that is sent for it."""
    token = tokens.fresh("")
    visit(site, _sent(site, token))
    with site.app.app_context():
        return " ".join(receipts.words_for(storage.current_keyring(), token.nonce))


def _review(_site: Site, _turn: int) -> Request:
    fields = {"question": LETTER.write(), "sign_off": "Thin Walls", "consent": "read_aloud"}
    return Request("/ask/review", fields, 'name="token"')


def _send(site: Site, _turn: int) -> Request:
    return _sent(site, tokens.fresh(""))


def _sent(site: Site, token: tokens.Token) -> Request:
    """Return a form that is sent after its check page has been there for a minute."""
    shown = tokens.Token(token.nonce, token.about, token.shown - 60)
    with site.app.app_context():
        signed = tokens.sign(storage.current_keyring(), shown)
    fields = {"question": LETTER.write(), "sign_off": "Thin Walls", "consent": "read_aloud"}
    return Request("/ask/send", fields | {"token": signed, "checked": "yes"}, 'id="receipt"')


def _signed_in(site: Site) -> str:
    """Return the cookie of a moderator who is signed in."""
    with site.app.app_context():
        is_there = storage.read().scalar(
            select(User.id).where(User.email == "sam@example.org").limit(1)
        )
    if not is_there:
        add_staff(site.app, role="moderator")
    client = site.app.test_client()
    sign_in(client)
    cookie = client.get_cookie("postbag_desk", path="/desk")
    return f"postbag_desk={cookie.value}" if cookie else ""


def _take_back(site: Site) -> None:
    """Take what was sent out of the mailbag again, so that the next run finds it as it was."""
    with site.app.app_context():
        storage.write(_forget_sent)
        storage.db.engine.dispose()


def _forget_sent(session: Session) -> None:
    today = clock.today()
    sent = select(Question.lane, func.count()).where(Question.received_on == today)
    for lane, count in session.execute(sent.group_by(Question.lane)).all():
        place = QueueCount.lane == lane, QueueCount.state == "new"
        session.execute(update(QueueCount).where(*place).values(count=QueueCount.count - count))
    session.execute(delete(Question).where(Question.received_on == today))
    session.execute(delete(SpentNonce).where(SpentNonce.spent_on == today))
