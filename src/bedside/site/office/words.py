"""How the office says where a sitting stands and what happened in it: in words, so that nothing rests on colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from bedside.site.office.queries import LogLine, Seat, Show

SHOW_TEXTS: Mapping[Show, str | Promise] = {
    "now": lazy("Not ended"),
    "unseen": lazy("Not seen"),
    "stopped": lazy("Suspended"),
    "ended": lazy("Ended"),
    "all": lazy("All"),
}
_STATES: Mapping[str, str | Promise] = {
    "created": lazy("Not begun"),
    "between_blocks": lazy("Between blocks"),
    "on_break": lazy("On a break"),
    "in_block": lazy("In a block"),
    "paused": lazy("Own pause, clock stopped"),
    "suspended": lazy("Suspended, clock stopped"),
    "finished": lazy("Ended"),
    "voided": lazy("Void"),
    "time_over": lazy("Time is over"),
}
_FORMS: Mapping[str, str | Promise] = {"full": lazy("full"), "half": lazy("half"), "block": lazy("block")}
_EVENTS: Mapping[str, str | Promise] = {
    "started": lazy("began the sitting"),
    "block_opened": lazy("opened a block"),
    "item_shown": lazy("came to an item"),
    "answered": lazy("answered an item"),
    "cleared": lazy("took an answer back"),
    "flagged": lazy("set or took off a flag"),
    "struck": lazy("struck an option out or back in"),
    "highlighted": lazy("highlighted text"),
    "noted": lazy("wrote a note"),
    "moved_on": lazy("moved on from an item for good"),
    "case_command": lazy("did something in a case"),
    "case_closing": lazy("went to the final orders of a case"),
    "settings": lazy("changed the look"),
    "block_closed": lazy("ended a block"),
    "break_started": lazy("went on a break"),
    "break_ended": lazy("came back from a break"),
    "finished": lazy("ended the sitting"),
    "resumed": lazy("came back to the page"),
    "form_fixed": lazy("the form was fixed"),
    "time_expired": lazy("the time ran out"),
    "writer_issued": lazy("a tab or computer took the sitting over"),
    "disclosed": lazy("keys were given out"),
    "case_ended": lazy("the course of a case was over"),
    "suspended": lazy("suspended the sitting"),
    "reopened": lazy("reopened the sitting"),
    "granted_time": lazy("granted time"),
    "accommodated": lazy("changed the accommodation"),
    "voided": lazy("made the sitting void"),
    "message": lazy("sent a message"),
}
_WRITERS: Mapping[str, str | Promise] = {"player": lazy("candidate"), "server": lazy("server"), "proctor": lazy("proctor")}


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One row of the proctor's list, in words. All are plain texts, since three hundred are put on a page every few seconds."""

    id: str
    name: str
    is_unseen: bool
    exam: str
    state: str
    item: str
    answered: str
    left: str
    bank: str
    seen: str


@dataclass(frozen=True, slots=True)
class LogText:
    """One line of a sitting's log, in words."""

    line: LogLine
    by: str
    what: str
    more: tuple[str, ...]


def seat_line(seat: Seat, title: str) -> SeatLine:
    """The row of a seat; `title` is that of its exam."""
    return SeatLine(
        id=str(seat.id),
        name=seat.name,
        is_unseen=seat.is_unseen,
        exam=_exam(seat, title),
        state=_state(seat),
        item="–" if seat.position is None else _("%(n)d of %(of)d") % {"n": seat.position, "of": seat.n_in_block},
        answered=_("%(n)d of %(of)d") % {"n": seat.n_answered, "of": seat.n_items},
        left=_left(seat),
        bank="–" if seat.break_ms is None else span(seat.break_ms),
        seen=seen_words(seat),
    )


def _exam(seat: Seat, title: str) -> str:
    parts = [title, str(_FORMS.get(seat.kind, seat.kind))]
    if seat.kind != "block":
        parts.append(_("day %(n)d") % {"n": seat.day})
    if seat.clock == "compressed":
        parts.append(_("compressed clock"))
    return ", ".join(parts)


def _state(seat: Seat) -> str:
    if seat.block is None or seat.state in {"finished", "voided"}:
        return str(_STATES[seat.state])
    if seat.block > seat.n_blocks:  # the blocks of items come first, and then the cases
        place = _("case %(n)d") % {"n": seat.block - seat.n_blocks}
    else:
        place = _("block %(n)d of %(of)d") % {"n": seat.block, "of": seat.n_blocks}
    if seat.state == "in_block":
        return place[:1].upper() + place[1:]
    return f"{_STATES[seat.state]}, {place}"


def _left(seat: Seat) -> str:
    if seat.remaining_ms is not None:
        return span(seat.remaining_ms)
    return _("no clock") if seat.state == "in_block" else "–"


def span(ms: int) -> str:
    """1:02:03, or 4:05, or "overrun by 0:30" where there is less than nothing."""
    minutes, seconds = divmod(abs(ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    shown = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return shown if ms >= 0 else _("overrun by %(time)s") % {"time": shown}


def seen_words(seat: Seat) -> str:
    """When the player last called, in words; that it is long ago is said, not only coloured."""
    seconds = seat.unseen_s
    if seconds is None:
        return _("never")
    if seat.is_unseen:
        return _("not seen for %(time)s") % {"time": _ago(seconds)}
    if seconds <= 60:
        return _("just now")
    return _("%(time)s ago") % {"time": _ago(seconds)}


def _ago(seconds: int) -> str:
    age = timedelta(seconds=seconds)
    if age < timedelta(minutes=2):
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    if age < timedelta(hours=2):
        minutes = seconds // 60
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = seconds // 3600
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def log_text(line: LogLine) -> LogText:
    """A line of the log in words."""
    more = []
    if line.position is not None:
        more.append(_("item %(n)d") % {"n": line.position})
    if line.block is not None:
        more.append(_("block %(n)d") % {"n": line.block})
    more += _details(line.detail)
    if line.reason:
        more.append(_("because: %(reason)s") % {"reason": line.reason})
    if line.refused:
        more.append(_("refused: %(reason)s") % {"reason": line.refused})
    return LogText(line, str(_WRITERS.get(line.by, line.by)), str(_EVENTS.get(line.type, line.type)), tuple(more))


def _details(detail: Mapping[str, object]) -> list[str]:
    seconds = cast("int", detail.get("seconds", 0))
    texts = {
        "seconds": ngettext("%(value)s second", "%(value)s seconds", seconds),
        "text": _("“%(value)s”"),
        "time_factor": _("time × %(value)s"),
        "extra_break_s": _("%(value)s s of extra break"),
        "stop_clock_s": _("%(value)s s of stopped clock"),
    }
    return [texts[name] % {"value": value} for name, value in detail.items()]
