"""Options that are numbers: disjoint, alike in unit and precision, in order. And the order of options that are words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bedside.bank.lint.quantity import Quantity, overlap, read_quantities
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import OptionView, View
from bedside.findings import Severity

OVERLAPPING = Rule(
    "overlapping-numbers",
    "ID4",
    Severity.ERROR,
    "Two numeric options share values, so that both can be right.",
    on_imported=True,
)
INCONSISTENT = Rule(
    "inconsistent-numbers",
    "ID4",
    Severity.WARNING,
    "Numeric options differ in unit, precision or form.",
)
OUT_OF_ORDER = Rule(
    "options-out-of-order",
    "ID6",
    Severity.WARNING,
    "Options stand in no natural order: numbers ascending, words by the alphabet.",
)


def overlapping_numbers(view: View) -> Iterator[Hit]:
    quantities = _quantities(view.options)
    if quantities is None or not any(quantity.is_range for quantity in quantities):
        return
    if len({(quantity.unit, quantity.form) for quantity in quantities if quantity.unit}) > 1:
        return  # inconsistent-numbers speaks of these
    pairs = sorted(
        zip(quantities, view.options, strict=True), key=lambda pair: (pair[0].low, pair[0].low_is_open, pair[0].high)
    )
    widest, widest_option = pairs[0]
    for quantity, option in pairs[1:]:
        if (widest.is_range or quantity.is_range) and overlap(widest, quantity):
            text = f'"{option.plain}" and "{widest_option.plain}" share values; make the intervals disjoint'
            yield Hit(option.spot, text)
            return
        if quantity.high >= widest.high:
            widest, widest_option = quantity, option


def inconsistent_numbers(view: View) -> Iterator[Hit]:
    quantities = _quantities(view.options)
    if quantities is None:
        return
    odd = _odd_unit(quantities)
    if odd is not None:
        is_time = all(quantity.is_time for quantity in quantities)
        units = ", ".join(sorted({quantity.unit or "no unit" for quantity in quantities}))
        text = f"the options have different units ({units}); give all of them in one"
        yield Hit(view.options[odd].spot, text, Severity.NOTE if is_time else None)
    forms = [("interval" if quantity.is_range else "point", quantity.form) for quantity in quantities]
    if len(set(forms)) > 1:
        rarest = Counter(forms).most_common()[-1][0]
        kinds = " and ".join(sorted({kind if form == "number" else form for kind, form in forms}))
        if not _only_open_ends(quantities):
            yield Hit(view.options[forms.index(rarest)].spot, f"the options mix forms ({kinds}); give all in one form")
    yield from _precision(view, quantities)


def _only_open_ends(quantities: Sequence[Quantity]) -> bool:
    """A scale of points that ends in "10 or more" is a usual scale."""
    ranges = [quantity for quantity in quantities if quantity.is_range]
    return len(ranges) <= 2 and all(abs(q.low) == float("inf") or q.high == float("inf") for q in ranges)


def _odd_unit(quantities: Sequence[Quantity]) -> int | None:
    units = [quantity.unit for quantity in quantities]
    counts = Counter(units)
    if len(counts) < 2:
        return None
    zero_has_no_unit = [q.unit for q in quantities if q.low != 0 or q.high != 0]
    if len(set(zero_has_no_unit)) < 2:
        return None
    return units.index(counts.most_common()[-1][0])


def _precision(view: View, quantities: Sequence[Quantity]) -> Iterator[Hit]:
    decimals = [quantity.decimals for quantity in quantities]
    if (
        len({quantity.decimals for quantity in quantities if quantity.low or quantity.high}) < 2
        or len({quantity.form for quantity in quantities}) > 1
    ):
        return
    odd, times = Counter(decimals).most_common()[-1]
    index = decimals.index(odd)
    is_cue = times == 1 and view.options[index].is_key and len(quantities) > 2
    text = "the options are given to different numbers of decimals; write all to the same"
    if is_cue:
        text = "the key alone is given to this number of decimals; write all options to the same"
    yield Hit(view.options[index].spot, text, None if is_cue else Severity.NOTE)


_ORDERED = re.compile(
    r"[0-9]|\b(?:first|second|third|fourth|fifth|sixth|early|late|mild|moderate|severe|increased?|decreased?|unchanged"
    r"|no change|"
    r"higher|lower|stage|grade|class|phase|type|immediately|daily|weekly|monthly|annually|today|tomorrow|low|high|normal|"
    r"i|ii|iii|iv|v|vi|t[0-9]+|yes|no|one|two|three|four|five)\b"
)
_ARTICLE = re.compile(r"^(?:an?|the)\s+")
_NOT_SORTED_BY = re.compile(r"[^a-z0-9à-ÿ ]+")


def options_out_of_order(view: View) -> Iterator[Hit]:
    if len(view.options) < 3:
        return
    quantities = _quantities(view.options)
    if quantities is not None:
        yield from _numeric_order(view, quantities)
        return
    lowered = [option.plain.lower() for option in view.options]
    if sum(bool(_ORDERED.search(text)) for text in lowered) >= 2 or lowered[0].startswith(('"', "“", "‘", "'")):
        return  # may well follow an order of its own
    names = [_ARTICLE.sub("", _NOT_SORTED_BY.sub(" ", text).strip()) for text in lowered]
    for option, before, name in zip(view.options[1:], names, names[1:], strict=False):
        if name.split() < before.split():
            text = (
                "the options are not in the order of the alphabet; sort them, or in the order of time or place "
                "where there is one"
            )
            yield Hit(option.spot, text, Severity.NOTE)
            return


def _numeric_order(view: View, quantities: Sequence[Quantity]) -> Iterator[Hit]:
    places = [quantity.order for quantity in quantities]
    if places == sorted(places):
        return
    if places == sorted(places, reverse=True):
        yield Hit(view.options[0].spot, "the numbers fall; write them in ascending order", Severity.NOTE)
        return
    index = next(n for n in range(1, len(places)) if places[n] < places[n - 1])
    text = f'"{view.options[index].plain}" stands behind "{view.options[index - 1].plain}"; write numbers in ascending order'
    yield Hit(view.options[index].spot, text)


def _quantities(options: Sequence[OptionView]) -> tuple[Quantity, ...] | None:
    if len(options) < 2 or not options[0].plain[:60].strip():
        return None
    return read_quantities(tuple([option.plain for option in options]))


CHECKS = (
    Check(OVERLAPPING, overlapping_numbers),
    Check(INCONSISTENT, inconsistent_numbers),
    Check(OUT_OF_ORDER, options_out_of_order),
)
