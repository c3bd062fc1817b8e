"""What a bundle brings is refused by file and line, or shown by every page that shows it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import hostile
from tests.fuzz.hostile_values import JSON_VALUES, TEXT, bent, in_utf8, is_text
from tests.fuzz.profile import examples
from tests.fuzz.site import FuzzedSite, is_in_order
from tests.fuzz.test_texts import MARKS, VTT
from webapp.episodes.problems import BundleRefused
from webapp.exceptions import Conflict
from webapp.transfer.importing import import_bundle

SLUG = "brought"
PAGES = (
    *(f"/episodes/{SLUG}", f"/episodes/{SLUG}/embed", f"/episodes/{SLUG}/transcript.srt", "/"),
    *(f"/episodes/{SLUG}/transcript.txt", f"/episodes/{SLUG}/chapters.json", "/episodes"),
    *("/feeds/podcast.xml", "/feeds/episodes.atom", "/feeds/episodes.json", "/sitemap.xml"),
    *("/search?q=evil", "/people/someone", "/topics/topic", "/desk/episodes"),
)
KEYS = sorted(set(hostile.front_matter("a")) - {"slug", "guid", "date", "draft"})
BODIES = bent([in_utf8(hostile.body())], MARKS).map(lambda data: data.decode("utf-8", "replace"))
SPOKEN = bent([in_utf8(hostile.captions())], VTT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of one episode."""
    show = hostile.write_show(tmp_path_factory.mktemp("brought") / "show")
    hostile.write_episode(show, hostile.front_matter(SLUG))
    return show


@examples(3)
@given(
    st.dictionaries(st.sampled_from(KEYS), JSON_VALUES | TEXT.filter(is_text), max_size=1),
    BODIES,
    SPOKEN,
)
def test_what_is_brought_is_shown_or_refused(
    fuzzed: FuzzedSite, folder: Path, changes: dict[str, object], text: str, spoken: bytes
):
    place = folder / "episodes" / SLUG
    head = hostile.headed(hostile.front_matter(SLUG, **changes), text)
    (place / "index.md").write_bytes(in_utf8(head))
    (place / "transcript.en.vtt").write_bytes(spoken)

    with fuzzed.app.app_context():
        try:
            import_bundle(folder)
        except (BundleRefused, Conflict) as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right

    for page in PAGES:
        assert is_in_order(fuzzed.ask("GET", page)), page
