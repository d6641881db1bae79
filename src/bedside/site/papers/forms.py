"""What a person can write down of a paper, a letter, an experience and a statement. What is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.days import DayField
from bedside.site.papers.limits import HOURS_OF_A_WEEK, MOST_DONE, MOST_DRAFT, MOST_NAME, MOST_NOTE
from bedside.site.papers.models import Experience, ExperienceKind, Letter, OwnRow, Paper, State, Statement

DAY_ERRORS = {"invalid": _("Write the day as 2027-03-14, or leave it empty.")}
TOO_LONG = _("At most %(limit_value)d characters; these are %(show_value)d.")
YES, NO = "yes", "no"


def _day(label: Any, help_text: Any = "") -> DayField:
    return DayField(label=label, help_text=help_text, required=False, error_messages=DAY_ERRORS)


def _words(label: Any, help_text: Any = "", *, required: Any = None, most: int = MOST_NAME, lines: int = 1) -> forms.CharField:
    errors = {"max_length": TOO_LONG, "required": required or ""}
    widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput
    return forms.CharField(
        label=label, help_text=help_text, required=required is not None, max_length=most, widget=widget, error_messages=errors
    )


class YesNoField(forms.ChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", _("not said")), (YES, _("yes")), (NO, _("no"))], required=False, **kwargs)

    def clean(self, value: Any) -> bool | None:
        return {YES: True, NO: False}.get(super().clean(value))


class RowForm(forms.Form):
    """A row as it is typed."""

    order: tuple[tuple[str, str], ...] = ()  # pairs of days of which the second may not lie before the first

    @classmethod
    def of(cls, row: OwnRow) -> RowForm:
        """The form with what is kept."""
        values = {name: getattr(row, name) for name in cls.base_fields}
        return cls(initial={name: _typed(value) for name, value in values.items()})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for first, second in self.order:
            earlier, later = values.get(first), values.get(second)
            if isinstance(earlier, date) and isinstance(later, date) and later < earlier:
                label = str(self.fields[first].label)
                self.add_error(second, _("This lies before the day of “%(other)s”.") % {"other": label})
        return values

    def cells(self) -> list[dict[str, Any]]:
        """The fields as the template reads them."""
        return [self._cell(name, one) for name, one in self.fields.items()]

    def _cell(self, name: str, one: forms.Field) -> dict[str, Any]:
        kind, choices = "text", list[tuple[str, Any]]()
        if isinstance(one.widget, forms.Textarea):
            kind = "area"
        elif isinstance(one, forms.ChoiceField):
            kind, choices = "choice", [(str(key), words) for key, words in cast("Any", one.choices)]
        elif isinstance(one, forms.DateField):
            kind = "date"
        elif isinstance(one, forms.IntegerField):
            kind = "number"
        value = self[name].value()
        return {
            "id": name,
            "label": one.label,
            "help": one.help_text,
            "kind": kind,
            "value": "" if value is None else str(value),
            "choices": choices,
            "most": getattr(one, "max_length", None),
            "high": getattr(one, "max_value", None),
            "rows": one.widget.attrs.get("rows"),
            "required": one.required,
            "problems": list(self.errors.get(name, [])) if self.is_bound else [],
        }


class PaperForm(RowForm):
    """How a paper of the list stands."""

    order = (("asked_on", "received_on"),)

    state = forms.ChoiceField(label=_("How it stands"), choices=State.choices)
    wanted_on = _day(_("Needed by"))
    asked_on = _day(_("Asked for on"))
    received_on = _day(_("Here since"))
    sent_on = _day(_("Sent on"))
    expires_on = _day(_("Last day on which it holds"), _("What runs out within 90 days stands first on the list."))
    whom = _words(_("Asked of, or sent to"))
    note = _words(_("Note"), _("For example where you keep the scan."), most=MOST_NOTE, lines=3)


class OwnPaperForm(PaperForm):
    """A paper of one's own."""

    title = _words(_("What it is"), required=_("Write what it is."))
    field_order = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(list(self.field_order))


class LetterForm(RowForm):
    """A letter of recommendation."""

    order = (("asked_on", "promised_on"), ("asked_on", "arrived_on"))

    writer = _words(_("Who writes it"), required=_("Write who writes it."))
    relation = _words(_("How you know each other"), _("For example: supervisor of the ward in Karachi."))
    specialty = _words(_("For which specialty"))
    asked_on = _day(_("Asked for on"))
    promised_on = _day(_("Promised by"))
    arrived_on = _day(_("Arrived on"))
    waived = YesNoField(label=_("Do you waive your right to see it?"))
    note = _words(_("Note"), most=MOST_NOTE, lines=3)


class ExperienceForm(RowForm):
    """Something that was done."""

    order = (("begun_on", "ended_on"),)

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *ExperienceKind.choices],
        error_messages={"required": _("Choose one from the list."), "invalid_choice": _("Choose one from the list.")},
    )
    place = _words(_("Where"), _("The hospital, school or organization."), required=_("Write where it was."))
    country = _words(_("Country"))
    begun_on = _day(_("From"))
    ended_on = _day(_("To"), _("Empty while it goes on."))
    hours = forms.IntegerField(
        label=_("Hours a week"),
        required=False,
        min_value=0,
        max_value=HOURS_OF_A_WEEK,
        error_messages={
            "invalid": _("Write a number of hours."),
            "max_value": _("A week has 168 hours."),
            "min_value": _("Write 0 hours or more."),
        },
    )
    supervisor = _words(_("Supervisor"))
    done = _words(_("What you did, in your own words"), most=MOST_DONE, lines=6)
    may_give_letter = YesNoField(label=_("May a letter come of it?"))


class StatementForm(RowForm):
    """The name of a statement."""

    title = _words(_("Title, for you"), required=_("Give it a title."))
    specialty = _words(_("For which specialty"))


class DraftForm(RowForm):
    """The words of a statement."""

    text = _words(_("Words"), required=_("There are no words to keep."), most=MOST_DRAFT, lines=24)


FORMS: Mapping[type[OwnRow], type[RowForm]] = {
    Paper: OwnPaperForm,
    Letter: LetterForm,
    Experience: ExperienceForm,
    Statement: StatementForm,
}


def _typed(value: Any) -> Any:
    """A value as it stands in its field."""
    if isinstance(value, bool):
        return YES if value else NO
    return value.isoformat() if isinstance(value, date) else value
