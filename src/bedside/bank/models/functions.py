"""The functions that expressions of a model may call. Rounding is a person's: half away from zero, of the number meant."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType

from bedside.expressions import Function

DIGITS = 12  # significant ones that count: 0.1 + 0.2 is 0.3, and the last bit of a machine's logarithm decides nothing
MOST_DECIMALS = 10
_WIDE = Context(prec=500)  # holds the largest number of the language with all its decimals
_MOST_CHOSEN_FROM = 500  # choose(500, 250) still fits the language's largest number


def exact(value: float) -> Decimal:
    """The decimal number that is meant by a computed one."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{DIGITS}g}")


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """The number with so many decimals, half away from zero."""
    number = value if isinstance(value, Decimal) else exact(value)
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, context=_WIDE)


def half_away(value: float, decimals: float = 0) -> float:
    """`round` of the language: half away from zero; without decimals a whole number.

    Raises:
        ValueError: decimals that are no whole number from 0 to 10.
    """
    if not float(decimals).is_integer() or not 0 <= decimals <= MOST_DECIMALS:
        raise ValueError(f"decimals are a whole number from 0 to {MOST_DECIMALS}")
    number = rounded(value, int(decimals))
    return int(number) if decimals == 0 else float(number) + 0.0  # never -0.0


def floor(value: float) -> float:
    """The largest whole number that is not above the value."""
    return math.floor(exact(value))


def ceil(value: float) -> float:
    """The smallest whole number that is not below the value."""
    return math.ceil(exact(value))


def choose(n: float, k: float) -> float:
    """In how many ways k things are chosen from n.

    Raises:
        ValueError: no whole numbers, or over the limit.
    """
    if not (float(n).is_integer() and float(k).is_integer() and k >= 0 and 0 <= n <= _MOST_CHOSEN_FROM):
        raise ValueError(f"whole numbers, n from 0 to {_MOST_CHOSEN_FROM}")
    return math.comb(int(n), int(k))


def normal_cdf(z: float) -> float:
    """The share of a standard normal distribution below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "abs": abs,
        "ceil": ceil,
        "choose": choose,
        "exp": math.exp,
        "floor": floor,
        "log": math.log,
        "log10": math.log10,
        "max": max,
        "min": min,
        "normal_cdf": normal_cdf,
        "round": half_away,
        "sqrt": math.sqrt,
    }
)
