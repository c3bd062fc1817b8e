"""The colours of site.css can be told apart: WCAG 2.2, 1.4.3 and 1.4.11."""

import re

import pytest
from ruamel.yaml import YAML

from webapp.settings import package_folder
from webapp.studio.source.colours import contrast
from webapp.web.assets import FOLDER

TEXT, CONTROL, FOCUS = 4.5, 3, 9
GROUNDS = ("bg", "surface")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("text", "muted", "link", "visited") for ground in GROUNDS),
    *((ink, ground, TEXT) for ink in ("error", "warn", "ok") for ground in GROUNDS),
    *(("control", ground, CONTROL) for ground in GROUNDS),
    *(("action", ground, CONTROL) for ground in GROUNDS),
    ("on-action", "action", TEXT),
    ("bg", "error", TEXT),  # the words of a button that erases
    ("bg", "text", TEXT),  # the words of a button under the pointer
    ("on-ticket", "ticket", TEXT),
    ("focus-line", "focus-band", FOCUS),
]
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6})\b")
SITE = FOLDER.joinpath("site.css").read_text(encoding="utf-8")
SHOW = package_folder("seeds") / "show" / "show.yaml"


def block(css: str, opening: str) -> str:
    """Return what stands between the braces after an opening."""
    rest = css[css.index(opening) + len(opening) :].partition("{")[2]
    depth = 1
    for place, character in enumerate(rest):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return rest[:place]
    raise ValueError(f"{opening} is never closed")


def tokens(scheme: str) -> dict[str, str]:
    """Return the colour tokens of a scheme; dark is light with some of them said anew."""
    layer = block(SITE, "@layer tokens {"[:-1])
    light = dict(TOKEN.findall(block(layer, ":root")))
    dark = dict(TOKEN.findall(block(layer, "(prefers-color-scheme: dark)")))
    return light if scheme == "light" else light | dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_tokens_can_be_told_apart(scheme: str, ink: str, ground: str, least: float):
    colours = tokens(scheme)

    assert contrast(colours[ink], colours[ground]) >= least


def test_dark_says_every_colour_anew_but_the_ticket():
    layer = block(SITE, "@layer tokens {"[:-1])
    light = dict(TOKEN.findall(block(layer, ":root")))
    dark = dict(TOKEN.findall(block(layer, "(prefers-color-scheme: dark)")))

    assert {name for name in light if name not in dark} == {"ticket", "on-ticket"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_ring_stands_out_from_every_ground(scheme: str):
    """Whatever it is drawn on, one of its two colours can be seen."""
    colours = tokens(scheme)
    grounds = [colours[name] for name in (*GROUNDS, "ticket", "action", "text")]
    grounds += [season["field"] for season in seasons()]

    for ground in grounds:
        ring = (colours["focus-line"], colours["focus-band"])
        assert max(contrast(colour, ground) for colour in ring) >= CONTROL


@pytest.mark.parametrize("number", [1, 2])
def test_a_season_can_be_read_on_its_own_colour(number: int):
    season = seasons()[number - 1]

    assert contrast(season["ink"], season["field"]) >= TEXT


def seasons() -> list[dict[str, str]]:
    """Return the seasons of the show that is shipped."""
    return YAML(typ="safe").load(SHOW.read_text(encoding="utf-8"))["seasons"]
