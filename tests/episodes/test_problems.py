"""A problem reads as one line that says where to look."""

from webapp.episodes.problems import BundleProblem, BundleRefused
from webapp.exceptions import Refused


def test_a_problem_reads_as_one_line():
    problem = BundleProblem("show.yaml", 3, "seasons.1.ink", "expected a colour")
    assert str(problem) == "show.yaml, line 3: seasons.1.ink: expected a colour"
    assert str(BundleProblem("poster.jpg", 0, "", "expected a file")) == (
        "poster.jpg: expected a file"
    )


def test_a_refusal_has_all_problems_one_below_the_other():
    refused = BundleRefused([BundleProblem("a", 1, "", "x"), BundleProblem("b", 2, "k", "y")])
    assert str(refused) == "a, line 1: x\nb, line 2: k: y"
    assert len(refused.problems) == 2
    assert isinstance(refused, Refused)
