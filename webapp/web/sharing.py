"""Which answers are the same for everybody: those of views that say so, and of what query keys."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from webapp.web.assets import PREFIX
from webapp.web.surface import is_desk

View = TypeVar("View", bound=Callable[..., Any])

_KEYS = "postbag_query_keys"
LONGEST = 2_000  # characters of a path or a query; nothing of ours is as long


@dataclass(frozen=True, slots=True)
class Shared:
    """An address whose answer is the same for everybody: made of this path and this query alone.

    `whole` says whether the query is all that was asked for; what no view reads is left out.
    """

    path: str
    query: str
    whole: bool


def shared(*query_keys: str) -> Callable[[View], View]:
    """Mark a view whose answer is made of its path, these query keys and the database alone."""

    def mark(view: View) -> View:
        setattr(view, _KEYS, query_keys)
        return view

    return mark


class SharedRoutes:
    """Tells of an address whether its answer is the same for everybody."""

    def __init__(self, app: Flask) -> None:
        self._routes: MapAdapter = app.url_map.bind("")
        self._keys = {
            endpoint: cast("tuple[str, ...]", getattr(view, _KEYS))
            for endpoint, view in app.view_functions.items()
            if hasattr(view, _KEYS)
        }

    @property
    def endpoints(self) -> Collection[str]:
        """Return the endpoints whose answers are the same for everybody."""
        return self._keys.keys()

    def find(self, path: str, query: str) -> Shared | None:
        """Return what an address is known by, or None where each visitor is answered anew.

        An address that leads nowhere is nobody's own either, unless it has a query: an old address
        of an episode may have one.
        """
        if len(path) > LONGEST or len(query) > LONGEST or is_desk(path):
            return None
        if path.startswith(PREFIX):
            return None if query else Shared(path, "", whole=True)
        try:
            endpoint, _values = self._routes.match(path, "GET")
        except RequestRedirect:
            return None
        except HTTPException:
            return None if query else Shared(path, "", whole=True)
        keys = self._keys.get(endpoint)
        if keys is None:
            return None
        kept = _canonical(query, keys) if query else ""
        return Shared(path, kept, whole=kept == query)


def _canonical(query: str, keys: tuple[str, ...]) -> str:
    """Return the query with the keys that are read, in their order, the first value of each."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        given.setdefault(name, value)
    return urlencode([(key, given[key]) for key in keys if key in given])
