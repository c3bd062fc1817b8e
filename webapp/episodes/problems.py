"""What is wrong with the files of a show, gathered so that one look is enough to put it right."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.exceptions import Refused


@dataclass(frozen=True, slots=True)
class BundleProblem:
    """One mistake: in which file, on which line, at which key, and what was expected there.

    `file` is a path within the bundle; `line` counts from 1 and is 0 where no line is to blame;
    `key` is a path of names and numbers from 1 (`resources.2.checked`), or empty.
    """

    file: str
    line: int
    key: str
    expected: str

    def __str__(self) -> str:
        """Return the problem as one line for a person."""
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.expected}" if self.key else f"{place}: {self.expected}"


class BundleRefused(Refused):
    """Files are wrong, and nothing of them is taken; `problems` has every mistake found."""

    def __init__(self, problems: Iterable[BundleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
