"""Whether the keys are there, whole, and read by nobody else."""

import stat
from collections.abc import Iterator
from pathlib import Path

from webapp.operations.examining.findings import Finding
from webapp.settings import Settings
from webapp.storage.sealing import (
    PURPOSES,
    KeyMissing,
    Keyring,
    brought_names,
    read_key,
    sealing_ids,
)

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def whole_keys(folder: Path) -> Keyring:
    """Return the keys that can be read, where some or all may be missing or damaged."""
    try:
        ids = sealing_ids(folder)
    except OSError:
        return Keyring({}, {})
    sealing = {key_id: key for key_id in ids if (key := _whole(folder, f"seal-{key_id}"))}
    purposes = {name: key for name in PURPOSES if (key := _whole(folder, name))}
    return Keyring(sealing, purposes)


def examine_keys(settings: Settings) -> Iterator[Finding]:
    """Find what is wrong with the folder of keys. Raises OSError when it cannot be looked into."""
    folder = settings.keys_path
    if not folder.is_dir():
        yield Finding(
            f"There is no folder of keys at {folder}. Put it back from where you keep it; "
            "a new instance gets one from `postbag init`."
        )
        return
    yield from _missing_or_damaged(folder)
    yield from _open_to_others(folder)
    if folder.is_relative_to(settings.instance_path):
        yield Finding(
            f"The keys lie inside the instance, in {folder}. A backup of the whole instance takes "
            "them along, and whoever gets hold of it can read every question. Leave them out of "
            "backups, or move them and say where with POSTBAG_KEYS.",
            is_advice=True,
        )


def _missing_or_damaged(folder: Path) -> Iterator[Finding]:
    ids = sorted(sealing_ids(folder))
    if not ids:
        yield Finding(f"There is no sealing key in {folder}. Put back all that there were.")
    for name in (*(f"seal-{key_id}" for key_id in ids), *PURPOSES, *brought_names(folder)):
        try:
            read_key(folder, name)
        except KeyMissing as error:
            yield Finding(str(error))


def _open_to_others(folder: Path) -> Iterator[Finding]:
    if folder.stat().st_mode & OTHERS:
        yield Finding(
            f"Others on this machine can look into {folder}. Close it: `chmod 700 {folder}`."
        )
    for path in sorted(folder.glob("*.key")):
        if path.stat().st_mode & OTHERS:
            yield Finding(f"Others on this machine can read {path}. Close it: `chmod 600 {path}`.")


def _whole(folder: Path, name: str) -> bytes | None:
    try:
        return read_key(folder, name)
    except KeyMissing:
        return None
