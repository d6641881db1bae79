"""What is asked on the pages of the Match."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from bedside.matching import MOST_RANKS, PROGRAMMES, MatchFacts

MOST_WISHES = 6
SCORES = (200, 280)  # of Step 2 CK, as far as anything was published


class MatchForm(forms.Form):
    """Whose chance: specialty, kind of applicant, number of ranks, score."""

    specialty = forms.ChoiceField(error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a specialty.")))
    kind = forms.ChoiceField(error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose who applies.")))
    ranks = forms.IntegerField(
        min_value=1,
        max_value=MOST_RANKS,
        error_messages=dict.fromkeys(
            ("invalid", "required", "min_value", "max_value"), _("Write a whole number from 1 to 20.")
        ),
    )
    score = forms.IntegerField(
        min_value=SCORES[0],
        max_value=SCORES[1],
        required=False,
        error_messages={
            "invalid": _("Write a score from 200 to 280, or leave it out."),
            "min_value": _("Nothing was published about scores below 200. Leave it out for any score."),
            "max_value": _("Nothing was published about scores above 280. Leave it out for any score."),
        },
    )

    def __init__(self, *args: object, facts: MatchFacts, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        _choose(self.fields["specialty"], sorted((one.title, one.name) for one in facts.file.specialties))
        _choose(self.fields["kind"], ((one.title, one.name) for one in facts.file.types))


class ListForm(forms.Form):
    """A rank list for the small market: up to six programmes in order; gaps close up."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for n in range(1, MOST_WISHES + 1):
            self.fields[f"wish_{n}"] = forms.ChoiceField(required=False)
            _choose(self.fields[f"wish_{n}"], [("", ""), *((name, name) for name in PROGRAMMES)])

    def clean(self) -> dict[str, object]:
        """Nothing twice, and something."""
        wishes = self.wishes
        for n in range(1, MOST_WISHES + 1):
            name = self.cleaned_data.get(f"wish_{n}")
            if name and name in [self.cleaned_data.get(f"wish_{before}") for before in range(1, n)]:
                self.add_error(f"wish_{n}", _("This programme is on the list already."))
        if not wishes and not self.errors:
            self.add_error("wish_1", _("Choose at least one programme."))
        return self.cleaned_data

    @property
    def wishes(self) -> list[str]:
        """The programmes in order."""
        named = (self.cleaned_data.get(f"wish_{n}", "") for n in range(1, MOST_WISHES + 1))
        return [str(name) for name in named if name]


def _choose(field: forms.Field, choices: Iterable[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(value, title) for title, value in choices]
