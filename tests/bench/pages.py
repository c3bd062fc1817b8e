"""What a page costs: kept and not kept, against a file from nginx and constant bytes."""

from pathlib import Path

from sqlalchemy import delete

from tests.bench.load import MADE_BY, Rate, measure
from tests.bench.servers import NGINX, fetch, nginx, ours
from tests.bench.tables import milliseconds, per_second, ratio, table
from webapp import storage
from webapp.episodes.finished import finish_some
from webapp.episodes.models import FinishedBody
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.settings import Settings

EPISODE = "/episodes/getting-to-yes"


def bench_pages(folder: Path) -> str:
    """Return the table of pages, measured one after the other on one core."""
    instance = folder / "instance"
    settings = Settings.load(instance=instance)
    app = make_instance(settings)
    fill_demo(app, settings)
    with app.app_context():
        finish_some()  # as the worker does within seconds
    with ours(instance, "application") as site:
        body, etag = fetch(site + EPISODE)
        gzipped, _tag = fetch(site + EPISODE, **{"Accept-Encoding": "gzip"})
        kept = measure(site + EPISODE)
        packed = measure(site + EPISODE, accept_encoding="gzip")
        known = measure(site + EPISODE, if_none_match=etag)
    # A finished page names the site: it is used where the site is the one that it was made for.
    with ours(instance, "uncached", POSTBAG_SITE_URL=settings.site_url) as site:
        anew = {path: measure(site + path) for path in (EPISODE, "/", "/search?q=partner")}
        with app.app_context():
            storage.write(lambda session: session.execute(delete(FinishedBody)))
        unfinished = measure(site + EPISODE)
    with ours(instance, "constant") as site:
        constant = measure(f"{site}/about")
    rows = []
    file = static = same = None
    if NGINX:
        with nginx(folder / "nginx", {"page": body, "page.gz": gzipped}) as other:
            file, static = (
                measure(f"{other}/page"),
                measure(f"{other}/page", accept_encoding="gzip"),
            )
            tag = fetch(f"{other}/page")[1]
            same = measure(f"{other}/page", if_none_match=tag)
        rows += [
            _row("nginx: the page as a file", file, file),
            _row("nginx: the page as a file, gzip", static, static),
            _row("nginx: 304", same, same),
        ]
    rows += [
        _row("an episode’s page, kept", kept, file),
        _row("the same, gzip", packed, static),
        _row("the same, 304", known, same),
        _row("Flask, constant bytes", constant, constant),
        *(_row(f"not kept: {path}", rate, constant) for path, rate in anew.items()),
        _row("not kept, and not finished beforehand either", unfinished, constant),
    ]
    columns = ("", "answers", "half within", "99 % within", "ratio")
    return table(f"Pages, on one core{MADE_BY}", columns, rows)


def _row(name: str, rate: Rate, to: Rate | None) -> tuple[str, ...]:
    share = ratio(rate.per_second, to.per_second) if to else "-"
    times = milliseconds(rate.half), milliseconds(rate.slow)
    return name, per_second(rate.per_second), *times, share
