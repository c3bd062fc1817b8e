"""`postbag purge`: what it says, how much it takes, and what being cut short does to it."""

import signal
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.operations.made_mailbag import TODAY, fill
from tests.operations.processes import POSTBAG, wait_for
from tests.questions.test_races import counts_are_true
from webapp import storage
from webapp.operations import purging
from webapp.operations.purging import purge_all, sentences
from webapp.questions.models import Question, QuestionTerm, SpentNonce
from webapp.questions.purging import BATCH, Purged
from webapp.settings import Settings
from webapp.storage.history import Act
from webapp.storage.sealing import make_keys

STATEMENT = Path("/proc/self/statm")
PAGE = 4096
GROWTH = 8_000_000


@pytest.fixture
def instance(in_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the app, for commands as well."""
    settings: Settings = in_app.extensions["postbag.settings"]
    monkeypatch.setenv("POSTBAG_INSTANCE", str(settings.instance_path))
    if settings.database_url:
        monkeypatch.setenv("POSTBAG_DATABASE_URL", settings.database)
    return settings


def purge() -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([POSTBAG, "purge"], capture_output=True, text=True, check=False)


def left(model: type) -> int:
    storage.read().rollback()
    return storage.read().scalar(select(func.count()).select_from(model))


def test_purge_says_how_much_of_each_kind_was_erased(instance: Settings):
    storage.write(fill, texts=3, questions=2, remains=1, kept=4, tokens=7)
    assert counts_are_true(storage.read())

    result = purge()

    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "The texts of 3 questions were erased; their receipts still tell what became of them.",
        "2 questions were erased, and what their receipts told.",
        "What remained of 1 question that was erased before is gone too.",
        "7 used tokens were forgotten.",
    ]


def test_purge_where_nothing_is_due_says_so(instance: Settings):
    storage.write(fill, kept=1)

    result = purge()

    assert (result.returncode, result.stdout) == (0, "Nothing was due.\n")


def test_purge_again_finds_nothing(instance: Settings):
    storage.write(fill, texts=1, questions=1, remains=1, tokens=1)

    assert purge().stdout != "Nothing was due.\n"
    assert purge().stdout == "Nothing was due.\n"


@pytest.mark.parametrize("kind", ["texts", "questions", "remains", "tokens"])
def test_one_and_several_are_said_in_words(kind: str):
    [one] = sentences(Purged(**{kind: 1}))
    [several] = sentences(Purged(**{kind: 12}))

    assert " 1 " in f" {one}"
    assert " 12 " in f" {several}"
    assert one.endswith(".")
    assert several.endswith(".")


def test_purge_of_a_database_that_was_not_migrated_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("POSTBAG_INSTANCE", str(tmp_path / "instance"))
    make_keys(tmp_path / "instance" / "keys")

    result = purge()

    assert result.returncode == 1
    assert "Run `postbag init`" in result.stderr


def test_four_thousand_rows_go_in_batches_and_in_flat_memory(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
):
    storage.write(fill, texts=1_000, questions=1_000, remains=1_000, kept=200, tokens=1_000)
    monkeypatch.setattr(purging, "BREATH_SECONDS", 0)
    done, batches, memory = Purged(), 0, []
    for batch in purge_all(TODAY):
        assert sum((batch.texts, batch.questions, batch.remains, batch.tokens)) <= BATCH
        done, batches = done + batch, batches + 1
        memory.append(held())

    assert done == Purged(texts=1_000, questions=1_000, remains=1_000, tokens=1_000)
    assert batches == 4_000 / BATCH
    assert max(memory[10:]) - memory[10] < GROWTH
    assert (left(Question), left(QuestionTerm), left(SpentNonce)) == (2_200, 600, 0)
    assert left(Act) == 2_000
    assert counts_are_true(storage.read())


def held() -> int:
    """Return the bytes that this process holds, or 0 where the system does not tell."""
    return int(STATEMENT.read_text().split()[1]) * PAGE if STATEMENT.exists() else 0


def test_others_get_their_turn_between_two_batches(in_app: Flask, monkeypatch: pytest.MonkeyPatch):
    pauses: list[float] = []
    monkeypatch.setattr(purging.time, "sleep", pauses.append)
    storage.write(fill, tokens=BATCH * 2)

    list(purge_all(TODAY))

    assert pauses == [purging.BREATH_SECONDS] * 2


def test_a_purge_that_is_killed_loses_nothing_and_goes_on(instance: Settings):
    storage.write(fill, questions=1_000, kept=100)
    running = subprocess.Popen([POSTBAG, "purge"], stdout=subprocess.PIPE)
    wait_for(lambda: left(Act) >= BATCH or running.poll() is not None)
    running.kill()
    running.communicate()
    assert running.returncode == -signal.SIGKILL

    done = left(Act)
    assert done < 1_000
    assert done % BATCH == 0
    assert counts_are_true(storage.read())
    emptied = select(func.count()).where(Question.text_sealed.is_(None))
    assert storage.read().scalar(emptied) == done
    storage.read().rollback()

    assert f"{1_000 - done} questions were erased" in purge().stdout
    assert counts_are_true(storage.read())
    assert storage.read().scalar(select(func.count()).filter(Question.state == "ready")) == 100
