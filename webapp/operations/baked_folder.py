"""The folder of baked pages: `now` leads to those that are served from, whose name says of when.

The name begins with a mark of the state of the show that they were made of. So whoever can read it
sees whether they are old, also where nobody is left who has made them.
"""

import hashlib
import re
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from webapp import clock
from webapp.episodes.freshness import read_epoch
from webapp.web.epochs import Epoch

NOW = "now"
MARK = 16  # characters of a name, the rest of which no other has
_OURS = re.compile(r"(?:now\.)?[0-9a-f]{32}")  # whatever else lies there is not ours to remove

State = tuple[Epoch, date]


def read_state(session: Session) -> State:
    """Return what baked pages are made of at this moment."""
    return read_epoch(session), clock.today()  # one page says until when it holds


def find_served(folder: Path) -> str | None:
    """Return the name of what `now` leads to, if there is any. Raises OSError."""
    try:
        return (folder / NOW).readlink().name
    except FileNotFoundError:
        return None


def is_of(name: str, state: State) -> bool:
    """Return whether pages under a name were made of a state."""
    return name.startswith(_mark(state))


def begin(folder: Path, state: State) -> Path:
    """Have an empty folder be the one that is served from, remove all before it, and return it.

    What is baked goes there by its own name: another baker of this folder may have begun anew.
    Raises OSError.
    """
    fresh = folder / (_mark(state) + uuid4().hex[MARK:])
    make_folder(fresh)
    link = folder / f"{NOW}.{fresh.name}"
    link.symlink_to(fresh.name)
    link.replace(folder / NOW)
    for old in folder.iterdir():
        if _OURS.fullmatch(old.name) and old != fresh:
            with suppress(OSError):
                old.unlink() if old.is_symlink() else shutil.rmtree(old)
    return fresh


def take_away(folder: Path, name: str) -> None:
    """Have the pages under a name not be served from any more. Raises OSError.

    Where another takes their place at this very moment that may go too: its baker begins anew.
    """
    if find_served(folder) == name:
        (folder / NOW).unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """Make a folder that the web server can read, whose account is another. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def _mark(state: State) -> str:
    return hashlib.sha256(repr(state).encode()).hexdigest()[:MARK]
