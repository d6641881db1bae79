"""What is read of a plan: today's, with the hours so far, the days kept and the offer to make up for missed ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.planning.calendars import Times, times_of
from bedside.site.planning.idle import noted_idle
from bedside.site.planning.keeping_days import Days, days_until, finished_sessions
from bedside.site.planning.plan_json import Json, leg_from, plan_from
from bedside.site.planning.planned import inputs_of_plan, kept_plan, made_plan
from bedside.site.planning.remembering import began_at
from bedside.site.planning.spent import by_day, spent_before, spent_between
from bedside.site.study.zones import zone_of
from bedside.study import Calendar, CatchUp, DaysKept, Ledger, Leg, Plan, Spent, ledger, study_day

RECENT_DAYS = 35  # of which minutes are added up for Today; what was kept before is noted by day


@dataclass(frozen=True, slots=True)
class PlanToday:
    """The plan of a study day with all that stands around it. Areas are indices into `area_codes` and `area_titles`."""

    on: date
    zone: ZoneInfo
    programme: str
    step: str
    title: str
    exam_on: date | None
    area_codes: tuple[str, ...]
    area_titles: tuple[str, ...]
    plan: Plan
    road: tuple[Leg, ...]
    ledger: Ledger
    days: Days
    times: Times
    told: Json  # the plan as JSON, with the score of now

    @property
    def calendar(self) -> Calendar:
        return self.times.calendar

    @property
    def days_kept(self) -> DaysKept:
        return self.days.kept

    @property
    def catch_up(self) -> CatchUp | None:
        return self.days.catch_up


def plan_of(user: User, content: Content, *, at: datetime) -> PlanToday:
    """The plan as of an instant: the kept one of that study day where it rests on the same, else made now. Writes nothing."""
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    told = kept_plan(user, on, inputs_of_plan(user, content, at=at)) or made_plan(user, content, at=at)
    times = times_of(user, profile_of(user))
    spent = [*spent_before(user, content, zone, on, n_days=None), *spent_between(user, content, zone, since=on, at=at)]
    plan = plan_from(told, told["codes"])
    days = days_of(user, spent, times, zone, at=at)
    return PlanToday(
        on=on,
        zone=zone,
        programme=told["programme"],
        step=told["step"],
        title=told["title"],
        exam_on=plan.exam_on,
        area_codes=tuple(told["codes"]),
        area_titles=tuple(told["titles"]),
        plan=plan,
        road=tuple(map(leg_from, told["road"])),
        ledger=ledger(spent),
        days=days if told["n_unmet"] else replace(days, catch_up=None),  # with nothing left to meet, none is needed
        times=times,
        told=told,
    )


def recent_spent(user: User, content: Content, zone: ZoneInfo, *, at: datetime) -> list[Spent]:
    """The minutes of the last weeks, which is all that Today needs: what was kept before is noted by day."""
    on = study_day(at, zone)
    return [*spent_before(user, content, zone, on, n_days=RECENT_DAYS), *spent_between(user, content, zone, since=on, at=at)]


def days_of(
    user: User,
    spent: Sequence[Spent],
    times: Times,
    zone: ZoneInfo,
    *,
    at: datetime,
    also: Collection[date] = (),
    idle: Collection[date] = (),
) -> Days:
    """The days of a person, from what they spent and the finished sessions that were noted; `also` are finished too."""
    on = study_day(at, zone)
    minutes = by_day(spent)
    began = began_at(user.pk, at)
    first = [*minutes, *([study_day(began, zone)] if began else [])]
    sessions = finished_sessions(user, on) | set(also)
    exam_on = profile_of(user).exam_on
    nothing = noted_idle(user, on) | set(idle)
    return days_until(on, times, minutes, sessions, began=min(first, default=None), exam_on=exam_on, idle=nothing)
