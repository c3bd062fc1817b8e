"""The figures of the mailbag, drawn and in tables."""

from dataclasses import dataclass

from flask import Blueprint

from webapp import clock
from webapp.moderation.question_page import desk_page
from webapp.moderation.statistics import plots
from webapp.moderation.statistics.figures import KINDS
from webapp.moderation.statistics.queries import get_statistics
from webapp.storage import current_settings, read

NAMES = {"arrived": "Arrived", "answered": "Answered", "declined": "Declined"}

bp = Blueprint("statistics", __name__, url_prefix="/statistics")


@dataclass(frozen=True, slots=True)
class WeeklyPlot:
    """One figure of all weeks: its name, its sum, and its bars."""

    key: str
    name: str
    total: int
    columns: plots.Columns


@bp.get("")
def statistics() -> str:
    """Show what came, what became of it, what waits, and for how long."""
    told = get_statistics(read(), today=clock.today())
    values = {kind: [getattr(week, kind) for week in told.weeks] for kind in KINDS}
    most = max(max(counts) for counts in values.values())
    weekly = tuple(
        WeeklyPlot(kind, NAMES[kind], sum(values[kind]), plots.columns(values[kind], most))
        for kind in KINDS
    )
    return desk_page(
        "moderation/statistics/statistics.html",
        told=told,
        weekly=weekly,
        most=most,
        length=plots.length,
        answered_days=current_settings().keep_answered,
    )
