"""The words of the case pages, for templates and for the script."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bedside.cases import CaseFile

HOUR_S = 3_600
DAY_S = 86_400
WEEK_S = 7 * DAY_S
YEAR_S = 31_557_600
MONTH_S = YEAR_S // 12

VITALS: Mapping[str, str | Promise] = {
    "hr": _("Heart rate"),
    "sbp": _("Systolic pressure"),
    "dbp": _("Diastolic pressure"),
    "rr": _("Respirations"),
    "spo2": _("Oxygen saturation"),
    "temp": _("Temperature"),
}
PLACES: Mapping[str, str | Promise] = {
    "office": _("Office"),
    "home": _("Home"),
    "ed": _("Emergency department"),
    "ward": _("Inpatient ward"),
    "icu": _("Intensive care unit"),
    "or": _("Operating room"),
    "labor": _("Labor and delivery"),
}
REVIEW: Mapping[str, str | Promise] = {
    "draft": _("not reviewed by clinicians"),
    "cross_checked": _("cross-checked, not reviewed by clinicians"),
    "clinician_reviewed": _("reviewed by clinicians"),
}
PROOF: Mapping[str, str | Promise] = {
    "proved": _("proved"),
    "stale": _("proof out of date"),
    "missing": _("not proved"),
    "unchecked": _("proof not checked yet"),
}
BANDS: Mapping[str, str | Promise] = {
    "very good": _("very good"),
    "good": _("good"),
    "fair": _("fair"),
    "weak": _("weak"),
    "poor": _("poor"),
}
ENDS: Mapping[str, str | Promise] = {
    "died": _("The patient died."),
    "met": _("What this case is about has been reached."),
    "time": _("The time that this case covers is over."),
    "candidate": _("You ended the case."),
    "limit": _("The real time was up."),
    "left": _("You went back to an earlier moment."),
    "changed": _("The catalogue of orders or the engine has been changed since, so there is no score."),
}


def _years(n: int) -> str:
    return ngettext("%(n)d year", "%(n)d years", n) % {"n": n}


def _months(n: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}


def _weeks(n: int) -> str:
    return ngettext("%(n)d week", "%(n)d weeks", n) % {"n": n}


def _days(n: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}


def _minutes(n: int) -> str:
    return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}


def age_words(age_s: int) -> str:
    """An age as it is said: days, weeks, months or years."""
    if age_s >= 2 * YEAR_S:
        return _years(age_s // YEAR_S)
    if age_s >= 3 * MONTH_S:
        return _months(age_s // MONTH_S)
    return _weeks(age_s // WEEK_S) if age_s >= 4 * WEEK_S else _days(age_s // DAY_S)


def patient_words(file: CaseFile) -> str:
    """Age, sex, weight and allergies in a line."""
    patient = file.patient
    sex = str(_("female") if patient.sex == "F" else _("male"))
    allergies = ", ".join(name.replace("_", " ") for name in patient.allergies)
    allergic = str(_("allergies: %(names)s") % {"names": allergies}) if allergies else str(_("no known allergies"))
    return f"{age_words(patient.age_s)}, {sex}, {patient.weight_kg:g} kg, {allergic}"


def span_words(seconds: int) -> str:
    """A span of virtual time, in the largest unit of which it has two."""
    if seconds >= 2 * WEEK_S:
        return _weeks(round(seconds / WEEK_S))
    if seconds > 2 * DAY_S:
        return _days(round(seconds / DAY_S))
    return _hours(round(seconds / HOUR_S)) if seconds >= HOUR_S else _minutes(round(seconds / 60))


def review_words(file: CaseFile) -> str | Promise:
    """How far the case has been reviewed."""
    return REVIEW[file.meta.status]
