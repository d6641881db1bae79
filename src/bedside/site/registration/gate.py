"""The register before a proctored sitting: whom it admits, and why not. Where nothing says yes, the answer is no."""

from __future__ import annotations

from datetime import datetime

from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.exam.admission import Wanted
from bedside.site.exam.models import Sitting
from bedside.site.registration.judging import Judgement, judge
from bedside.site.registration.models import STANDING, SUSPENDED, Registration
from bedside.site.registration.record_rows import newest_record, record_in
from bedside.site.registration.required import is_required
from bedside.site.registration.rules import step_rules


class Gate:
    """Admits who has a standing registration that covers the day, and of whom the rules say nothing else that day."""

    def see_may_make(self, wanted: Wanted, *, at: datetime) -> None:
        """They may have a new sitting like this.

        Raises:
            ConflictError: they may not; says why.
        """
        if not is_required(wanted.programme):
            return
        _see_whole(wanted)
        registration = _see_registered(wanted, at)
        made = Sitting.objects.filter(
            user_id=wanted.user_id,
            programme=wanted.programme,
            step=wanted.step,
            day=wanted.day,
            is_proctored=True,
            created_at__gte=registration.registered_at,
        )
        if made.exclude(state="voided").exists():
            raise ConflictError("your registration is for one attempt, and you have a sitting of this day under it already")

    def see_may_begin(self, wanted: Wanted, *, at: datetime) -> None:
        """They may begin it now.

        Raises:
            ConflictError: they may not; says why.
        """
        if not is_required(wanted.programme):
            return
        _see_whole(wanted)
        _see_registered(wanted, at)


def _see_whole(wanted: Wanted) -> None:
    if wanted.kind != "full" or wanted.clock != "real":
        raise ConflictError("under a registration the whole day is sat, on the real clock")


def _see_registered(wanted: Wanted, at: datetime) -> Registration:
    today = at.date()
    rows = Registration.objects.filter(candidate_id=wanted.user_id, programme=wanted.programme, step=wanted.step)
    standing = rows.filter(state=STANDING).first()
    if standing is None:
        if rows.filter(state=SUSPENDED, last_day__gte=today).exists():
            raise ConflictError("your registration for this step is suspended; ask the office")
        raise ConflictError("this exam needs a registration for the step, and you have none that stands; ask the office")
    if not standing.first_day <= today <= standing.last_day:
        raise ConflictError(
            f"your registration for this step holds from {standing.first_day} to {standing.last_day}; today (UTC) is {today}"
        )
    candidate = User.objects.get(pk=wanted.user_id)
    judgement = judge(step_rules(wanted.programme), record_in(newest_record(candidate)), wanted.step, today)
    if not judgement.holds(standing.overridden):
        raise ConflictError(f"you are registered, and are not eligible today: {_said(judgement)}")
    return standing


def _said(judgement: Judgement) -> str:
    if judgement.is_passed:
        return "the step is passed"
    reasons = " ".join(one.text for one in (*judgement.against, *judgement.doubtful))
    return reasons.strip().removesuffix(".")
