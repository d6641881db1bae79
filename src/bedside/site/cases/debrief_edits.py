"""Changes of a run as they stand in an address, so that a what-if can be kept, sent on and gone back from.

`r.3.900` puts act 3 at 900 s, `r.3.900.first` before all else at that instant, `d.5` drops act 5, `a.600.order.ns_iv` adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bedside.cases import Add, Drop, Edit, OrderSearch, Played, Retime, parse_duration
from bedside.errors import UsageError
from bedside.site.cases.commands import command_from_json
from bedside.site.cases.debrief_words import verb_and_what

MAX_EDITS = 120  # of one address; a repair of checks may add a hundred
_RETIME = re.compile(r"r\.(\d{1,5})\.(\d{1,12})(\.first)?")
_DROP = re.compile(r"d\.(\d{1,5})")
_ADD = re.compile(r"a\.(\d{1,12})\.(order|cancel|move|exam|history)\.([a-z0-9_]{0,80})(\.first)?")
_FIELD = {"order": "order", "cancel": "order", "move": "to", "exam": "part"}


def edit_text(edit: Edit) -> str:
    """A change as it stands in an address."""
    match edit:
        case Retime():
            return f"r.{edit.act}.{edit.to_s}{'.first' if edit.is_first else ''}"
        case Drop():
            return f"d.{edit.act}"
        case Add():
            verb, what = verb_and_what(edit.command)
            return f"a.{edit.at_s}.{verb}.{what}{'.first' if edit.is_first else ''}"


def edit_from(text: str) -> Edit:
    """A change from an address.

    Raises:
        UsageError: it is none.
    """
    if match := _RETIME.fullmatch(text):
        return Retime(int(match[1]), int(match[2]), is_first=bool(match[3]))
    if match := _DROP.fullmatch(text):
        return Drop(int(match[1]))
    if match := _ADD.fullmatch(text):
        verb, what = match[2], match[3]
        told = {"do": verb} | ({_FIELD[verb]: what} if verb in _FIELD else {})
        return Add(command_from_json(told), int(match[1]), is_first=bool(match[4]))
    raise UsageError(_("“%(text)s” is no change of a run") % {"text": text[:80]})


def address_of(edits: Iterable[Edit]) -> str:
    """The query of an address with these changes."""
    return "?" + urlencode([("edit", edit_text(edit)) for edit in edits], doseq=True) + "#what-if"


def edits_asked(query: QueryDict, course: Played, search: OrderSearch) -> tuple[list[Edit], str]:
    """The changes of an address with the one of its form, and what is wrong with the form (empty: nothing)."""
    texts = query.getlist("edit")
    if len(texts) > MAX_EDITS:
        raise UsageError(_("at most %(n)d changes at once") % {"n": MAX_EDITS})
    edits = [edit_from(text) for text in texts]
    if any(not isinstance(edit, Add) and edit.act >= len(course.acts) for edit in edits):
        raise UsageError(_("Choose one of your actions."))
    try:
        fresh = _from_form(query, course, search)
    except UsageError as error:
        return edits, str(error)
    return _with(edits, fresh), ""


def _from_form(query: Mapping[str, str], course: Played, search: OrderSearch) -> Edit | None:
    how = query.get("how", "")
    if how == "drop":
        return Drop(_act(query, course))
    if how == "move":
        return Retime(_act(query, course), _seconds(query.get("to", ""), course))
    if how == "theirs" and query.get("expert"):
        edit = edit_from(query["expert"])
        return edit if isinstance(edit, Add) else None
    if how == "add" and query.get("what", "").strip():
        at_s = _seconds(query.get("at", ""), course)
        return Add(command_from_json({"do": "order", "order": _order(query["what"], course, search)}), at_s)
    return None


def _act(query: Mapping[str, str], course: Played) -> int:
    text = query.get("act", "")
    if not (text.isascii() and text.isdigit() and int(text[:6]) < len(course.acts)):
        raise UsageError(_("Choose one of your actions."))
    return int(text)


def _seconds(text: str, course: Played) -> int:
    packed = "".join(text.lower().split()).replace("min", "m") or "0m"
    packed = packed + "m" if packed.isdigit() else packed
    try:
        seconds = parse_duration(packed)
    except UsageError:
        raise UsageError(_("“%(text)s” is no time; write it as 45m, 1h30m or 2d.") % {"text": text[:40]}) from None
    if seconds > course.case.end_s:
        raise UsageError(_("The case is over by then."))
    return seconds


def _order(text: str, course: Played, search: OrderSearch) -> str:
    """The order that the words mean: an id, or what the search would take."""
    text = text.strip()
    if text in course.case.catalogue.orders:
        return text
    answer = search.find(text[:200], location=course.case.file.start.location)
    if answer.preselected is not None:
        return answer.preselected
    near = ", ".join(hit.shown for hit in answer.hits[:5])
    if near:
        raise UsageError(_("“%(text)s” could be: %(near)s. Write one of them.") % {"text": text[:60], "near": near})
    raise UsageError(_("There is no order “%(text)s”.") % {"text": text[:60]})


def _with(edits: list[Edit], fresh: Edit | None) -> list[Edit]:
    """The changes with one more; of two that concern one act the later counts."""
    if fresh is None or fresh in edits:
        return edits
    if isinstance(fresh, Add):
        return [*edits, fresh]
    return [edit for edit in edits if isinstance(edit, Add) or edit.act != fresh.act] + [fresh]
