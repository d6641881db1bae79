"""The rubric of a case: the six kinds of items, told apart by their key, and the figures by which a score is limited."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from bedside.cases.case_values import Dimension, Guard, Model, Name, Number, Percent, Target, Targets, Text
from bedside.cases.durations import Duration, Span

Points = Annotated[Number, Field(gt=0, le=100)]
Harm = Annotated[Number, Field(lt=0, ge=-100)]
KINDS = ("do", "before", "watch", "reach", "avoid", "event")


class _Item(Model):
    """What every item has."""

    id: Name = Field(description="Unique in the case.")
    title: Annotated[Text, Field(max_length=80)] | None = Field(
        default=None, description="What the debrief calls it, a few words. Absent: the words of the id."
    )
    dimension: Dimension | None = Field(default=None, description="Part of the profile, where the catalogue's is not meant.")


class _Credit(_Item):
    pts: Points = Field(description="Points it earns in full.")
    tier: Literal["critical"] | None = Field(default=None, description="`critical`: a score without it is limited.")

    @property
    def cap(self) -> float | None:
        """A credit limits a score only by being critical."""
        return None


class _Timed(_Credit):
    from_event: Name | None = Field(default=None, alias="from", description="Event from which time counts. Absent: the start.")
    full_s: Duration | None = Field(default=None, alias="full", description="In full until then.")
    zero_s: Span | None = Field(default=None, alias="zero", description="Nothing from then on; linear in between.")

    @model_validator(mode="after")
    def _window(self) -> Self:
        if (self.full_s is None) != (self.zero_s is None):
            raise ValueError("`full` and `zero` go together")
        if self.full_s is not None and self.zero_s is not None and self.full_s >= self.zero_s:
            raise ValueError("`zero` must be later than `full`")
        return self


class _Harm(_Item):
    pts: Harm = Field(description="Points it costs, a negative number.")
    cap: Percent | None = Field(default=None, description="A score with this harm is limited to that.")

    @property
    def tier(self) -> None:
        """No harm is critical."""
        return


class Do(_Timed):
    """Credit for the best matching action."""

    do: Targets = Field(description="Target or list of targets.")
    when: Guard | None = Field(default=None, description="Guard, judged at the moment of the action.")


class Before(_Credit):
    """Credit where the first A comes before the first B."""

    before: tuple[Target, Target] = Field(description="[A, B].")


class Watch(_Credit):
    """Credit for the share of the interval in which no gap is longer than `every`."""

    watch: Targets = Field(description="Target or list of targets.")
    every_s: Span = Field(alias="every", description="The longest gap.")
    from_event: Name | None = Field(default=None, alias="from", description="Event that opens the interval. Absent: the start.")
    until_event: Name | None = Field(default=None, alias="until", description="Event that closes it. Absent: the end.")


class Reach(_Timed):
    """Credit for an event in time, the patient alive."""

    reach: Name = Field(description="The event.")


class Avoid(_Harm):
    """Harm by an action."""

    avoid: Targets = Field(description="Target or list of targets.")
    when: Guard | None = Field(default=None, description="Guard, judged at the moment of the action.")


class Happened(_Harm):
    """Harm that happened."""

    event: Name = Field(description="The event.")


def _kind(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else type(value).model_fields if isinstance(value, Model) else ()
    kinds = [kind for kind in KINDS if kind in keys]
    return f"<{kinds[0]}>" if len(kinds) == 1 else None


RubricItem = Annotated[
    Annotated[Do, Tag("<do>")]
    | Annotated[Before, Tag("<before>")]
    | Annotated[Watch, Tag("<watch>")]
    | Annotated[Reach, Tag("<reach>")]
    | Annotated[Avoid, Tag("<avoid>")]
    | Annotated[Happened, Tag("<event>")],
    Discriminator(
        _kind,
        custom_error_type="rubric_kind",
        custom_error_message=f"an item has exactly one of the keys {', '.join(KINDS)}",
    ),
]


class Intrusive(Model):
    """What orders cost that burden the patient and earn nothing."""

    each: Number = Field(default=5, ge=0)
    max: Number = Field(default=20, ge=0)


class Clutter(Model):
    """What other orders cost that earn nothing."""

    free: int = Field(default=6, ge=0, strict=True)
    each: Number = Field(default=0.5, ge=0)
    max: Number = Field(default=10, ge=0)


class Scoring(Model):
    """The figures of the score; a case without any has these."""

    miss_critical_cap: Percent = Field(default=60, description="Limit where a critical item is missed.")
    death_cap: Percent = Field(default=20, description="Limit where the patient dies.")
    soft: Annotated[Number, Field(ge=0, le=1)] = Field(default=0.3, description="Share of what lies above a limit that stays.")
    intrusive: Intrusive = Field(default_factory=Intrusive)
    clutter: Clutter = Field(default_factory=Clutter)
    neutral: tuple[Target, ...] = Field(default=(), description="Orders that neither earn nor cost.")
