"""Files under names that change with their bytes."""

import gzip
from pathlib import Path

import pytest

from webapp.web.assets import FOLDER, Assets


def test_a_url_changes_with_the_bytes(tmp_path: Path):
    (tmp_path / "site.css").write_text("a")
    first = Assets(tmp_path).url("site.css")
    (tmp_path / "site.css").write_text("b")

    assert first.startswith("/static/site.")
    assert first.endswith(".css")
    assert Assets(tmp_path).url("site.css") != first


def test_a_file_that_is_not_there_is_an_error_at_once(tmp_path: Path):
    with pytest.raises(KeyError):
        Assets(tmp_path).url("nowhere.css")


@pytest.mark.parametrize(
    ("names", "budget"),
    [(["site.css"], 8_000), (["desk.css"], 3_000), (["site.js"], 4_000), (["desk.js"], 6_000)],
)
def test_files_stay_within_their_budget(names: list[str], budget: int):
    assert sum(len(gzip.compress((FOLDER / name).read_bytes())) for name in names) <= budget


def test_fonts_stay_within_their_budget():
    assert sum(font.stat().st_size for font in FOLDER.rglob("*.woff2")) <= 75_000
