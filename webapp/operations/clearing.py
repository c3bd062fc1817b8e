"""Takes baked pages away that are old and stay so: nobody bakes them any more.

Each server process looks, for the web server in front asks it for whatever is not there. A baker
that lives has begun anew long before; where it has not, it puts its link back.
"""

import logging
import threading
from pathlib import Path

from flask import Flask

from webapp.operations import logs
from webapp.operations.baked_folder import find_served, is_of, read_state, take_away
from webapp.operations.trouble import Trouble
from webapp.storage import AWAY, read
from webapp.web.site import fault_in_words

LOOK_SECONDS = 1.0
LOOKS = 3  # in a row that find the same old pages, before they are taken away

OLD = (
    "The baked pages were old and nobody baked them anew. They are taken away, and the site "
    "answers by itself: see that a worker runs on this machine."
)

log = logging.getLogger(logs.OURS)


class Clearer:
    """Looks after a folder of baked pages that it does not bake: for a thread of its own."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._old = ""
        self._looks = 0
        self._trouble = Trouble(log, "baked pages")

    def run(self) -> None:
        """Look for as long as the process lives. Raises nothing, but logs it."""
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            try:
                self.look()
                self._trouble.is_over()
            except Exception as error:  # noqa: BLE001 - it must outlive whatever a disk may do
                self._trouble.note(fault_in_words(type(error), error.__traceback__))

    def look(self) -> None:
        """Take away what has been old for so many looks. Raises OSError.

        While the database is away nobody knows what is old, and the pages stay.
        """
        name = find_served(self._folder)
        if name is None or not self._is_old(name):
            self._old, self._looks = "", 0
            return
        self._looks = self._looks + 1 if name == self._old else 1
        self._old = name
        if self._looks >= LOOKS:
            take_away(self._folder, name)
            log.warning(OLD)

    def _is_old(self, name: str) -> bool:
        with self._app.app_context():
            try:
                return not is_of(name, read_state(read()))
            except AWAY:
                return False


def clear_beside(app: Flask, folder: Path | None) -> None:
    """Look after baked pages in a thread, where there are to be any, until the process ends."""
    if folder is not None:
        clearer = Clearer(app, folder)
        threading.Thread(target=clearer.run, name="postbag-clearer", daemon=True).start()
