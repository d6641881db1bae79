"""Days that a person may say: those that plans, weeks and calendars can reckon with."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
_TOO_FAR = _("Write a day between 1970 and 2199.")


class DayField(forms.DateField):
    """A day within those years."""

    def __init__(self, **kwargs: Any) -> None:
        within = (MinValueValidator(FIRST_DAY, message=_TOO_FAR), MaxValueValidator(LAST_DAY, message=_TOO_FAR))
        super().__init__(validators=within, **kwargs)
