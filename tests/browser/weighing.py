"""What a visit weighs on the wire, and what it may."""

import gzip
import re
from collections import Counter
from collections.abc import Mapping

from tests.browser.visits import Visit

BUDGETS = {"stylesheet": 8_000, "script": 4_000, "font": 75_000, "document": 30_000}
DESK_MORE = {"stylesheet": 3_000, "script": 6_000}
# A page with a stylesheet of its own (a rundown, an account, a way in) may carry more of it.
OWN_SHEET = {"stylesheet": DESK_MORE["stylesheet"] + 850}
SHARED_SHEETS = {"site", "desk", "queue", "question"}
SHEET = re.compile(r"/static/([a-z-]+)\.[0-9a-f]+\.css")


def weights(visit: Visit) -> Counter[str]:
    """Return the bytes of a visit's last page by kind of file, gzipped as a proxy would."""
    last = max(i for i, one in enumerate(visit.requests) if one.is_navigation_request())
    found: Counter[str] = Counter()
    for url, kind in {one.url: one.resource_type for one in visit.requests[last:]}.items():
        if kind in BUDGETS and kind != "document":
            body = visit.context.request.get(url).body()
            found[kind] += len(body) if kind == "font" else len(gzip.compress(body))
    found["document"] = len(gzip.compress(visit.html.encode()))
    return found


def desk_allowance(visit: Visit) -> dict[str, int]:
    """Return what a page of the desk may weigh on top of a public one."""
    own = set(SHEET.findall(visit.html)) - SHARED_SHEETS
    return DESK_MORE | OWN_SHEET if own else DESK_MORE


def over_budget(weight: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Return what weighs more than it may; `more` is allowed on top."""
    return {kind: of for kind, of in weight.items() if of > BUDGETS[kind] + more.get(kind, 0)}
