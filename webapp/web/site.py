"""The Flask application, but for what it writes when something breaks."""

import logging
import traceback
from typing import Any

from flask import Flask

log = logging.getLogger("postbag")


class Site(Flask):
    """Logs a fault by its kind and its place in our code alone.

    Flask would write the path, the exception's own words and the time: words may be an asker's,
    a path may be `/my-question`, and the time is finer than what is promised.
    """

    def log_exception(self, *about: Any) -> None:
        """Log the exception that is being handled. Takes what Flask gives; its last is exc_info."""
        kind, _, frames = about[-1]
        places = " < ".join(
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in reversed(traceback.extract_tb(frames))
        )
        log.error("%s at %s", kind.__name__, places)
