"""The wheel, built once, and a `postbag` command that is installed from it."""

import shutil
from pathlib import Path

import pytest

from tests.deploy.containerfile import copied
from tests.deploy.installed import ROOT, build_wheel, install


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What deploy/Containerfile copies into its first stage, and nothing else of the checkout."""
    folder = tmp_path_factory.mktemp("sources")
    for source, place in copied():
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / source, folder / place, ignore=ignored)
        else:
            shutil.copy(ROOT / source, folder / place)
    return folder


@pytest.fixture(scope="session")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(sources, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("installed"), "scale")
