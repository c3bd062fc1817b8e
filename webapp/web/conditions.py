"""What a visit's conditions and byte range make of a file. Pure: headers in, a decision out."""

import re
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import Headers
from werkzeug.http import parse_date, parse_etags

# More digits than any file needs are no number: Python refuses to read thousands of them.
_RANGE = re.compile(r"([0-9]{0,40})-([0-9]{0,40})")


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one version of a file from the next: its strong ETag, unquoted, and its time.

    `modified` is aware and in whole seconds, as HTTP has it.
    """

    etag: str
    modified: datetime


class BeyondEnd(Exception):  # noqa: N818 - reads as the sentence that it is
    """The range asked for has no byte of the file: to be answered with 416."""


def read_date(text: str | None) -> datetime | None:
    """Return the moment that a header names, or None where that is none, of any calendar."""
    try:
        return parse_date(text)
    except OverflowError:
        return None


def decide(headers: Headers, version: Version) -> int:
    """Return the status that the conditions of a GET or HEAD lead to: 200, 304 or 412.

    The order is that of RFC 9110, section 13.2.2: a condition on dates counts only where there
    is none on ETags.
    """
    if _has_changed(headers, version):
        return 412
    return 304 if _is_known(headers, version) else 200


def find_span(headers: Headers, version: Version, size: int) -> tuple[int, int] | None:
    """Return the first byte to send and the one after the last, or None for the whole file.

    A Range that is malformed, of another unit, or of several parts is ignored, as RFC 9110
    allows (section 14.2), and so is any on an empty file. Raises BeyondEnd.
    """
    unit, _, parts = headers.get("Range", "").partition("=")
    given = [part.strip(" \t") for part in parts.split(",") if part.strip(" \t")]
    match = _RANGE.fullmatch(given[0]) if len(given) == 1 else None
    if unit.strip().lower() != "bytes" or match is None or not size:
        return None
    if not _is_range_of(headers.get("If-Range"), version):
        return None
    return _span(match[1], match[2], size)


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Return the bytes that `first-last` names in a file (RFC 9110, section 14.1.2)."""
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise BeyondEnd
    return start, stop


def _has_changed(headers: Headers, version: Version) -> bool:
    """Return whether If-Match, or else If-Unmodified-Since, is about another version."""
    if "If-Match" in headers:
        wanted = parse_etags(headers["If-Match"])
        return version.etag not in wanted
    since = read_date(headers.get("If-Unmodified-Since"))
    return since is not None and version.modified > since


def _is_known(headers: Headers, version: Version) -> bool:
    """Return whether the visitor has this version already: weak comparison is enough for that."""
    if "If-None-Match" in headers:
        return parse_etags(headers["If-None-Match"]).contains_weak(version.etag)
    since = read_date(headers.get("If-Modified-Since"))
    return since is not None and version.modified <= since


def _is_range_of(condition: str | None, version: Version) -> bool:
    """Return whether a range may be sent under If-Range: to join it, versions must be the same.

    Weak tags never match, and a date only exactly (RFC 9110, section 13.1.5).
    """
    if condition is None:
        return True
    return condition == f'"{version.etag}"' or read_date(condition) == version.modified
