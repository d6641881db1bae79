"""What is said of a day of an exam beside its blocks: what is left out of it, and what no source states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.programme import Activity, Form, StepEdition, Unknown


def activity_words(activity: Activity) -> str:
    """`Computer-based case simulations (CCS): 13 to 14`."""
    low, high = activity.count_min, activity.count_max
    if isinstance(low, Unknown) or isinstance(high, Unknown):
        return activity.title
    if low == high:
        return _("{what}: {n}").format(what=activity.title, n=low)
    return _("{what}: {low} to {high}").format(what=activity.title, low=low, high=high)


def notes_of(form: Form, edition: StepEdition, unknown_marks: Sequence[str], *, has_left_out: bool) -> Iterator[str]:
    """What a candidate should know of this form before it is sat."""
    if form.items_pretest is not None and isinstance(form.items_pretest, int):
        yield ngettext(
            "{n} item of the real form is on trial and doesn't count; here all of them count.",
            "{n} items of the real form are on trial and don't count; here all of them count.",
            form.items_pretest,
        ).format(n=form.items_pretest)
    if isinstance(form.items_to_answer, int):
        yield ngettext(
            "{n} item may be answered there, whichever one likes; here all of them count.",
            "{n} items may be answered there, whichever one likes; here all of them count.",
            form.items_to_answer,
        ).format(n=form.items_to_answer)
    if form.minutes is not None and has_left_out:
        yield _(
            "One clock runs over the whole form. How it is divided isn't published, so it stays whole although a part of the "
            "form is left out."
        )
    if any(isinstance(pause.minutes, Unknown) for pause in form.breaks):
        yield _("How long the break between the parts is isn't published: take as long as you like.")
    if isinstance(form.break_minutes, Unknown) or _are_breaks_unknown(form):
        yield _("Breaks aren't published: take as long as you like between the blocks.")
    if unknown_marks:
        kinds = ", ".join(unknown_marks)
        yield _("The marks aren't published for: {kinds}. A right answer counts 1 here, a wrong one nothing.").format(
            kinds=kinds
        )
    if not edition.axes or not any(axis.ranges for axis in edition.axes):
        yield _("No shares by subject are published, so the form is drawn without them.")


def _are_breaks_unknown(form: Form) -> bool:
    is_filled = isinstance(form.session_minutes, int) and form.session_minutes == form.block_minutes
    has_several = len(form.blocks) > 1 and form.minutes is None
    return has_several and form.break_minutes is None and not form.breaks and not is_filled
