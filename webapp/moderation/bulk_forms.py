"""The form for many questions at once: which ones, and what to do with them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from webapp import clock
from webapp.moderation.bulk import MOST, Change, Pick
from webapp.moderation.forms import LONGEST_KIND_WORD, DeskForm
from webapp.moderation.labels import LONGEST as LONGEST_LABEL
from webapp.moderation.labels import Tag
from webapp.moderation.workflow import LATER_THAN_TODAY
from webapp.questions.forms import normalise

# What can be done with many, and how a sentence says it.
KINDS = {
    "shortlist": "shortlist them",
    "new": "put them back to new",
    "spam": "mark them as spam",
    "decline": "decline them",
    "snooze": "snooze them",
    "topic": "put them under a topic",
    "label": "put a label on them",
}
CHOOSE_KIND = "Choose what to do with them."
CHOOSE_SOME = "Choose the questions first: each has a box."
CHOOSE_LESS = f"Choose {MOST} at most."
CHOOSE_REASON = "Choose a reason: the askers will read it."
CHOOSE_DAY = "Choose the day on which they come back."
CHOOSE_TOPIC = "Choose a topic."
NAME_LABEL = "Write the label."
ONE_LABEL = "One label at a time: leave the comma out."
SHORTER_LABEL = f"Keep the label to {LONGEST_LABEL} characters."
SHORTER_WORD = f"Keep it to {LONGEST_KIND_WORD:,} characters."

_PICK = re.compile(r"([0-9a-f-]{32,36})~([0-9]{1,9})")


class ManyForm(DeskForm):
    """One change to many questions, each as it stood when the page was made."""

    decision = StringField(validators=[InputRequired(CHOOSE_KIND)])
    reason = SelectField("Reason", validate_choice=False)
    kind_word = TextAreaField("A kind word", filters=[normalise])
    until = DateField("Until", validators=[Optional()])
    topic = SelectField("Topic", validate_choice=False)
    label = StringField("Label")
    picks: Sequence[Pick] = ()

    def validate_decision(self, field: StringField) -> None:
        """Refuse what cannot be done with many, and to do it with none or with too many."""
        if field.data not in KINDS:
            raise ValidationError(CHOOSE_KIND)
        if not self.picks:
            raise ValidationError(CHOOSE_SOME)
        if len(self.picks) > MOST:
            raise ValidationError(CHOOSE_LESS)

    def validate_reason(self, field: SelectField) -> None:
        """Ask for a reason when declining: the askers will read it."""
        if self.decision.data == "decline" and not _is_offered(field):
            raise ValidationError(CHOOSE_REASON)

    def validate_kind_word(self, field: TextAreaField) -> None:
        """Keep a kind word short."""
        if self.decision.data == "decline" and len(field.data or "") > LONGEST_KIND_WORD:
            raise ValidationError(SHORTER_WORD)

    def validate_topic(self, field: SelectField) -> None:
        """Ask for the topic."""
        if self.decision.data == "topic" and not _is_offered(field):
            raise ValidationError(CHOOSE_TOPIC)

    def validate_label(self, field: StringField) -> None:
        """Ask for one label."""
        label = (field.data or "").strip()
        if self.decision.data != "label":
            return
        if not label:
            raise ValidationError(NAME_LABEL)
        if "," in label:
            raise ValidationError(ONE_LABEL)
        if len(label) > LONGEST_LABEL:
            raise ValidationError(SHORTER_LABEL)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form can be carried out; a day is asked for only for a snooze."""
        valid: bool = super().validate(extra_validators)
        if self.decision.data != "snooze":
            self.until.errors = ()
            return not self.errors
        if self.until.errors or self.until.data is None:
            self.until.errors = (CHOOSE_DAY,)
            return False
        if self.until.data <= clock.today():
            self.until.errors = (LATER_THAN_TODAY,)
            return False
        return valid

    @property
    def change(self) -> Change:
        """Return the change that is asked for, of a form that is valid."""
        return Change(
            kind=self.decision.data,
            reason=self.reason.data or "",
            kind_word=self.kind_word.data or "",
            until=self.until.data,
            topic=self.topic.data or "",
            label=(self.label.data or "").strip(),
        )


def many_form(
    formdata: Any = None, *, reasons: Iterable[tuple[str, str]], topics: Iterable[Tag]
) -> ManyForm:
    """Return the form for many questions, with the reasons and topics that there are."""
    form = ManyForm(formdata)
    form.reason.choices = [("", "Choose a reason"), *reasons]
    form.topic.choices = [("", "Choose a topic"), *((one.key, one.name) for one in topics)]
    form.picks = read_picks(formdata.getlist("pick")) if formdata else ()
    return form


def read_picks(values: Iterable[str]) -> Sequence[Pick]:
    """Return the questions that boxes stand for, each with the version that was shown."""
    found = (_PICK.fullmatch(value) for value in values)
    return [(UUID(one[1]), int(one[2])) for one in found if one and _is_uuid(one[1])]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _is_offered(field: SelectField) -> bool:
    return bool(field.data) and field.data in dict(field.choices)
