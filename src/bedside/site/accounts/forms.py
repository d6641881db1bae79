"""What a person can say about their exam and about the site. Every field can be left empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.days import DayField
from bedside.site.accounts.models import MAX_EXTRA_MINUTES, TIME_FACTORS, Profile
from bedside.site.content import Content

MAX_MINUTES_A_DAY = 1440


class ExamForm(forms.Form):
    """The three questions of the first run."""

    step = forms.CharField(required=False)
    exam_on = DayField(required=False, error_messages={"invalid": _("Write the day as 2027-03-14, or leave it empty.")})
    minutes_a_day = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_MINUTES_A_DAY,
        error_messages={
            "invalid": _("Write a number of minutes, or leave it empty."),
            "min_value": _("Write at least 1 minute, or leave it empty."),
            "max_value": _("A day has 1440 minutes."),
        },
    )

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content

    def clean_step(self) -> tuple[str, str]:
        """Programme and step, both empty where none was chosen."""
        value: str = self.cleaned_data["step"]
        if not value:
            return "", ""
        programme, _slash, step = value.partition("/")
        known = self.content.programmes.get(programme)
        if known is None or known.step(step) is None:
            raise forms.ValidationError(_("Choose one of the exams in the list."))
        return programme, step

    def changes(self) -> dict[str, Any]:
        """The fields of the profile that this says."""
        programme, step = self.cleaned_data["step"]
        return {
            "programme": programme,
            "step": step,
            "exam_on": self.cleaned_data["exam_on"],
            "minutes_a_day": self.cleaned_data["minutes_a_day"],
        }


_MINUTES_ERRORS = {
    "invalid": _("Write a number of minutes, or 0."),
    "min_value": _("Write 0 minutes or more."),
    "max_value": _("Write at most %(limit_value)d minutes."),
}


class MeForm(ExamForm):
    """The same, and the name, the look and the accommodations."""

    first_name = forms.CharField(required=False, max_length=150)
    theme = forms.ChoiceField(choices=Profile.THEMES)
    text_size = forms.ChoiceField(choices=Profile.TEXT_SIZES)
    has_letter_keys = forms.BooleanField(required=False)
    time_factor = forms.ChoiceField(required=False, choices=TIME_FACTORS)
    extra_break_minutes = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_EXTRA_MINUTES, error_messages=_MINUTES_ERRORS
    )
    stop_clock_minutes = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_EXTRA_MINUTES, error_messages=_MINUTES_ERRORS
    )
    is_motion_reduced = forms.BooleanField(required=False)
    is_reader_safe = forms.BooleanField(required=False)

    def changes(self) -> dict[str, Any]:
        """The fields of the profile that this says; the name is the user's own."""
        look = ("theme", "text_size", "has_letter_keys", "is_motion_reduced", "is_reader_safe")
        told = {
            "time_factor": self.cleaned_data["time_factor"] or "1",
            "extra_break_minutes": self.cleaned_data["extra_break_minutes"] or 0,
            "stop_clock_minutes": self.cleaned_data["stop_clock_minutes"] or 0,
        }
        return super().changes() | {name: self.cleaned_data[name] for name in look} | told
