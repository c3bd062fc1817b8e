"""The forms of clusters."""

from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField

from webapp.moderation.clusters import Seen
from webapp.moderation.forms import DeskForm, VersionForm

NO_OTHER = "Choose at least one other question."
NO_LEAD = "Choose which one leads."
LOST = "The page did not say which questions it showed. Open it again."


class MergeForm(DeskForm):
    """Which questions go into which lead; `seen` has a pair of id and version for each shown."""

    seen = SelectMultipleField(validate_choice=False)
    pick = SelectMultipleField(validate_choice=False)
    lead = StringField()
    with_theirs = BooleanField()
    q = HiddenField()

    def choose(self, question_id: UUID) -> tuple[Seen, tuple[Seen, ...]] | None:
        """Return the lead and what goes into it, the question of the page among them.

        None, with what is to be mended said at a field, where that is not clear.
        """
        versions = self.versions()
        lead = _uuid(self.lead.data or "")
        picked = {each for each in map(_uuid, self.pick.data or ()) if each is not None}
        chosen = {question_id, *picked, *({lead} if lead else ())}
        if len(chosen) < 2:
            self.pick.errors = (NO_OTHER,)
        if lead is None:
            self.lead.errors = (NO_LEAD,)
        elif not chosen <= versions.keys():
            self.pick.errors = (LOST,)
        if lead is None or self.pick.errors or self.lead.errors:
            return None
        members = sorted(chosen - {lead})
        return Seen(lead, versions[lead]), tuple(Seen(each, versions[each]) for each in members)

    def versions(self) -> dict[UUID, int]:
        """Return the versions of the questions that the page showed."""
        found = {}
        for pair in self.seen.data or ():
            name, _, version = pair.partition("~")
            question_id = _uuid(name)
            if question_id is not None and version.isdecimal() and len(version) < 10:
                found[question_id] = int(version)
        return found


class MemberForm(VersionForm):
    """One question of a cluster, as it stood at `version`."""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
