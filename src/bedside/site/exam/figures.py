"""Figures of a report as its JSON writes them: shares in per cent, differences in points of it, times in milliseconds."""

from __future__ import annotations

from typing import Any

from bedside.delivery import Contrast, Estimate, Findings, Form, Part, Share, sign_test

WILSON = "Wilson, 95%"
NEWCOMBE = "Newcombe, 95%"
MEDIAN = "order statistics, 95%"
SHIFT = "Hodges-Lehmann, 95%"
LINE = "least squares with HC3, 95%"
SLOPE = "Sen, 95%"
SIGN = "exact sign test, 95%"

POINTS = "points"  # of per cent


def percent(share: float) -> float:
    return round(100 * share, 1)


def share_json(share: Share) -> dict[str, Any]:
    """A share with its interval, in per cent."""
    return {
        "n_correct": share.n_correct,
        "n": share.n,
        "percent": None if share.share is None else percent(share.share),
        "low": percent(share.low),
        "high": percent(share.high),
        "interval": WILSON,
    }


def points_json(found: Estimate | None, method: str, unit: str = POINTS) -> dict[str, Any] | None:
    """A difference or a trend of shares, in points of per cent."""
    return None if found is None else _estimate(found.scaled(100), method, unit, decimals=1)


def ms_json(found: Estimate | None, method: str, unit: str = "ms") -> dict[str, Any] | None:
    """A time, or a difference of times, in whole milliseconds."""
    return None if found is None else _estimate(found, method, unit, decimals=0)


def findings_json(found: Findings, form: Form) -> dict[str, Any]:
    """The findings of a rehearsal, every one with its n and its interval."""
    fatigue, time, rushed = found.fatigue, found.time, found.rushed
    return {
        "n_items": found.n_items,
        "n_answered": found.n_answered,
        "blocks": [_block(part, form) for part in found.blocks],
        "hours": [{"hour": part.name, **_part(part)} for part in found.hours],
        "fatigue": {
            "last_third": share_json(fatigue.accuracy.group),
            "first_third": share_json(fatigue.accuracy.others),
            "difference": points_json(fatigue.accuracy.difference, NEWCOMBE),
            "can_be_read": fatigue.can_be_read,
            "trend": points_json(fatigue.trend, LINE, "points an hour"),
            "pace_first": ms_json(fatigue.pace_first, MEDIAN),
            "pace_last": ms_json(fatigue.pace_last, MEDIAN),
            "pace_difference": ms_json(fatigue.pace, SHIFT),
            "pace_trend": ms_json(fatigue.pace_trend, SLOPE, "ms an hour"),
        },
        "time": {
            "right": ms_json(time.right, MEDIAN),
            "wrong": ms_json(time.wrong, MEDIAN),
            "longer_on_wrong": ms_json(time.longer_on_wrong, SHIFT),
            "quarters": [{"quarter": part.name, **_part(part)} for part in time.quarters],
        },
        "last_minutes": found.last_minutes and contrast_json(found.last_minutes),
        "rushed": rushed and {"under_ms": found.rushed_ms, **contrast_json(rushed)},
        "changes": _changes(found),
        "unanswered": _unanswered(found),
        "flagged": contrast_json(found.flagged),
        "confidence": {
            "sure": share_json(found.sureness.sure),
            "unsure": share_json(found.sureness.unsure),
            "unmarked": share_json(found.sureness.unmarked),
            "difference": points_json(found.sureness.difference, NEWCOMBE),
        },
    }


def contrast_json(found: Contrast) -> dict[str, Any]:
    """Some items against all others."""
    return {
        "these": share_json(found.group),
        "others": share_json(found.others),
        "difference": points_json(found.difference, NEWCOMBE),
    }


def _part(part: Part) -> dict[str, Any]:
    return {**share_json(part.share), "n_answered": part.n_answered, "pace": ms_json(part.pace, MEDIAN)}


def _block(part: Part, form: Form) -> dict[str, Any]:
    return {
        "block": part.name,
        "section": form.blocks[part.name - 1].section,
        **_part(part),
        "used_ms": part.used_ms,
        "limit_ms": part.limit_ms,
        "closed_by": part.closed_by,
    }


def _changes(found: Findings) -> dict[str, Any]:
    changes = found.changes
    net = changes.net
    return {
        "n": changes.n,
        "wrong_to_right": changes.wrong_to_right,
        "right_to_wrong": changes.right_to_wrong,
        "wrong_to_wrong": changes.wrong_to_wrong,
        "right_to_right": changes.right_to_right,
        "gained": share_json(changes.gained),
        "net": _estimate(net, SIGN, "items", decimals=1),
        "p": round(sign_test(changes.wrong_to_right, changes.right_to_wrong), 4) if net.n else None,
    }


def _unanswered(found: Findings) -> dict[str, Any]:
    blanks = share_json(found.blanks.share)
    return {
        "n_blank": blanks.pop("n_correct"),
        **blanks,
        "by_guessing": round(found.blanks.by_guessing, 1),
        "n_guessable": found.blanks.n_guessable,
    }


def _estimate(found: Estimate, method: str, unit: str, *, decimals: int) -> dict[str, Any]:
    value, low, high = (round(one, decimals) for one in (found.value, found.low, found.high))
    if decimals == 0:
        value, low, high = int(value), int(low), int(high)
    return {"value": value, "low": low, "high": high, "unit": unit, "n": found.n, "sign": found.sign, "interval": method}
