"""Writing an episode in the browser: what its form begins with, and what becomes of it.

A form says what somebody changed since a revision. What somebody else has saved meanwhile stays:
the two are brought together field by field, and where both changed one, somebody says which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Files, list_files, text_file
from webapp.episodes.models import Episode
from webapp.exceptions import Conflict, NotFound
from webapp.storage import read
from webapp.storage.history import Actor
from webapp.storage.sealing import Keyring
from webapp.studio.printing import find_asked
from webapp.studio.revisions import fingerprint_of, folder_of, get_revision, prints_letter
from webapp.studio.rows import Pairs
from webapp.studio.saving import change_files, get_row
from webapp.studio.source import merging
from webapp.studio.source.chapter_fields import CHAPTERS
from webapp.studio.source.field_writing import write_fields
from webapp.studio.source.fields import INDEX, chapters_of, read_fields, texts_of
from webapp.studio.source.merging import merge, merge_texts
from webapp.studio.source.pieces import put_together, take_apart, values_of, with_value
from webapp.studio.source.typed import FieldsRefused
from webapp.studio.states import was_ever_out
from webapp.writing import WritingRefused

BOTH_CHANGED = "Somebody has saved this page meanwhile, and changed what you have changed."
MINE = {"*": merging.THERE}
ALIASES = "aliases"

Choices = Mapping[str, str]


class Differs(Conflict):
    """Fields that were changed here and by somebody else; `seen` is what theirs stood like."""

    def __init__(self, conflicts: tuple[merging.Conflict, ...], seen: str) -> None:
        self.conflicts = conflicts
        self.seen = seen
        super().__init__(BOTH_CHANGED)


@dataclass(frozen=True, slots=True)
class Begun:
    """What a form begins with.

    `owns_question` is whether the question is the editor's to write; `question_text` is what the
    page prints of it now.
    """

    episode_id: int
    slug: str
    title: str
    revision: int
    was_out: bool
    owns_question: bool
    question_text: str
    pairs: Pairs


def begin_form(session: Session, keyring: Keyring, episode_id: int) -> Begun:
    """Return the form of an episode as it stands. Raises NotFound."""
    row = get_row(session, episode_id)
    files = list_files(session, folder=folder_of(row.slug))
    owns = owns_question(session, keyring, row)
    return Begun(
        episode_id=row.id,
        slug=row.slug,
        title=row.title,
        revision=row.revision,
        was_out=was_ever_out(session, row),
        owns_question=owns,
        question_text=row.question_text,
        pairs=tuple(read_fields(files, with_question=owns)),
    )


def owns_question(session: Session, keyring: Keyring, row: Episode) -> bool:
    """Return whether the question of an episode is its editors' own, and no letter's."""
    return find_asked(session, row.id) is None and not prints_letter(session, keyring, row)


def save_written(
    *, episode_id: int, pairs: Pairs, revision: int, actor: Actor, choices: Choices, seen: str
) -> int | None:
    """Save what came in a form that began with a revision; return the new one, None if unchanged.

    `choices` say, by field, what to take where both sides changed it; they hold while the files
    stand as they were `seen`. Raises FieldsRefused, BundleRefused, Differs, NotFound and Conflict.
    """

    def change(files: Files) -> Files:
        stands = fingerprint_of(files)
        return _brought_together(
            get_row(read(), episode_id),
            files,
            pairs=pairs,
            revision=revision,
            choices=choices if stands == seen else {},
        )

    return change_files(change, episode_id=episode_id, actor=actor)


def files_of_unsaved(session: Session, episode_id: int, *, pairs: Pairs, revision: int) -> Files:
    """Return the files that unsaved writing would make, with its own where both sides changed.

    Raises FieldsRefused and NotFound.
    """
    row = get_row(session, episode_id)
    files = list_files(session, folder=folder_of(row.slug))
    return _brought_together(row, files, pairs=pairs, revision=revision, choices=MINE)


def _brought_together(
    row: Episode, files: Files, *, pairs: Pairs, revision: int, choices: Choices
) -> Files:
    """Return the files as they stand with what a form changed since its revision."""
    base = _began_with(row, files, revision)
    theirs = write_fields(base, pairs)
    try:
        index, chapters, conflicts = _merged(base, files, theirs, choices)
        text = _with_old_address(index, row)
    except WritingRefused as refused:
        raise FieldsRefused([("f-short", str(refused))]) from refused
    if conflicts:  # all of them are asked again, so that what was chosen can be chosen otherwise
        raise Differs(_merged(base, files, theirs, {})[2], fingerprint_of(files))
    made = {**files, INDEX: text_file(text), CHAPTERS: text_file(chapters)}
    return {name: file for name, file in made.items() if name != CHAPTERS or chapters}


def _merged(
    base: Files, files: Files, theirs: Files, choices: Choices
) -> tuple[str, str, tuple[merging.Conflict, ...]]:
    """Return the texts of index.md and chapters.json, and the conflicts in them."""
    index = merge(base[INDEX].text, files[INDEX].text, theirs[INDEX].text, choices=choices)
    chosen = {merging.TEXT: choices.get(CHAPTERS, choices.get("*", ""))}
    texts = (chapters_of(each) for each in (base, files, theirs))
    chapters = merge_texts(*texts, choices=chosen)
    conflicts = tuple(replace(each, field=CHAPTERS) for each in chapters.conflicts)
    return index.text, chapters.text, index.conflicts + conflicts


def _began_with(row: Episode, files: Files, revision: int) -> Files:
    """Return the files that a form began with; as they stand, where there is no such revision."""
    try:
        return get_revision(read(), row.id, revision)
    except NotFound:
        if revision == row.revision:
            return files  # older than all revisions
        raise


def _with_old_address(text: str, row: Episode) -> str:
    """Return an episode's text that leads on from the address at which it was out, if that goes."""
    pieces = take_apart(text)
    values = values_of(pieces)
    old, slug = f"/episodes/{row.slug}", str(values.get("slug") or row.slug)
    kept = [path for path in texts_of(values.get(ALIASES)) if path != f"/episodes/{slug}"]
    if slug == row.slug or not was_ever_out(read(), row):
        return text
    wanted = kept if old in kept else [*kept, old]
    return put_together(with_value(pieces, ALIASES, wanted, before="question"))
