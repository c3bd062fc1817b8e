"""The settings that are figures: how much somebody may send, and how long it is kept."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Limits(BaseSettings):
    """How much, how often and for how long."""

    limit_reviews: int = Field(
        default=30,
        ge=1,
        description="Texts that one network may have checked in an hour before the slow lane.",
    )
    limit_sends: int = Field(
        default=5,
        ge=1,
        description="Questions that one network may send in an hour before the slow lane.",
    )
    limit_receipts: int = Field(
        default=10,
        ge=1,
        description="Receipts that one network may try in ten minutes before the slow lane.",
    )
    limit_site_slow: int = Field(
        default=60,
        ge=1,
        description="Questions in an hour, of all networks, above which everybody takes the slow "
        "lane.",
    )
    limit_site_quarantine: int = Field(
        default=300,
        ge=1,
        description="Questions in an hour, of all networks, above which they wait in quarantine.",
    )
    keep_undecided: int = Field(
        default=90, ge=1, le=90, description="Days that a question is kept undecided."
    )
    keep_chosen: int = Field(
        default=365,
        ge=1,
        le=365,
        description="Days that a question is kept, from its arrival, once chosen for a recording.",
    )
    keep_declined: int = Field(
        default=7, ge=1, le=7, description="Days that the text of a declined question is kept."
    )
    keep_answered: int = Field(
        default=30, ge=1, le=30, description="Days that the text of an answered question is kept."
    )
    undo_seconds: int = Field(
        default=30,
        ge=0,
        le=600,
        description="Seconds for which an asker does not see yet what staff did, so that it can "
        "be undone unseen.",
    )
