"""The words of the debrief: times, actions, lines of the rubric, limits and changes, as sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bedside.cases import (
    PARSIMONY,
    Add,
    Cancel,
    Case,
    Catalogue,
    Command,
    Drop,
    Edit,
    End,
    Ended,
    Examine,
    History,
    Limit,
    Mark,
    Move,
    Order,
    Played,
)
from bedside.site.cases.words import DAY_S, ENDS, PLACES, WEEK_S

MAX_NAMED = 4  # orders of a group that are named; the rest are counted
DIED = "died"

# how words of an id are written that are no common words
SHORT: Mapping[str, str] = {
    "a1c": "A1c",
    "csf": "CSF",
    "ct": "CT",
    "ecg": "ECG",
    "hiv": "HIV",
    "icu": "ICU",
    "iv": "IV",
    "k": "potassium",
    "naat": "NAAT",
    "npo": "NPO",
    "nsaid": "NSAID",
    "nsaids": "NSAIDs",
    "pci": "PCI",
    "pcr": "PCR",
    "vf": "VF",
}
DIMENSIONS: Mapping[str, str | Promise] = {
    "diagnosis": gettext_lazy("Diagnosis"),
    "therapy": gettext_lazy("Therapy"),
    "monitoring": gettext_lazy("Monitoring"),
    "sequence": gettext_lazy("Sequence"),
    "timing": gettext_lazy("Timing"),
    "location": gettext_lazy("Location"),
    "communication": gettext_lazy("Communication"),
}


def span(seconds: int) -> str:
    """A span of virtual time in its two largest units: 45 min, 2 h 30 min, 3 d 4 h."""
    units = ((WEEK_S, _("wk")), (DAY_S, _("d")), (3600, _("h")), (60, _("min")), (1, _("s")))
    if seconds >= 600:
        seconds -= seconds % 60  # seconds count only in the first minutes
    for place, (size, unit) in enumerate(units):
        if seconds >= size * (2 if size in {DAY_S, WEEK_S} else 1):
            count, rest = divmod(seconds, size)
            parts = [f"{count} {unit}"]
            if place + 1 < len(units) and rest >= units[place + 1][0]:
                smaller, name = units[place + 1]
                parts.append(f"{rest // smaller} {name}")
            return " ".join(parts)
    return _("0 min")


def number(value: float) -> str:
    """Points as they are shown: 12, 3.6."""
    return f"{value:.1f}".removesuffix(".0").replace("-", "−")


def item_title(case: Case, item: str) -> str:
    """The name of a line: the title that the case gives it, else the words of its id."""
    if item == PARSIMONY:
        return _("Orders that nothing asked for")
    title = next((one.title for one in case.items if one.id == item), None)
    if title is not None:
        return title
    words = " ".join(SHORT.get(word, word) for word in item.removeprefix("h_").split("_"))
    return words[:1].upper() + words[1:]


def event_name(event: str) -> str:
    """An event, from its name."""
    return event.replace("_", " ")


_ASKED = re.compile(r"\b(state|active|given|done|seen|loc|hours_on)\(\s*(?:[a-z]+:)?([a-z][a-z0-9_]*)\s*\)")
_NAME = re.compile(r"(?<![“\w])[a-z][a-z0-9_]*(?![\w”])")
_SIGNS: Mapping[str, str] = {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "*": "×"}
_JOINING: frozenset[str] = frozenset({"and", "or", "not"})


def guard_words(case: Case, guard: str) -> str:
    """A condition of a case as it is read: quantities by their names, facts in words."""
    facts: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        facts.append(_fact_words(case, match[1], match[2]))
        return f"\0{len(facts) - 1}\0"

    text = _ASKED.sub(put_aside, str(guard))
    text = _NAME.sub(lambda match: match[0] if match[0] in _JOINING else _quantity(case, match[0]), text)
    for sign, shown in _SIGNS.items():
        text = text.replace(sign, shown)
    return re.sub(r"\0(\d+)\0", lambda match: facts[int(match[1])], text)


def _fact_words(case: Case, asked: str, what: str) -> str:
    name = event_name(what)
    match asked:
        case "state":
            return _("the state “%(name)s”") % {"name": name}
        case "seen":
            return _("“%(name)s” reached") % {"name": name}
        case "loc":
            return _("the patient in: %(place)s") % {"place": place_name(what)}
        case "hours_on":
            return _("hours on %(what)s") % {"what": _target(case, what)}
        case "active":
            return _("%(what)s running") % {"what": _target(case, what)}
        case _:
            return _("%(what)s done") % {"what": _target(case, what)}


def _target(case: Case, what: str) -> str:
    return event_name(what) if what in case.file.groups else order_name(case.catalogue, what)


def _quantity(case: Case, name: str) -> str:
    analyte = case.catalogue.analytes.get(name)
    return analyte.name.lower() if analyte is not None else event_name(name)


def order_name(catalogue: Catalogue, order_id: str) -> str:
    """An order as it is read, with its route."""
    order = catalogue.orders.get(order_id)
    if order is None:
        return order_id
    return f"{order.name}, {order.route}" if order.route else order.name


def place_name(place: str) -> str:
    """A place as it is read."""
    return str(PLACES.get(place, place))


def action_words(catalogue: Catalogue, verb: str, what: str) -> str:
    """An action, as the candidate does it."""
    match verb:
        case "order":
            return order_name(catalogue, what)
        case "cancel":
            return _("Stop %(order)s") % {"order": order_name(catalogue, what)}
        case "move":
            return _("Move to: %(place)s") % {"place": place_name(what)}
        case "exam":
            order = catalogue.orders.get(f"exam_{what}")
            return _("Examine: %(part)s") % {"part": order.name if order is not None else what}
        case "history":
            return _("Ask the patient again")
        case _:
            return _("End the case")


def verb_and_what(command: Command) -> tuple[str, str]:
    """A command as verb and target."""
    match command:
        case Order():
            return "order", command.order
        case Cancel():
            return "cancel", command.order
        case Move():
            return "move", command.to
        case Examine():
            return "exam", command.part
        case History():
            return "history", ""
        case _:
            return "end", ""


def command_words(catalogue: Catalogue, command: Command) -> str:
    """A command, with what is unusual about it."""
    text = action_words(catalogue, *verb_and_what(command))
    extra = []
    if isinstance(command, Order):
        extra += [_("urgent")] if command.urgency == "stat" else []
        extra += [_("dose: %(dose)s") % {"dose": command.dose}] if command.dose != "usual" else []
        extra += [_("in %(time)s") % {"time": span(command.in_s)}] if command.in_s else []
    elif isinstance(command, End) and command.diagnosis:
        extra.append(command.diagnosis)
    return f"{text} ({', '.join(extra)})" if extra else text


def any_of(case: Case, targets: Sequence[str]) -> str:
    """Any of these targets, in words; long groups are cut short."""
    words: list[str] = []
    for target in targets:
        verb, colon, what = target.partition(":")
        verb, what = (verb, what) if colon else ("order", target)
        members = case.file.groups.get(what, (what,)) if verb in {"order", "cancel"} else (what,)
        words += [action_words(case.catalogue, verb, member) for member in members]
    words = list(dict.fromkeys(words))
    rest = len(words) - MAX_NAMED
    if rest > 1:
        words = [*words[:MAX_NAMED], ngettext("%(n)d more", "%(n)d more", rest) % {"n": rest}]
    return "; ".join(words)


def mark_words(case: Case, mark: Mark) -> str:
    """What happened, in a few words."""
    match mark.kind:
        case "action":
            text = action_words(case.catalogue, mark.verb, mark.what)
            return _("%(action)s (refused)") % {"action": text} if mark.was_refused else text
        case "note":
            return mark.what
        case "report":
            return _("Report: %(order)s") % {"order": order_name(case.catalogue, mark.what)}
        case "examination":
            return _("Found: %(part)s") % {
                "part": action_words(case.catalogue, "exam", mark.what).partition(": ")[2] or mark.what
            }
        case "arrival":
            return _("Arrived: %(place)s") % {"place": place_name(mark.what)}
        case "state":
            return _("The body: %(state)s") % {"state": event_name(mark.what)}
        case "event":
            return _("Reached: %(event)s") % {"event": event_name(mark.what)}
        case _:
            return str(ENDS.get(mark.what, mark.what))


def end_words(end: Ended | None, now_s: int) -> str:
    """How a run ended, and when."""
    if end is None:
        return _("Stopped at %(time)s.") % {"time": span(now_s)}
    return f"{ENDS[end.reason]} ({span(end.at_s)})"


def limit_words(case: Case, limit: Limit) -> str:
    """Why a score is limited."""
    if limit.id == DIED:
        return _("the patient died")
    plan = next(one for one in case.items if one.id == limit.id)
    if plan.is_critical:
        return _("“%(item)s” is critical and earned nothing") % {"item": item_title(case, limit.id)}
    return _("of the harm “%(item)s”") % {"item": item_title(case, limit.id)}


def edit_words(course: Played, edit: Edit) -> str:
    """A change in words."""
    catalogue = course.case.catalogue
    if isinstance(edit, Add):
        return _("%(action)s added at %(time)s") % {
            "action": command_words(catalogue, edit.command),
            "time": span(edit.at_s),
        }
    act = course.acts[edit.act]
    told = {"action": command_words(catalogue, act.command), "from": span(act.at_s)}
    if isinstance(edit, Drop):
        return _("%(action)s (at %(from)s) left out") % told
    return _("%(action)s at %(to)s in place of %(from)s") % {**told, "to": span(edit.to_s)}
