"""The page on which an episode is written: its form as it stands, or as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex
from types import MappingProxyType
from uuid import UUID

from flask import Response, make_response, url_for

from webapp.episodes.masthead import masthead
from webapp.episodes.pages import ShowPage
from webapp.moderation.forms import DeskForm
from webapp.moderation.question_page import desk_page
from webapp.staff.pages import acting
from webapp.storage import current_keyring, read
from webapp.studio.moments import moment_in_words
from webapp.studio.preview_page import FRAMING_US
from webapp.studio.rows import FormRow, Pairs, read_rows
from webapp.studio.source.fields import ASKED, HERE, QUESTION
from webapp.studio.source.typed import lines
from webapp.studio.unsaved import Unsaved, find_unsaved, list_others, typed_in
from webapp.studio.writing import Begun, Differs, begin_form
from webapp.studio.writing_choices import Difference, list_differences
from webapp.studio.writing_forms import WriteForm
from webapp.studio.writing_problems import LABELS, Problem
from webapp.studio.writing_queries import (
    Choosable,
    find_last_saved,
    find_letter,
    find_question_id,
    list_choosable,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as it is shown: what is in its fields, and what is wrong with them."""

    pairs: Pairs
    revision: int
    tab: str
    turn: int = 0
    problems: tuple[Problem, ...] = ()
    focus: str = ""
    differences: tuple[Difference, ...] = ()
    seen: str = ""
    choosable: Choosable = field(default_factory=Choosable)

    def get(self, name: str) -> str:
        """Return what is in a field."""
        return next((value for key, value in self.pairs if key == name), "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return all that is chosen under a name."""
        return tuple(value for key, value in self.pairs if key == name)

    def has(self, group: str) -> bool:
        """Return whether the form has a group of fields."""
        return group in self.chosen(HERE)

    def rows(self, name: str) -> tuple[FormRow, ...]:
        """Return the rows of a list, the removed ones too."""
        return read_rows(self.pairs, name)

    def errors(self, name: str) -> tuple[str, ...]:
        """Return what is wrong with a field, by its id."""
        return tuple(words for where, words in self.problems if where == name)

    @property
    def abouts(self) -> tuple[tuple[str, str], ...]:
        """Return what a content note can be about, with its words."""
        parts = [row for row in self.rows("parts") if not row.is_gone and row.get("id")]
        named = [(f"part:{row.get('id')}", f"Part: {row.get('title')}") for row in parts]
        media = ("Video", "Audio", "Text", "Pictures")
        return (("", "Choose"), *((each.lower(), each) for each in media), *named)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a page prints of a question in the mailbag, and that question's id."""

    text: str
    question_id: UUID | None


def show_page(
    episode_id: int,
    *,
    sheet: Sheet | None = None,
    form: DeskForm | None = None,
    status: int = 200,
    notice: str = "",
    focus: str = "",
) -> Response:
    """Return the page with a form as it came; else with unsaved writing, else as it stands."""
    begun, staff = begin_form(read(), current_keyring(), episode_id), acting()
    kept = find_unsaved(read(), episode_id=episode_id, staff_id=staff.id)
    unsaved = _worth_keeping(begun, kept)
    shown = sheet or (_of_unsaved(begun, unsaved) if unsaved else _as_it_stands(begun))
    if kept:
        shown = replace(shown, turn=kept.turn)
    show = masthead()
    response = make_response(
        desk_page(
            "studio/write.html",
            show=show,
            form=form or DeskForm(formdata=None),
            begun=begun,
            letter=_letter(begun),
            sheet=_choosing(shown, focus),
            labels=LABELS,
            notice=notice,
            typed_at=moment_in_words(unsaved.at, show.timezone)
            if unsaved and sheet is None
            else "",
            overtaken=_overtaken(begun, shown, show),
            others=[
                (name, moment_in_words(at, show.timezone))
                for name, at in list_others(read(), episode_id=episode_id, besides=staff.id)
            ],
        ),
        status,
    )
    response.headers["Content-Security-Policy"] = FRAMING_US
    return response


def sheet_of(
    pairs: Pairs,
    form: WriteForm,
    *,
    problems: Sequence[Problem] = (),
    differs: Differs | None = None,
    choices: Mapping[str, str] = MappingProxyType({}),
) -> Sheet:
    """Return a form as it came, with what is wrong with it or what somebody else changed."""
    return Sheet(
        pairs=typed_in(pairs),
        revision=form.revision.data or 0,
        tab=form.named_tab,
        problems=tuple(problems),
        differences=list_differences(differs, choices) if differs else (),
        seen=differs.seen if differs else "",
    )


def write_address(episode_id: int, *, focus: str = "") -> str:
    """Return the address of the page, at the place where somebody goes on."""
    if not focus:
        return url_for("desk.writing.write", episode_id=episode_id)
    return url_for("desk.writing.write", episode_id=episode_id, focus=focus, _anchor=focus)


def _letter(begun: Begun) -> Letter | None:
    """Return the words of a letter that the page prints or will, which are not to be typed."""
    if begun.owns_question:
        return None
    will = find_letter(read(), current_keyring(), begun.episode_id)
    return Letter(
        begun.question_text or (will.text if will else ""),
        find_question_id(read(), begun.episode_id),
    )


def _as_it_stands(begun: Begun) -> Sheet:
    return Sheet(begun.pairs, begun.revision, token_hex(8))


def _of_unsaved(begun: Begun, unsaved: Unsaved) -> Sheet:
    pairs = unsaved.pairs if begun.owns_question else _without_question(unsaved.pairs)
    return Sheet(pairs, unsaved.revision, token_hex(8), unsaved.turn)


def _without_question(pairs: Pairs) -> Pairs:
    return [pair for pair in pairs if pair[0] not in ASKED and pair != (HERE, QUESTION)]


def _worth_keeping(begun: Begun, unsaved: Unsaved | None) -> Unsaved | None:
    """Return unsaved writing, unless it says what the page says: it came behind its own save."""
    if unsaved is None or _said(unsaved.pairs) == _said(begun.pairs):
        return None
    return unsaved


def _said(pairs: Pairs) -> list[tuple[str, str]]:
    """Return what a form says; of empty fields only those that tell of a row."""
    typed = ((name, lines(value).strip("\n")) for name, value in typed_in(pairs))
    return sorted((name, value) for name, value in typed if value or name.endswith("-was"))


def _choosing(sheet: Sheet, focus: str) -> Sheet:
    return replace(sheet, focus=sheet.focus or focus, choosable=list_choosable(read()))


def _overtaken(begun: Begun, sheet: Sheet, show: ShowPage) -> str:
    """Return who has saved the page since the form began, in words; "" if nobody has."""
    if sheet.revision >= begun.revision or sheet.differences:
        return ""
    if (last := find_last_saved(read(), begun.episode_id)) is None:
        return ""
    return f"{last.author} saved this page on {moment_in_words(last.at, show.timezone)}"
