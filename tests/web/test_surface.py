"""Half a site: only the public pages, or only the desk."""

from pathlib import Path

import pytest

from webapp.operations.instance import make_instance
from webapp.settings import Settings


@pytest.mark.parametrize(
    ("surface", "there", "not_there"),
    [
        ("public", "/my-question", "/desk/sign-in"),
        ("desk", "/desk/sign-in", "/my-question"),
    ],
)
def test_surface_serves_its_half_alone(tmp_path: Path, surface: str, there: str, not_there: str):
    settings = Settings.load(instance=tmp_path, surface=surface)
    client = make_instance(settings).test_client()

    assert client.get(not_there).status_code == 404
    assert client.get(there).status_code == 200
