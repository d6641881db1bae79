"""Everything that is counted of a bank, together: for the command, its JSON and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedside.bank.agreement import Trust, trust_of
from bedside.bank.coverage import PublishedRange, Stats, stats
from bedside.bank.folder import Bank
from bedside.bank.grid import Grid, grids
from bedside.bank.models import Model
from bedside.bank.spread import AreaFamilies, Difficulty, by_rule, difficulty, families
from bedside.findings import Finding


@dataclass(frozen=True, slots=True)
class ModelCounts:
    """The question models: how many, in which status, and for which steps."""

    n: int
    by_status: Mapping[str, int]
    by_step: Mapping[tuple[str, str], int]

    def as_dict(self) -> dict[str, Any]:
        return {
            "models": self.n,
            "status": dict(self.by_status),
            "steps": [{"programme": name, "step": step, "models": n} for (name, step), n in self.by_step.items()],
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole bank. `rules` is None where the linter was not asked."""

    stats: Stats
    models: ModelCounts
    grids: tuple[Grid, ...]
    areas: tuple[AreaFamilies, ...]
    difficulty: Difficulty
    difficulty_by_step: Mapping[tuple[str, str], Difficulty]
    trust: Trust
    rules: Mapping[str, Mapping[str, int]] | None

    @property
    def family_sizes(self) -> Mapping[str, int]:
        """How many takeaways have no item, one, two, three, and four or more."""
        total: Counter[str] = Counter()
        for area in self.areas:
            total.update(area.by_items)
        return dict(total)

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that `bedside bank stats --json` prints, apart from the day."""
        return {
            **self.stats.as_dict(),
            "models": self.models.as_dict(),
            "grids": [grid.as_dict() for grid in self.grids],
            "families": {"by_items": dict(self.family_sizes), "areas": [area.as_dict() for area in self.areas]},
            "difficulty": {
                **self.difficulty.as_dict(),
                "steps": [
                    {"programme": name, "step": step, **spread.as_dict()}
                    for (name, step), spread in self.difficulty_by_step.items()
                ],
            },
            "reviews": self.trust.total.as_dict(),
            "rules": None if self.rules is None else {rule: dict(counts) for rule, counts in self.rules.items()},
        }


def overview(
    bank: Bank,
    *,
    ranges: Sequence[PublishedRange],
    cases: Mapping[str, Sequence[str]],
    findings: Iterable[Finding] | None = None,
    goal: int | None = None,
) -> Overview:
    """Count everything.

    Args:
        ranges: the published rows in force, in the order in which they are to be shown.
        cases: the takeaways of each patient case.
        findings: all that was found wrong, the linter's findings among it.
        goal: how many items a step should have, for what to write next.
    """
    items, models = bank.items, bank.models
    steps: dict[tuple[str, str], list[str]] = {}
    for item in items.values():
        for entry in item.blueprint:
            steps.setdefault((entry.programme, entry.step), []).append(item.id)
    return Overview(
        stats=stats(items, collection_of=bank.collection_of, n_takeaways=len(bank.takeaways), ranges=ranges),
        models=_model_counts(models),
        grids=grids(items.values(), ranges, goal=goal),
        areas=families(
            bank.takeaways,
            items.values(),
            models={name: model.takeaways for name, model in models.items()},
            cases=cases,
            ranges=[row for row in ranges if (row.programme, row.step) in steps],
        ),
        difficulty=difficulty(items.values()),
        difficulty_by_step={step: difficulty(items[name] for name in names) for step, names in sorted(steps.items())},
        trust=trust_of(bank.all_items, bank.reviews, models=models.values()),
        rules=None if findings is None else by_rule(findings),
    )


def _model_counts(models: Mapping[str, Model]) -> ModelCounts:
    steps = Counter((entry.programme, entry.step) for model in models.values() for entry in model.blueprint)
    status = Counter(model.status.value for model in models.values())
    return ModelCounts(len(models), dict(sorted(status.items())), dict(sorted(steps.items())))
