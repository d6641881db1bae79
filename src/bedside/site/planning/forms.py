"""What a person can say about their plan: the next exam, minutes a weekday, days off, and the exams after it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.days import DayField
from bedside.site.accounts.forms import MAX_MINUTES_A_DAY
from bedside.site.content import Content
from bedside.site.planning.calendars import WEEK_DAYS

DAY_ERRORS = {"invalid": _("Write the day as 2027-03-14."), "required": _("Write the day as 2027-03-14.")}
MINUTES_ERRORS = {
    "invalid": _("Write a number of minutes, or 0 for a day off."),
    "required": _("Write a number of minutes, or 0 for a day off."),
    "min_value": _("Write 0 minutes or more."),
    "max_value": _("A day has 1440 minutes."),
}


class StepField(forms.CharField):
    """Programme and step as one choice: `usmle/step1`."""

    def __init__(self, *, content: Content, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.content = content

    def clean(self, value: Any) -> tuple[str, str]:
        text: str = super().clean(value)
        programme, _slash, step = text.partition("/")
        known = self.content.programmes.get(programme)
        if text and (known is None or known.step(step) is None):
            raise forms.ValidationError(_("Choose one of the exams in the list."))
        return programme, step


class PlanForm(forms.Form):
    """The next exam, its day, and the minutes of each weekday."""

    exam_on = DayField(required=False, error_messages={"invalid": _("Write the day as 2027-03-14, or leave it empty.")})

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"] = StepField(content=content, required=False)
        for day in range(WEEK_DAYS):
            self.fields[f"minutes_{day}"] = forms.IntegerField(
                min_value=0, max_value=MAX_MINUTES_A_DAY, error_messages=MINUTES_ERRORS
            )

    @property
    def week(self) -> list[int]:
        """The minutes from Monday to Sunday."""
        return [self.cleaned_data[f"minutes_{day}"] for day in range(WEEK_DAYS)]


class DaysOffForm(forms.Form):
    """A stretch of days without study; without a last day, one day."""

    first = DayField(error_messages=DAY_ERRORS)
    last = DayField(required=False, error_messages=DAY_ERRORS)


class GoalForm(forms.Form):
    """An exam after the next one."""

    exam_on = DayField(required=False, error_messages={"invalid": _("Write the day as 2027-03-14, or leave it empty.")})

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"] = StepField(content=content, error_messages={"required": _("Choose one of the exams in the list.")})
