"""What goes wrong in a thread that nobody watches: said in the log, and not over and over."""

import logging


class Trouble:
    """The trouble that something has at present, if any; `what` names it in the log."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        self._log = log
        self._what = what
        self._words = ""

    def note(self, words: str) -> None:
        """Say what goes wrong, unless it was said last."""
        if words != self._words:
            self._log.error(words, extra={"what": self._what})
        self._words = words

    def is_over(self) -> None:
        """Have it be said again if it comes back."""
        self._words = ""
