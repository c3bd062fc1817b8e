"""What an import does, as people read it before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from webapp.exceptions import Refused
from webapp.studio.source.merging import HERE, THERE
from webapp.transfer.comparing import Clash

Keep = Mapping[str, Mapping[str, str]]  # HERE or THERE by file and field; "*" is every other
SIDES = (HERE, THERE)
SHOWN = 400  # characters of a side of a conflict, on a terminal

HOW_TO_KEEP = (
    "Nothing was changed. Say which is to stay, for each or for all:\n"
    "  --keep here:FILE:FIELD   --keep there:FILE   --keep here"
)
NOT_IN_CONFLICT = "{named} is in no conflict. `postbag import --dry-run` names those that are."
NO_SIDE = "{text} is neither here nor there: write --keep here, or --keep there:FILE:FIELD."


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import does, by the paths of files and folders in the bundle.

    `changed` was changed in the bundle alone, `here` on this site alone, `merged` on both sides,
    and needs nobody to choose. `left_out` has what is not taken, each with why; `redirects` old
    addresses that lead on, each with the new one; `conflicts` each with its file.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[tuple[str, Clash], ...] = ()

    @property
    def does_nothing(self) -> bool:
        """Return whether nothing of what this site shows would change."""
        return not (self.new or self.changed or self.merged)

    def lines(self) -> Iterator[str]:
        """Yield the plan as people read it."""
        named = (("new", self.new), ("changed", self.changed), ("merged", self.merged))
        for word, names in (*named, ("changed only here, stays", self.here)):
            yield from (f"{word}: {name}" for name in names)
        yield from (f"left out: {name}: {why}" for name, why in self.left_out)
        yield from (f"leads on: {old} to {new}" for old, new in self.redirects)
        yield from (f"conflict: {file}: {clash.field}" for file, clash in self.conflicts)
        more = {
            "merged": self.merged,
            "changed only here": self.here,
            "left out": self.left_out,
            "in conflict": self.conflicts,
        }
        said = [f"{len(self.new)} new", f"{len(self.changed)} changed"]
        said += [f"{len(self.unchanged)} unchanged"]
        yield ", ".join(said + [f"{len(what)} {word}" for word, what in more.items() if what])

    @property
    def writes(self) -> frozenset[str]:
        """Return the names of what it changes here without being asked."""
        return frozenset((*self.new, *self.changed, *self.merged))

    def kept(self) -> dict[str, Any]:
        """Return the plan as JSON keeps it."""
        return asdict(self)

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> "Plan":
        """Return a plan that JSON has kept."""
        names = ("new", "changed", "unchanged", "merged", "here")
        return cls(
            **{name: tuple(kept[name]) for name in names},
            left_out=tuple((name, why) for name, why in kept["left_out"]),
            redirects=tuple((old, new) for old, new in kept["redirects"]),
            conflicts=tuple((file, Clash(**clash)) for file, clash in kept["conflicts"]),
        )


class Clashing(Refused):
    """Both sides changed the same; the plan has what, and nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("\n".join([*_shown(plan), HOW_TO_KEEP]))


def read_keep(texts: tuple[str, ...]) -> Keep:
    """Return what `--keep` says. Raises Refused for what names no side.

    `here` is everything, `here:FILE` a file, `here:FILE:FIELD` a field of it.
    """
    keep: dict[str, dict[str, str]] = {}
    for text in texts:
        side, _, rest = text.partition(":")
        if side not in SIDES:
            raise Refused(NO_SIDE.format(text=text))
        file, _, field = rest.partition(":")
        keep.setdefault(file or "*", {})[field or "*"] = side
    return keep


def choose_named(keep: Keep, plan: Plan) -> Keep:
    """Return what `--keep` says. Raises Refused where it names what is in no conflict."""
    conflicts = {file: {each.field for name, each in plan.conflicts if name == file} | {"*"}
                 for file, _clash in plan.conflicts}  # fmt: skip
    conflicts["*"] = {"*"}
    for file, fields in keep.items():
        for field in fields:
            if field not in conflicts.get(file, ()):
                named = file if field == "*" else f"{file}:{field}"
                raise Refused(NOT_IN_CONFLICT.format(named=named))
    return keep


def choices_for(keep: Keep, file: str) -> Mapping[str, str]:
    """Return by field what is kept of a file."""
    return {**keep.get("*", {}), **keep.get(file, {})}


def _shown(plan: Plan) -> Iterator[str]:
    for file, clash in plan.conflicts:
        yield f"{file}: {clash.field}: changed here and in the bundle"
        sides = (("before", clash.before), ("here", clash.here), ("there", clash.there))
        yield from (
            f"  {name}: {_clipped(text)}" for name, text in sides if text or name != "before"
        )


def _clipped(text: str) -> str:
    lines = text.strip("\n").replace("\n", "\n    ")
    return (lines[:SHOWN] + " …" if len(lines) > SHOWN else lines) or "(nothing)"
