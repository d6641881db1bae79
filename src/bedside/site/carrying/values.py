"""Values of rows as JSON, and back with every check that a file from anywhere needs."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from pydantic import TypeAdapter, ValidationError

from bedside.delivery import instant_text

FIRST_YEAR, LAST_YEAR = 1970, 2199  # beyond them the reckoning of days, weeks and time zones ends
MAX_TEXT = 1_000_000  # characters of one value: the text of a long case is 200,000


def as_json(value: Any) -> Any:
    """A value of a row as a file holds it."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def reader_of(
    field: models.Field[Any, Any],
    shape: TypeAdapter[Any] | None,
    check: Callable[[Any], object] | None,
    latest: datetime | None,
) -> Callable[[Any], Any]:
    """What makes a value of a row of one of a file. It raises ValueError with what is wrong.

    An instant may not lie after `latest`, where that is given: of what changes the later holds, and one of a clock that is
    wrong would for ever.
    """
    read = _reader(field, shape, latest)

    def reads(value: Any) -> Any:
        if value is None:
            if not field.null:
                raise ValueError("must be there")
            return None
        found = read(value)
        if check is not None:
            check(found)
        return found

    return reads


def _reader(field: models.Field[Any, Any], shape: TypeAdapter[Any] | None, latest: datetime | None) -> Callable[[Any], Any]:
    match field:
        case models.ForeignKey() | models.UUIDField():
            return _uuid
        case models.DateTimeField():
            return lambda value: _instant(value, latest)
        case models.DateField():
            return _date
        case models.BooleanField():
            return _boolean
        case models.IntegerField():
            low, high = connection.ops.integer_field_range(field.get_internal_type())
            return lambda value: _integer(value, 0 if field.get_internal_type().startswith("Positive") else low, high)
        case models.FloatField():
            return _number
        case models.JSONField():
            if shape is None:
                raise TypeError(f"the JSON of {field} has no shape in the table")
            return lambda value: _shaped(value, shape)
        case models.CharField():
            known = {str(choice) for choice, _ in field.flatchoices}
            return lambda value: _chosen(_text(value, field.max_length or MAX_TEXT), known)
        case models.TextField():
            return lambda value: _text(value, MAX_TEXT)
        case _:
            raise TypeError(f"values of {field} can't be read")


def _uuid(value: Any) -> UUID:
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise ValueError("must be an id such as 6f1c2e0a-1b2c-4d3e-8f90-123456789abc")


def _instant(value: Any, latest: datetime | None) -> datetime:
    found = None
    if isinstance(value, str) and value.endswith("Z") and len(value) <= 27:
        with suppress(ValueError, OverflowError):
            found = datetime.fromisoformat(value).astimezone(UTC)
    if found is None:
        raise ValueError("must be an instant such as 2026-03-02T15:00:00Z")
    if latest is not None and found > latest:
        raise ValueError("lies in the future: one of the two computers' clocks is wrong; set it right first")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"must lie in the years from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _date(value: Any) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            found = date.fromisoformat(value)
            if FIRST_YEAR <= found.year <= LAST_YEAR:
                return found
    except ValueError:
        pass
    raise ValueError("must be a date such as 2026-03-02")


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _integer(value: Any, low: int | None, high: int | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(f"must be from {low} to {high}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("must be a number")
    return float(value)


def _shaped(value: Any, shape: TypeAdapter[Any]) -> Any:
    try:
        return shape.dump_python(shape.validate_python(value, strict=False), mode="json")
    except ValidationError as error:
        raise ValueError(error.errors(include_url=False)[0]["msg"]) from None


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("must be a text")
    if len(value) > most:
        raise ValueError(f"has {len(value):,} characters; the limit is {most:,}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a character") from None
    return value


def _chosen(text: str, known: set[str]) -> str:
    if known and text not in known:
        raise ValueError(f"must be one of {', '.join(sorted(known))}")
    return text
