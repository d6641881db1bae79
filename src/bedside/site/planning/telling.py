"""Today's session and the plan in words and as JSON, for the pages and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.errors import NotFoundError
from bedside.site.cases.stock import case_file
from bedside.site.content import Content
from bedside.site.exam.stock import items_of_step
from bedside.site.planning.following import DayPiece
from bedside.site.planning.plan_json import catch_up_json, kept_json, ledger_json
from bedside.site.planning.queries import PlanToday
from bedside.site.planning.session_json import KeptLeftOut, KeptPiece, reason_json
from bedside.site.planning.sessions import Day
from bedside.site.planning.wholes import TIMED
from bedside.site.study.queries import front_of, name_of, topic_of
from bedside.site.study.words import left_out_words, reason_words
from bedside.study import Kind, LeftOut, Why, showing_of

Json = dict[str, Any]
AREAS_NAMED = 3  # areas that are left out, each on a line of its own; more are counted


def topic_words(one: DayPiece, content: Content) -> str:
    """What a piece is about, in words that give nothing away: a question that waits is its area, a card is what it asks."""
    piece = one.piece
    if piece.kind is Kind.CASE:
        try:
            return case_file(piece.name).title
        except NotFoundError:
            return _("A patient case that is no longer there")
    if piece.kind is Kind.BLOCK:
        n = items_of_block(piece)
        return ngettext("A timed block of %(n)d item", "A timed block of %(n)d items", n) % {"n": n}
    if not piece.is_takeaway:
        return _("A card of your own")
    known = content.bank.takeaways.get(name_of(piece.name))
    if known is None:
        return _("A takeaway that is no longer there")
    topic = topic_of(known, content)
    if piece.item:
        return str(topic) if one.is_done else topic.area
    asks = front_of(known)
    return f"{topic.area}: {asks}" if asks else str(topic)


def items_of_block(piece: KeptPiece) -> int:
    """How many items a timed block has."""
    return int(piece.name.removeprefix(TIMED))


def area_title(code: str, day: Day) -> str:
    """The name of an area of the session's step; empty for none."""
    titles = dict(zip(day.blueprint.codes, day.blueprint.titles, strict=True))
    return titles.get(code, "")


def why_words(piece: KeptPiece, day: Day) -> str:
    """Why a piece is in the session, in one short line."""
    return reason_words(piece.reason, area_title(piece.area, day))


def left_words(one: KeptLeftOut, day: Day) -> str:
    """What was owed and did not fit."""
    return left_out_words(LeftOut(one.why, max(1.0, one.minutes)), area_title(one.area, day))


def left_lines(day: Day) -> list[str]:
    """What was owed and did not fit, in as few lines as it takes: many areas are one line."""
    areas = [one for one in day.left_out if one.why is Why.AREA_DID_NOT_FIT]
    if len(areas) <= AREAS_NAMED:
        return [left_words(one, day) for one in day.left_out]
    others = [left_words(one, day) for one in day.left_out if one.why is not Why.AREA_DID_NOT_FIT]
    minutes = round(sum(one.minutes for one in areas))
    text = _("something of each of %(n)d areas that were not met for two weeks, together %(minutes)d min")
    return [*others, text % {"n": len(areas), "minutes": minutes}]


def day_json(day: Day, content: Content, *, user: str) -> Json:
    """The session of a day with all that Today says of it."""
    return {
        "user": user,
        "on": day.on.isoformat(),
        "zone": day.zone.key,
        "programme": day.blueprint.programme,
        "step": day.blueprint.step,
        "exam_on": day.exam_on.isoformat() if day.exam_on else None,
        "number": day.number,
        "minutes": day.minutes,
        "usual_minutes": day.usual_minutes,
        "is_lighter": day.is_lighter,
        "is_day_off": day.is_day_off,
        "planned_minutes": round(day.planned_minutes, 2),
        "spent_minutes": round(day.spent_minutes, 2),
        "is_finished": day.is_finished,
        "n_done": day.n_done,
        "pieces": [_piece(one, day, content) for one in day.pieces],
        "left_out": [
            {"why": one.why.value, "minutes": one.minutes, "area": area_title(one.area, day), "text": left_words(one, day)}
            for one in day.left_out
        ],
        "days_kept": kept_json(day.days.kept),
        "n_missed": day.days.n_missed,
        "days_of_last_7": day.days.n_of_last_week,
        "catch_up": catch_up_json(day.days.catch_up) if day.days.catch_up else None,
        "passing": day.passing,
    }


def plan_told(plan: PlanToday, *, user: str) -> Json:
    """The plan as JSON, with the hours so far, the days kept, and the offer to catch up."""
    times = plan.times
    told = {name: value for name, value in plan.told.items() if name not in {"codes", "titles"}}
    return {
        "user": user,
        "zone": plan.zone.key,
        **told,
        "areas": dict(zip(plan.area_codes, plan.area_titles, strict=True)),
        "calendar": {
            "weekday_minutes": list(times.calendar.weekday_minutes),
            "days_off": [[first.isoformat(), last.isoformat()] for first, last in times.ranges_off],
        },
        "ledger": ledger_json(plan.ledger),
        "days_kept": kept_json(plan.days_kept),
        "days_of_last_7": plan.days.n_of_last_week,
        "catch_up": catch_up_json(plan.catch_up) if plan.catch_up else None,
    }


def _piece(one: DayPiece, day: Day, content: Content) -> Json:
    piece = one.piece
    told: Json = {
        "kind": piece.kind.value,
        "name": piece.name,
        "item": piece.item or None,
        "topic": topic_words(one, content),
        "area": area_title(piece.area, day),
        "minutes": piece.minutes,
        "is_done": one.is_done,
        "reason": reason_json(piece.reason),
        "text": why_words(piece, day),
    }
    if piece.kind is Kind.BLOCK:
        told["items"] = _block_items(piece, day, content)
    return told


def _block_items(piece: KeptPiece, day: Day, content: Content) -> list[str]:
    """Items that make up such a block, for who sits it elsewhere; chosen by the day."""
    found = items_of_step(content, day.blueprint.programme, day.blueprint.step, None)
    names = [item.id for item in found if item.set is None]
    chosen: list[str] = []
    none_seen: Mapping[str, Any] = {}
    for _n in range(min(items_of_block(piece), len(names))):
        name = showing_of([one for one in names if one not in chosen], (), none_seen, day.on, seed=day.on.toordinal()).name
        if name:
            chosen.append(name)
    return chosen
