"""An export into a folder: written beside first, and put in place file by file.

A folder with an earlier export, or the bundle that was imported, is brought up to date. Nothing is
removed but what stood here once, byte for byte: whatever else lies there is somebody's own.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.episodes.bundle_files import Stored
from webapp.episodes.front_matter import read, split
from webapp.episodes.models import BundleFile, Episode
from webapp.episodes.problems import BundleRefused
from webapp.episodes.question_block import with_question
from webapp.exceptions import Refused
from webapp.studio.models import Revision
from webapp.studio.revisions import INDEX
from webapp.studio.source.media import sha256_of
from webapp.transfer.bundle import EPISODES, KNOWN, Tell, quietly
from webapp.transfer.exporting import Source, list_folders, read_folder

STAGE = ".{name}.postbag-export-"
NOT_A_BUNDLE = "{folder} has other things in it. Choose an empty folder, or an earlier export."
LEADS_OUT = "{path} leads out of the folder. Nothing was exported."
CHANGED = (
    "{path} was changed in that folder, and its episode is elsewhere now. Import the folder first, "
    "or move that file away. Nothing was exported."
)


def export_to(folder: Path, source: Source, tell: Tell = quietly) -> tuple[int, int, int]:
    """Write the show's bundle into a folder; return how many files are written, same and removed.

    `tell` is told how many folders are done, of all. Raises Refused, and OSError; then the folder
    is as it was.
    """
    folder = folder.resolve()
    if folder.exists() and not _is_ours(folder):
        raise Refused(NOT_A_BUNDLE.format(folder=folder))
    folders = list_folders(source)
    _forget_stages(folder)
    stages = STAGE.format(name=folder.name)
    stage = (folder if folder.exists() else folder.parent) / f"{stages}{uuid4().hex}"
    stage.mkdir(mode=0o700, parents=True)
    try:
        paths, same = _write_beside(folder, stage, source, folders, tell)
        gone = list(_gone(folder, source, paths)) if folder.exists() else []
        written = _put_in_place(folder, stage)
        for path in gone:
            path.unlink()
            _drop_empty(folder, path.parent)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    tell(len(folders), len(folders))
    return written, same, len(gone)


def _write_beside(
    folder: Path, stage: Path, source: Source, folders: Iterable[str], tell: Tell
) -> tuple[set[str], int]:
    """Write into the stage what is not in the folder yet; return all paths, and how many were."""
    paths: set[str] = set()
    same = 0
    folders = list(folders)
    for done, each in enumerate(folders):
        tell(done, len(folders))
        for path, file in read_folder(source, each).items():
            paths.add(path)
            if _is_there(folder, path, file):
                same += 1
                continue
            target = stage / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.is_text:
                target.write_bytes(file.text.encode())
            else:
                shutil.copyfile(source.place(file), target)
    return paths, same


def _is_there(folder: Path, path: str, file: Stored) -> bool:
    """Return whether a file stands in the folder as it is. Raises Refused for a way out of it."""
    place = folder / path
    if not place.resolve().is_relative_to(folder.resolve()):
        raise Refused(LEADS_OUT.format(path=place))
    if not place.is_file() or place.stat().st_size != file.size:
        return False
    return sha256_of(place) == file.sha256


def _put_in_place(folder: Path, stage: Path) -> int:
    files = [path for path in sorted(stage.rglob("*")) if path.is_file()]
    if not folder.exists():
        stage.chmod(0o755)
        stage.rename(folder)
        return len(files)
    for path in files:
        target = folder / path.relative_to(stage)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    return len(files)


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is empty or has a bundle in it."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    return not names or bool(names & KNOWN)


def _gone(folder: Path, source: Source, paths: set[str]) -> Iterator[Path]:
    """Yield the files of the folder that stood here once, and do not any more."""
    with source.sessions() as session:
        slugs = {row.guid: row.slug for row in session.execute(select(Episode.guid, Episode.slug))}
        for place in sorted((folder / EPISODES).glob("*")) if (folder / EPISODES).is_dir() else ():
            index = place / INDEX
            guid = _guid(index)
            known = _known(session, guid)
            moved = slugs.get(guid, place.name) != place.name
            for path in sorted(place.iterdir()) if guid in slugs else ():
                name = path.relative_to(folder).as_posix()
                if name in paths or path.name.startswith(".") or not path.is_file():
                    continue
                if _stood_here(path, known):
                    yield path
                elif moved and path.name == INDEX:
                    raise Refused(CHANGED.format(path=path))


def _known(session: Session, guid: str) -> Mapping[str, set[str]]:
    """Return the hashes that an episode's files ever had here, by their names."""
    known: dict[str, set[str]] = {}
    slug = session.scalar(select(Episode.slug).where(Episode.guid == guid))
    saved = select(Revision.files).join(Episode).where(Episode.guid == guid)
    for files in session.scalars(saved):
        for name, file in files.items():
            known.setdefault(name, set()).add(file["sha256"])
    folder = f"{EPISODES}/{slug}/"
    rows = select(BundleFile.path, BundleFile.sha256, BundleFile.base_sha256)
    for row in session.execute(rows.where(BundleFile.path.startswith(folder, autoescape=True))):
        known.setdefault(row.path.removeprefix(folder), set()).update((row[1], row[2]))
    return known


def _stood_here(path: Path, known: Mapping[str, set[str]]) -> bool:
    """Return whether a file is one that stood here, with or without its letter."""
    hashes = known.get(path.name, set())
    if sha256_of(path) in hashes:
        return True
    if path.name != INDEX:
        return False
    try:
        left = with_question(path.read_bytes().decode(), None)
    except ValueError:
        return False
    return sha256(left.encode()).hexdigest() in hashes


def _guid(index: Path) -> str:
    """Return the guid that an `index.md` names, or an empty text."""
    try:
        source = index.read_bytes().decode()
        split(source)
        return read(source, file=INDEX).guid
    except (OSError, ValueError, BundleRefused):
        return ""


def _drop_empty(folder: Path, place: Path) -> None:
    if place != folder and not any(place.iterdir()):
        place.rmdir()


def _forget_stages(folder: Path) -> None:
    """Remove what a killed export left beside."""
    for place in (folder, folder.parent):
        for stage in place.glob(f"{STAGE.format(name=folder.name)}*"):
            shutil.rmtree(stage, ignore_errors=True)
