"""What a person says of a practice test that they sat elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bedside.errors import UsageError
from bedside.site.accounts.days import DayField
from bedside.site.passing.practice_scores import LEAST_SPREAD, MOST_NAME, MOST_POINTS, TypedScore

NUMBER_ERRORS = {
    "required": _("Write a number of points."),
    "invalid": _("Write a number of points."),
    "min_value": _("Write a number of points that its scale has."),
    "max_value": _("Write a number of points that its scale has."),
}
DAY_ERRORS = {"invalid": _("Write the day as 2027-03-14."), "required": _("Write the day as 2027-03-14.")}


def sentence(error: UsageError) -> str:
    """A refusal as the sentence beside a field."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."


def _points(least: float) -> forms.FloatField:
    return forms.FloatField(min_value=least, max_value=MOST_POINTS, error_messages=NUMBER_ERRORS)


class PracticeScoreForm(forms.Form):
    """A score with its scale: what passes on it, its error and its spread, all in points of the same scale."""

    name = forms.CharField(max_length=MOST_NAME, error_messages={"required": _("Write which test it was.")})
    on = DayField(error_messages=DAY_ERRORS)
    score = _points(-MOST_POINTS)
    cut = _points(-MOST_POINTS)
    error = _points(0.0)
    spread = _points(LEAST_SPREAD)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                found["typed"] = TypedScore(**found)
            except UsageError as error:
                self.add_error("score", sentence(error))
        return found

    @property
    def typed(self) -> TypedScore:
        """The test as it was typed in; only of a form that is valid."""
        typed: TypedScore = self.cleaned_data["typed"]
        return typed
