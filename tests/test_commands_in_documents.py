"""Every command that a document names runs, one after the other, as a newcomer would type them.

A block is marked by the word behind its fence: `sh` is run in a folder where there was nothing,
`sh root` wants a machine of one's own and `sh elsewhere` another one; those two are held to the
shell's grammar and to the commands and options that `postbag` has, and what root writes into files
is run below a folder in tests/deploy/test_as_root.py.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.said import calls_in, hold
from tests.deploy.warm import CALL
from tests.operations.processes import POSTBAG, wait_for
from tests.postgres import temporary_database
from tests.serving import free_port, wait_until_served

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(r"^( *)```sh( \w+)?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
DATABASE = "postgresql+psycopg://postbag@db.internal/postbag"
FEED = "https://show.example/feed.xml"
SITE = "http://127.0.0.1:8000"

MAKE_AS_TYPED = f"""#!/bin/sh
exec {shutil.which("make")} --dry-run --directory={ROOT} "$@"
"""
A_FEED = """<rss version="2.0"><channel><title>It's Probably You</title><language>en</language>
<description>An advice show.</description><link>https://show.example</link>
<item><title>A trailer</title><guid>trailer-1</guid><description>Soon.</description></item>
</channel></rss>"""

# The house has started that already, but for its port: nothing comes after it until it is ended.
SERVING = re.compile(r"^postbag serve\b[^\n#]*", re.MULTILINE)

pytestmark = pytest.mark.xdist_group("documents")


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield where each block of commands stands, what it wants, and the commands."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            script = re.sub(rf"^{found[1]}", "", found[3], flags=re.MULTILINE)
            yield f"{document.name}:{line}", (found[2] or "").strip(), script


RUN = [(where, script) for where, wanted, script in blocks() if not wanted]
HELD = [(where, script) for where, wanted, script in blocks() if wanted in {"root", "elsewhere"}]


class House:
    """A folder in which a newcomer types, with a site of its own that is up."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        socket = folder / "postbag.sock"
        call = CALL.format(python=sys.executable, path=str(socket))
        for name, text in (("postbag", call), ("make", MAKE_AS_TYPED)):
            (folder / "bin" / name).write_text(text, encoding="utf-8")
            (folder / "bin" / name).chmod(0o755)
        shutil.copytree(ROOT / "seeds" / "show", folder / "my-show")
        (folder / "feed.xml").write_text(A_FEED, encoding="utf-8")
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.environment = os.environ | {"PATH": path}
        self._warm = subprocess.Popen([sys.executable, "-m", "tests.deploy.warm", socket], cwd=ROOT)
        port = free_port()
        self._here = {DATABASE: database, FEED: "feed.xml", SITE: f"http://127.0.0.1:{port}"}
        subprocess.run([POSTBAG, "init"], cwd=folder, check=True, capture_output=True)
        self.server = subprocess.Popen(
            [POSTBAG, "serve", "--no-worker", "--port", str(port)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_until_served(self.server, port)
        wait_for(socket.exists)

    def close(self) -> None:
        self._warm.kill()
        self._warm.wait()
        self.server.terminate()
        self.server.communicate(timeout=40)

    def type(self, script: str) -> subprocess.CompletedProcess[str]:
        for there, here in self._here.items():
            script = script.replace(there, here)
        script = SERVING.sub("curl --fail --silent " + self._here[SITE] + "/healthz", script)
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with temporary_database(shared) as database:
        made = House(tmp_path_factory.mktemp("newcomer"), database)
        yield made
        made.close()


@pytest.mark.parametrize(("where", "script"), RUN, ids=[where for where, _ in RUN])
def test_what_a_newcomer_types_does_what_it_should(house: House, where: str, script: str):
    for call in calls_in(script):
        hold(call)
    done = house.type(script)

    assert done.returncode == 0, f"{where}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("where", "script"), HELD, ids=[where for where, _ in HELD])
def test_what_wants_another_machine_names_commands_that_there_are(where: str, script: str):
    subprocess.run(["bash", "-n", "-c", script], check=True)
    for call in calls_in(script):
        hold(call)
    for name in re.findall(r"deploy/[\w./-]*\w", script):
        assert (ROOT / name).exists() or name.endswith(".env"), name


def test_every_block_of_commands_says_what_it_wants():
    wanted = {wanted for _where, wanted, _script in blocks()}
    fences = sum(
        len(re.findall(r"^ *```(?:sh|shell|bash|console)\b", text, re.MULTILINE))
        for text in (document.read_text(encoding="utf-8") for document in DOCUMENTS)
    )

    assert wanted == {"", "root", "elsewhere"}
    assert len(RUN) + len(HELD) == fences


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_the_text_names_in_passing_are_commands_and_options(document: Path):
    text = BLOCK.sub("", document.read_text(encoding="utf-8"))
    for call in re.findall(r"`(postbag [^`]+)`", text):
        hold(call.split())
