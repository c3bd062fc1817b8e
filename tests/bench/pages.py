"""What a page costs: kept and not kept, against a file from nginx and constant bytes."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import delete

from tests.bench.load import MADE_BY, Rate, measure, measure_in_turns
from tests.bench.servers import NGINX, fetch, nginx, ours
from tests.bench.tables import milliseconds, per_second, ratio, table
from webapp import storage
from webapp.episodes.finished import finish_some
from webapp.episodes.models import FinishedBody
from webapp.operations.demo import fill_demo
from webapp.operations.instance import make_instance
from webapp.settings import Settings

EPISODE = "/episodes/getting-to-yes"
NAMES = {
    "nginx": "nginx: the page as a file",
    "nginx, gzip": "nginx: the page as a file, gzip",
    "nginx, 304": "nginx: 304",
    "kept": "an episode’s page, kept",
    "kept, gzip": "the same, gzip",
    "kept, 304": "the same, 304",
}


def bench_pages(folder: Path) -> str:
    """Return the table of pages, measured one after the other on one core."""
    instance = folder / "instance"
    settings = Settings.load(instance=instance)
    app = make_instance(settings)
    fill_demo(app, settings)
    with app.app_context():
        finish_some()  # as the worker does within seconds
    with ExitStack() as stack:
        site = stack.enter_context(ours(instance, "application"))
        body, etag = fetch(site + EPISODE)
        gzipped, _tag = fetch(site + EPISODE, **{"Accept-Encoding": "gzip"})
        asked = _asked("kept", site + EPISODE, etag)
        if NGINX:
            files = {"page": body, "page.gz": gzipped}
            other = f"{stack.enter_context(nginx(folder / 'nginx', files))}/page"
            asked |= _asked("nginx", other, fetch(other)[1])
        found = measure_in_turns(asked)
    # A finished page names the site: it is used where the site is the one that it was made for.
    with ours(instance, "uncached", POSTBAG_SITE_URL=settings.site_url) as site:
        anew = {path: measure(site + path) for path in (EPISODE, "/", "/search?q=partner")}
        with app.app_context():
            storage.write(lambda session: session.execute(delete(FinishedBody)))
        unfinished = measure(site + EPISODE)
    with ours(instance, "constant") as site:
        constant = measure(f"{site}/about")
    rows = [
        *(_row(NAMES[key], found[key], found[key]) for key in found if key.startswith("nginx")),
        *(
            _row(NAMES[key], found[key], found.get(key.replace("kept", "nginx")))
            for key in found
            if key.startswith("kept")
        ),
        _row("Flask, constant bytes", constant, constant),
        *(_row(f"not kept: {path}", rate, constant) for path, rate in anew.items()),
        _row("not kept, and not finished beforehand either", unfinished, constant),
    ]
    columns = ("", "answers", "half within", "99 % within", "ratio")
    return table(f"Pages, on one core{MADE_BY}", columns, rows)


def _asked(name: str, url: str, etag: str) -> dict[str, Callable[[], Rate]]:
    """Return the three ways to ask for a page, by name."""
    return {
        name: lambda: measure(url),
        f"{name}, gzip": lambda: measure(url, accept_encoding="gzip"),
        f"{name}, 304": lambda: measure(url, if_none_match=etag),
    }


def _row(name: str, rate: Rate, to: Rate | None) -> tuple[str, ...]:
    share = ratio(rate.per_second, to.per_second) if to else "-"
    times = milliseconds(rate.half), milliseconds(rate.slow)
    return name, per_second(rate.per_second), *times, share
