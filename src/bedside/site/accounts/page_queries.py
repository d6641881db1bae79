"""What the pages of a person read: the exams to choose from, in the words of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.site.content import Content


@dataclass(frozen=True, slots=True)
class StepChoice:
    """One step that can be chosen, under its programme."""

    value: str  # "programme/step"
    title: str
    n_items: int


@dataclass(frozen=True, slots=True)
class ProgrammeChoice:
    """One programme with its steps."""

    title: str
    steps: tuple[StepChoice, ...]


def step_choices(content: Content) -> list[ProgrammeChoice]:
    """Every step of every programme, with the number of items that serve it; those with items first."""
    counts: dict[tuple[str, str], int] = {}
    for item in content.items.values():
        for entry in item.blueprint:
            counts[entry.programme, entry.step] = counts.get((entry.programme, entry.step), 0) + 1
    found = [
        ProgrammeChoice(
            programme.title,
            tuple(
                StepChoice(f"{programme.name}/{step.name}", step.title, counts.get((programme.name, step.name), 0))
                for step in programme.steps
            ),
        )
        for programme in content.programmes.values()
    ]
    return sorted(found, key=lambda programme: -sum(step.n_items for step in programme.steps))


def step_title(content: Content, programme: str, step: str) -> str:
    """`United States Medical Licensing Examination, Step 1`, or the names where the programme is gone."""
    known = content.programmes.get(programme)
    found = known.step(step) if known else None
    if known is None or found is None:
        return f"{programme} {step}".strip()
    return f"{known.title}: {found.title}"
