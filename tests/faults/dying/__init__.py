"""Real commands and servers that are killed in the middle of their work, at a step that is named.

Their own processes kill themselves and all of their group, so that a test need not guess when.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.operations.processes import POSTBAG
from tests.studio.uploads.studio_site import StudioSite
from webapp.settings import Settings

KILLED = -signal.SIGKILL
LONGEST = 60  # seconds of a command


def dying_at(step: str, number: int = 1) -> Mapping[str, str]:
    """Return the environment of what dies at the so-manieth step that a pattern fits.

    Steps are statements of SQL, "COMMIT", and what is done to files: "open <path> <mode>",
    "os.rename <path> <path>" and the like. Whatever has this environment leads a group of its own.
    """
    path = os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "DIES_AT": f"{number} {step}"}


def start(
    settings: Settings, *arguments: object, at: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start a `postbag` command of an instance."""
    given = {
        "POSTBAG_INSTANCE": str(settings.instance_path),
        "POSTBAG_DATABASE_URL": settings.database,
        "POSTBAG_SITE_URL": settings.site_url,
        "POSTBAG_IMPORT_FROM_LOOPBACK": str(settings.import_from_loopback),
    }
    return subprocess.Popen(
        [POSTBAG, *map(str, arguments)],
        env=os.environ | given | dict(at or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )


def run(settings: Settings, *arguments: object, at: Mapping[str, str] | None = None) -> int:
    """Run a `postbag` command, and return how it ended: 0, or KILLED."""
    with start(settings, *arguments, at=at) as running:
        said, _ = running.communicate(timeout=LONGEST)
    assert running.returncode in {0, KILLED}, said
    return running.returncode


def die(site: StudioSite, step: str, number: int = 1) -> None:
    """Have a server and its worker start, go to work, and be killed at a step."""
    if site.process.poll() is None:
        site.kill()
    site.launch(worker=True, **dying_at(step, number))
    assert site.process.wait(LONGEST) == KILLED
