"""What the page of one's own journey asks: where it began, each part optional, and a note of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bedside.journeys import MAX_NOTE
from bedside.site.accounts.days import DayField
from bedside.site.accounts.models import User
from bedside.site.journeys.countries import countries_by_name
from bedside.site.journeys.languages import languages_by_name
from bedside.site.journeys.likeness_words import AGE_WORDS, WORK_WORDS, YEARS_WORDS
from bedside.site.journeys.writing import start_of

# the answers to a question need fewer words than the parts of a story
COACHING_CHOICES = {"none": lazy("none"), "some": lazy("some"), "a whole course": lazy("a whole course")}
CAREER_CHOICES = {"medicine": lazy("medicine"), "something else": lazy("something else")}
TRIES_CHOICES = {"none": lazy("none"), "one": lazy("one"), "several": lazy("several")}


@dataclass(frozen=True, slots=True)
class StartField:
    """A question about the beginning with its choices; an empty value is not told."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...]


class NoteForm(forms.Form):
    """A note, and the study day that it is about; without one it is about today."""

    text = forms.CharField(
        max_length=2 * MAX_NOTE,  # line ends come as two signs and are kept as one
        error_messages={
            "required": lazy("Write something first."),
            "max_length": lazy("A note has at most 2,000 letters; make two of it."),
        },
    )
    on = DayField(required=False, error_messages={"invalid": lazy("Write the day as 2027-03-14.")})


def start_fields(user: User) -> list[StartField]:
    """The questions in order, each with what was told."""
    row = start_of(user)
    asked = (
        ("age", _("Age when you began"), _words(AGE_WORDS)),
        ("trained_in", _("Country of medical training"), tuple(countries_by_name())),
        ("years_since_graduation", _("Since graduation"), _words(YEARS_WORDS)),
        ("work_hours", _("Work beside studying"), _words(WORK_WORDS)),
        ("language", _("First language"), tuple(languages_by_name())),
        ("coaching", _("Coaching for this exam"), _words(COACHING_CHOICES)),
        ("career", _("What you worked in before"), _words(CAREER_CHOICES)),
        ("tries", _("Attempts at this exam before"), _words(TRIES_CHOICES)),
    )
    return [StartField(name, label, getattr(row, name), choices) for name, label, choices in asked]


def _words(words: Mapping[str, str | Promise]) -> tuple[tuple[str, str], ...]:
    return tuple((value, str(text)) for value, text in words.items())
