"""How far long work has come, as it is shown."""

import sys

import pytest

from webapp.operations.progress import showing


def test_progress_is_a_bar_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    with showing("Sealed again") as tell:
        tell(100, 200)
        tell(200, 200)

    shown = capsys.readouterr().out
    assert "100/200" in shown
    assert shown.splitlines()[-1].count("#") == 36


def test_progress_is_a_line_for_each_tenth_elsewhere(capsys: pytest.CaptureFixture[str]):
    with showing("Sealed again") as tell:
        for done in range(1, 2_001):
            tell(done, 2_000)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Sealed again: 200 of 2,000"
    assert lines[-1] == "Sealed again: 2,000 of 2,000"
    assert len(lines) == 10
