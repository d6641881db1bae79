"""What is chosen on the practice page: out of the address, out of a form, or out of the profile; and into a wish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from bedside.delivery import Mode
from bedside.errors import UsageError
from bedside.site.accounts.models import Profile
from bedside.site.content import Content
from bedside.site.practice.actions import MAX_ITEMS, Wish
from bedside.site.practice.pool import STATES, Filter, State

USUAL_ITEMS = 20  # where the programme's file gives no block
MODES = (Mode.TUTOR, Mode.TIMED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in the form. `codes` holds those chosen in each axis of the step, and nothing the step does not have."""

    programme: str
    step: str
    n_items: int
    mode: Mode = Mode.TUTOR
    state: State = "any"
    collection: str | None = None
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """Programme and step as the list of steps writes them."""
        return f"{self.programme}/{self.step}"

    @property
    def filter(self) -> Filter:
        """The filter that this asks for."""
        return Filter(axes=self.codes, state=self.state, collection=self.collection)

    @property
    def query(self) -> str:
        """The part of an address that gives this choice again."""
        pairs = [("step", self.value), ("items", self.n_items), ("mode", self.mode.value), ("state", self.state)]
        pairs += [("collection", self.collection)] if self.collection else []
        pairs += [(axis, code) for axis, codes in self.codes.items() for code in codes]
        return urlencode(pairs)

    def wish(self) -> Wish:
        """What to make a block of."""
        return Wish(self.programme, self.step, self.mode, self.n_items, filter=self.filter)


def asked(data: QueryDict, content: Content, *, on: date, kept: Choice) -> Choice:
    """The choice that an address or a form gives; what it leaves out is as kept.

    Raises:
        UsageError: a step, a number, a mode or a state that does not exist; names it.
    """
    programme, _slash, step = data.get("step", kept.value).partition("/")
    known = content.programmes.get(programme)
    found = known.step(step) if known else None
    if found is None:
        raise UsageError(f'there is no step "{programme}/{step}"')
    is_other = (programme, step) != (kept.programme, kept.step)
    standard = usual_items(content, programme, step, on=on) if is_other and "items" not in data else kept.n_items
    axes = {axis.name: [code for code in data.getlist(axis.name) if code in axis.codes] for axis in found.axes}
    collections = set(content.bank.collection_of.values())
    collection = data.get("collection") or None
    return Choice(
        programme,
        step,
        _number(data.get("items"), standard),
        _mode(data.get("mode", kept.mode.value)),
        _state(data.get("state", kept.state)),
        collection if collection in collections else None,
        {axis: tuple(dict.fromkeys(codes)) for axis, codes in axes.items() if codes},
    )


def kept_choice(profile: Profile, content: Content, *, on: date) -> Choice | None:
    """The last choice, else the exam that the profile names, else the first step with items. None: there is no programme."""
    saved = profile.last_practice
    for programme, step in ((saved.get("programme"), saved.get("step")), (profile.programme, profile.step)):
        known = content.programmes.get(programme or "")
        if known is not None and known.step(step or "") is not None:
            is_saved = saved.get("programme") == programme and saved.get("step") == step
            usual = Choice(known.name, step or "", usual_items(content, known.name, step or "", on=on))
            return _restored(saved, usual, content) if is_saved else usual
    return _first(content, on=on)


def usual_items(content: Content, programme: str, step: str, *, on: date) -> int:
    """As many items as a block of the exam has on that day."""
    edition = content.programmes[programme].on(on).step(step)
    for form in edition.forms if edition else ():
        for block in form.blocks:
            if isinstance(block.n_items_max, int) and 0 < block.n_items_max <= MAX_ITEMS:
                return block.n_items_max
    return USUAL_ITEMS


def _first(content: Content, *, on: date) -> Choice | None:
    served = {(entry.programme, entry.step) for item in content.items.values() for entry in item.blueprint}
    steps = [(programme.name, step.name) for programme in content.programmes.values() for step in programme.steps]
    for programme, step in sorted(steps, key=lambda pair: pair not in served):
        return Choice(programme, step, usual_items(content, programme, step, on=on))
    return None


def _restored(saved: Mapping[str, Any], usual: Choice, content: Content) -> Choice:
    """The kept choice, without what the content no longer has."""
    wanted = saved.get("filter") or {}
    step = content.programmes[usual.programme].step(usual.step)
    axes = {axis.name: axis.codes for axis in step.axes} if step else {}
    codes = {
        axis: tuple(code for code in chosen if code in axes[axis])
        for axis, chosen in (wanted.get("axes") or {}).items()
        if axis in axes
    }
    collection = wanted.get("collection")
    return Choice(
        usual.programme,
        usual.step,
        int(saved.get("items") or usual.n_items),
        _mode(saved.get("mode", "tutor")),
        _state(wanted.get("state", "any")),
        collection if collection in set(content.bank.collection_of.values()) else None,
        {axis: chosen for axis, chosen in codes.items() if chosen},
    )


def _number(text: str | None, standard: int) -> int:
    if text is None or not text.strip():
        return standard
    try:
        return int(text)
    except ValueError:
        raise UsageError(f'the number of items is "{text[:20]}"; it must be a whole number from 1 to {MAX_ITEMS}') from None


def _mode(name: str) -> Mode:
    if name not in {mode.value for mode in MODES}:
        raise UsageError(f'the mode is "{name[:20]}"; it must be tutor or timed')
    return Mode(name)


def _state(name: str) -> State:
    if name not in STATES:
        raise UsageError(f'the state is "{name[:20]}"; it must be one of {", ".join(STATES)}')
    return name
