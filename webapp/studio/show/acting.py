"""What a button of a form on the show does, before anything is saved: one of its rows, or a look.

The same for every form, whatever it is on.
"""

from dataclasses import replace

from flask import Response, request

from webapp.studio.rows import press
from webapp.studio.show.filling import taken_over
from webapp.studio.show.forms import ShowForm
from webapp.studio.show.pages import Opened, clashing_of, sheet_page
from webapp.studio.show.previewing import preview_page

SAVE, EDIT, TAKE, PREVIEW = "save", "edit", "take", "preview"


def answer_button(
    opened: Opened, form: ShowForm, do: str, *, stands: Opened, now: str
) -> Response | None:
    """Return the page after a button that saves nothing; None for the one that saves.

    `stands` is the form as its file stands, `now` that file's text.
    """
    act, _, about = do.partition(":")
    if act == PREVIEW:
        return preview_page(opened, form, which=about, now=now)
    if act == TAKE:
        taken = taken_over(opened.sheet, opened.pairs, stands.pairs, about)
        opened = replace(opened, pairs=taken, focus=about)
    elif act != EDIT:
        pressed = press(opened.pairs, do)
        if pressed is None:
            return None
        opened = replace(opened, pairs=pressed.pairs, focus=pressed.focus)
    names = request.form.getlist("clash")
    clashes = clashing_of(opened.sheet, names, now=stands.pairs, typed=opened.pairs)
    return sheet_page(replace(opened, clashes=clashes), form)
