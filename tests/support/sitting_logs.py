"""Forms and logs of sittings, made by chance."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Body,
    Event,
    FixedBreak,
    Mode,
    Navigation,
    SetKind,
    digest_after,
)
from tests.support.sittings import T0, form

FORMS = st.builds(
    form,
    blocks=st.integers(1, 3),
    items=st.integers(1, 3),
    limit_min=st.sampled_from([None, 1, 10]),
    mode=st.sampled_from(Mode),
    break_min=st.sampled_from([None, 0, 5]),
    tutorial_min=st.integers(0, 3),
    grace_s=st.sampled_from([None, 0, 60]),
    kind=st.sampled_from(["one_best_answer", "multiple_select", "numeric"]),
    set_kind=st.sampled_from([None, None, *SetKind]),
    navigation=st.sampled_from(Navigation),
    fixed_break=st.sampled_from([None, None, FixedBreak(None, False), FixedBreak(240, False), FixedBreak(240, True)]),
    total_min=st.sampled_from([None, None, 15]),
    stop_clock_min=st.sampled_from([0, 5]),
    is_unused_kept=st.booleans(),
    cases=st.sampled_from([0, 0, 1, 2]),
    case_min=st.sampled_from([None, 3, 10]),
    case_tutorial_min=st.sampled_from([0, 6]),
)
ITEMS = st.builds("test-{}{:02d}".format, st.integers(1, 3), st.integers(1, 3))
LETTERS = st.sampled_from("ABCDEF")
CASES = st.sampled_from(["case-1", "case-1", "case-2"])
COMMANDS = st.sampled_from(
    [{"do": "order", "order": "ns_iv", "in_s": 0}, {"do": "advance", "seconds": 60}, {"do": "end", "diagnosis": None}]
)
ENDS = ["", digest_after("", {"do": "advance", "seconds": 60}), digest_after("", {"do": "end", "diagnosis": None})]
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # neither half a character nor a NUL
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(delivery.Started),
    st.builds(delivery.BlockOpened, st.integers(1, 4)),
    st.builds(delivery.BlockOpened, st.integers(1, 2)),
    st.builds(delivery.ItemShown, ITEMS),
    st.builds(
        delivery.Answered,
        item=ITEMS,
        choice=st.lists(LETTERS, min_size=1, max_size=2).map(tuple),
        ms=st.integers(0, 10**7),
        confidence=st.sampled_from([None, "sure", "unsure"]),
    ),
    st.builds(delivery.Answered, item=ITEMS, value=st.sampled_from(["7", "7.35", "-.5"])),
    st.builds(delivery.Cleared, ITEMS),
    st.builds(delivery.MovedOn, ITEMS),
    st.builds(
        delivery.Accommodated,
        time_factor=st.sampled_from(["1", "5/4", "3/2", "2"]),
        extra_break_s=st.sampled_from([0, 600]),
        stop_clock_s=st.sampled_from([0, 300]),
    ),
    st.builds(delivery.Flagged, ITEMS, on=st.booleans()),
    st.builds(delivery.Struck, ITEMS, LETTERS, on=st.booleans()),
    st.builds(delivery.Highlighted, ITEMS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4).map(tuple)),
    st.builds(delivery.Noted, ITEMS, st.text(STORABLE, max_size=20)),
    st.builds(delivery.Settings, st.dictionaries(st.text(STORABLE, max_size=5), st.booleans(), max_size=2)),
    st.builds(delivery.BlockClosed, st.integers(1, 3)),
    st.builds(delivery.CaseCommanded, CASES, st.sampled_from([1, 1, 2, 3]), COMMANDS),
    st.builds(delivery.CaseCommanded, CASES, st.sampled_from([1, 2, 2, 3]), COMMANDS),
    st.builds(delivery.CaseClosing, CASES),
    st.builds(delivery.CaseEnded, CASES, st.sampled_from([one or "0" * 64 for one in ENDS])),
    st.builds(delivery.BreakStarted),
    st.builds(delivery.BreakEnded),
    st.builds(delivery.Finished),
    st.builds(delivery.Resumed),
    st.builds(delivery.TimeExpired, st.integers(1, 3)),
    st.builds(delivery.WriterIssued, st.builds(UUID, int=st.integers(1, 3))),
    st.builds(delivery.Suspended),
    st.builds(delivery.Reopened),
    st.builds(delivery.GrantedTime, st.integers(1, 3), st.integers(1, 600)),
    st.builds(delivery.Message, st.text(STORABLE, max_size=10)),
    st.builds(delivery.Disclosed, st.lists(ITEMS, min_size=1, max_size=2).map(tuple)),
    st.builds(delivery.FormFixed, st.just("0" * 64)),
    st.builds(delivery.Voided),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Events of up to three writers, each writer's in order of time; most begin with an opened block."""
    bodies = draw(st.lists(BODIES, max_size=25))
    if draw(st.booleans()):
        bodies = [delivery.Started(), delivery.BlockOpened(1), *bodies]
    if draw(st.booleans()):  # straight to a case, where there is one
        way = [body for n in (1, 2, 3) for body in (delivery.BlockOpened(n), delivery.BlockClosed(n))]
        bodies = [delivery.Started(), *way[: draw(st.sampled_from([3, 5]))], *bodies]
    at, seqs, events = T0, {1: 0, 2: 0, 3: 0}, []
    for body in bodies:
        at += timedelta(seconds=draw(st.sampled_from([0, 1, 20, 200, 900])))
        writer = draw(st.sampled_from([1, 1, 1, 2, 3]))
        seqs[writer] += 1
        received = at + timedelta(seconds=draw(st.sampled_from([0, 0, 30, 4000])))
        facts = draw(st.sampled_from([(False, False)] * 4 + [(True, False), (False, True)]))
        events.append(Event(UUID(int=writer), seqs[writer], at, received, 0, body, *facts))
    return events
