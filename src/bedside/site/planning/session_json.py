"""A session as JSON, to be kept for its day: pieces by their names, areas by their codes, reasons by their kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bedside.site.planning.standing import Standing
from bedside.study import (
    Ahead,
    Breadth,
    Due,
    HighYield,
    Kind,
    LeftOut,
    Piece,
    RealConditions,
    Reason,
    Session,
    Subject,
    WeeklyCase,
    Why,
)

Json = dict[str, Any]
REASONS = {kind.__name__: kind for kind in (Ahead, Breadth, Due, HighYield, RealConditions, WeeklyCase)}


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """A piece of a kept session. `item` is the item that asks it, "" for a flashcard and for what is done as a whole."""

    kind: Kind
    name: str  # the subject, or the id of the case or block
    item: str
    area: str  # code; "" for none
    minutes: float
    reason: Reason

    @property
    def is_takeaway(self) -> bool:
        return self.name.startswith("takeaway:")

    @property
    def is_whole(self) -> bool:
        return self.kind in (Kind.CASE, Kind.BLOCK)


@dataclass(frozen=True, slots=True)
class KeptLeftOut:
    """What was owed and did not fit into the minutes."""

    why: Why
    minutes: float
    area: str  # code; "" for none


def session_json(session: Session, standing: Standing) -> Json:
    """The session; of two pieces that one item asks, the second is done with the first and is not told."""
    pieces: list[Json] = []
    items: set[str] = set()
    for piece in session.pieces:
        item = standing.shows.get(Subject(piece.name), "")
        if item and item in items:
            continue
        items.add(item)
        pieces.append(_piece_json(piece, item, standing.area_codes))
    return {
        "programme": standing.programme,
        "step": standing.step,
        "exam_on": standing.state.exam_on.isoformat() if standing.state.exam_on else None,
        "seed": session.seed,
        "n_unmet": len(standing.state.unmet),
        "pieces": pieces,
        "left_out": [_left_out_json(one, standing.area_codes) for one in session.left_out if session.minutes > 0],
    }


def pieces_from(told: Mapping[str, Any]) -> tuple[KeptPiece, ...]:
    """The pieces back from their JSON."""
    return tuple(
        KeptPiece(Kind(one["kind"]), one["name"], one["item"], one["area"], one["minutes"], _reason(one["reason"]))
        for one in told["pieces"]
    )


def left_out_from(told: Mapping[str, Any]) -> tuple[KeptLeftOut, ...]:
    """What was left out, back from its JSON."""
    return tuple(KeptLeftOut(Why(one["why"]), one["minutes"], one["area"]) for one in told["left_out"])


def reason_json(reason: Reason) -> Json:
    """A reason by its kind and its values."""
    values = {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(reason).items()}
    return {"kind": type(reason).__name__, **values}


def _reason(told: Mapping[str, Any]) -> Reason:
    values = {name: value for name, value in told.items() if name != "kind"}
    made: Reason = REASONS[told["kind"]](**values)
    return made


def _piece_json(piece: Piece, item: str, codes: Sequence[str]) -> Json:
    return {
        "kind": piece.kind.value,
        "name": piece.name,
        "item": item,
        "area": codes[piece.area] if piece.area >= 0 else "",
        "minutes": round(piece.minutes, 2),
        "reason": reason_json(piece.reason),
    }


def _left_out_json(one: LeftOut, codes: Sequence[str]) -> Json:
    area = codes[one.area] if one.area is not None and one.area >= 0 else ""
    return {"why": one.why.value, "minutes": round(one.minutes, 1), "area": area}
