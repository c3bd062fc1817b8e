"""What the check page says of a text before it is sent. None of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from webapp import clock
from webapp.episodes.pages import EpisodeLink, HelpCountryPage
from webapp.episodes.queries import find_link, find_published_id, list_help
from webapp.episodes.searching import Alike, find_alike
from webapp.questions import queries, receipts, retention, tokens
from webapp.questions.care import CareGroup, find_care, help_for
from webapp.questions.forms import LONGEST, SendForm, normalise
from webapp.questions.gate import OPEN, Gate, challenge_of
from webapp.questions.giveaways import (
    Giveaway,
    Piece,
    find_giveaways,
    find_marked,
    pieces,
    reword,
    reword_all,
)
from webapp.questions.slow_lane import Challenge
from webapp.storage import current_keyring, current_settings, read

ALL = "all"
MOST_READ = 20_000  # characters in which words of danger are looked for

GONE = (
    "The episode that you came from is not here any more, so your question goes to the show "
    "itself, and the six words are new."
)
SPENT = (
    "A question has been sent with those six words already, so this text has new ones. "
    "The first question stands."
)


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A text with all that is said of it, and what its form needs to be sent."""

    words: tuple[str, ...]
    kept_until: date
    gate: Gate
    challenge: Challenge | None
    giveaways: tuple[Giveaway, ...] = ()
    pieces: tuple[Piece, ...] = ()
    about: EpisodeLink | None = None
    help: HelpCountryPage | None = None
    alike: tuple[Alike, ...] = ()


def checked(form: SendForm, *, gate: Gate, language: str) -> CheckPage:
    """Return the check page of a form, which gets a token for the words that it shows."""
    text, slug = form.question.data, form.about.data or ""
    page = held_up(form, gate=gate, language=language)
    if len(text) > LONGEST:  # nothing can be sent of it yet, so there is nothing more to say
        return page
    found = find_giveaways(text, country=_country())
    return replace(
        page,
        giveaways=found,
        pieces=pieces(text, found),
        alike=find_alike(read(), text, besides=slug),
    )


def held_up(form: SendForm, *, gate: Gate, language: str) -> CheckPage:
    """Return the check page for somebody who asks too often: all but what takes work to find."""
    return replace(
        bare(form, gate=gate),
        about=find_about(form.about.data),
        help=help_with(form.question.data, language),
    )


def bare(form: SendForm, *, gate: Gate = OPEN) -> CheckPage:
    """Return the check page as it needs no database, and nothing that could break."""
    keyring = current_keyring()
    token = form.spendable or tokens.fresh(form.about.data or "")
    form.token.current_token = tokens.sign(keyring, token)
    return CheckPage(
        words=receipts.words_for(keyring, token.nonce),
        kept_until=retention.undecided_until(current_settings(), clock.today()),
        gate=gate,
        challenge=challenge_of(gate),
    )


def reworded(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was typed with the giveaway replaced whose button was pressed, if any was."""
    mark, text = typed.get("reword"), normalise(typed.get("question"))
    if mark is None or len(text) > LONGEST:
        return typed
    country = _country()
    if mark == ALL:
        return changed(typed, reword_all(text, find_giveaways(text, country=country)))
    giveaway = find_marked(text, mark, country=country)
    return changed(typed, reword(text, giveaway)) if giveaway else typed


def renewal(form: SendForm) -> str:
    """Drop the form's token if its words can be used no more, and return why, in words."""
    if form.about.data and find_about(form.about.data) is None:
        form.about.data = ""
        form.spendable = None
        return GONE
    if form.spendable and is_spent(form.spendable.nonce):
        form.spendable = None
        return SPENT
    return ""


def find_about(slug: str | None) -> EpisodeLink | None:
    """Return the published episode that a question is about, or None."""
    return find_link(read(), find_published_id(read(), slug)) if slug else None


def help_with(text: str, language: str) -> HelpCountryPage | None:
    """Return who helps now with what a text speaks of, or None if it speaks of nothing such."""
    return help_against(find_care(text[:MOST_READ], language=language))


def help_against(groups: Sequence[CareGroup]) -> HelpCountryPage | None:
    """Return who helps now with what was found in a text, or None if nothing was."""
    return help_for(groups, _countries()) if groups else None


def _countries() -> tuple[HelpCountryPage, ...]:
    return list_help(read(), first=current_settings().help_country)


def _country() -> str:
    """Return the country whose telephone numbers need no prefix: the one whose help comes first."""
    return next((country.code for country in _countries()), "")


def is_spent(nonce: bytes) -> bool:
    """Return whether a question has been sent with a nonce already."""
    return queries.is_spent(read(), receipts.nonce_hash(current_keyring(), nonce))


def changed(typed: MultiDict[str, str], question: str) -> MultiDict[str, str]:
    """Return what was typed with another question."""
    return MultiDict(
        [*(pair for pair in typed.items() if pair[0] != "question"), ("question", question)]
    )
