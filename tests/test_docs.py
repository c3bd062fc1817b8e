"""What the documents say of the code is true."""

import re
from pathlib import Path

import pytest

from webapp.cli import main
from webapp.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
PATH = re.compile(r"`((?:tests|webapp|deploy|docs|seeds|templates)/[\w./-]*)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_only_files_and_commands_that_there_are(document: Path):
    text = document.read_text(encoding="utf-8")

    for name in PATH.findall(text):
        assert (ROOT / name).exists(), name
    for command in re.findall(r"`postbag ([\w-]+)", text):
        assert command in main.commands
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (document.parent / link).exists(), link


def test_every_setting_is_documented_and_no_other():
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    documented = set(re.findall(rf"^\| `{PREFIX}(\w+)`", text, re.MULTILINE))

    assert documented == {name.upper() for name in Settings.model_fields}


def test_make_lists_every_target():
    source = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"^\.PHONY: (.*)$", source, re.MULTILINE)[1].split())

    assert set(re.findall(r"^([a-z]+):.*##", source, re.MULTILINE)) == phony
