"""The patient cases as a sitting knows them: what `exam.case_port` asks, answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from bedside.delivery import Form, Sitting, percent_text
from bedside.site.accounts.models import User
from bedside.site.cases.drawing import cases_met, draw_cases, drawable, has_cases
from bedside.site.cases.models import CaseRun, CaseText
from bedside.site.cases.sat_rows import score_of, score_runs
from bedside.site.cases.texts import keep_case_texts, text_hash
from bedside.site.cases.words import BANDS, ENDS
from bedside.site.exam.case_port import DrawnCase, KeptText, PlayedCase
from bedside.site.exam.day_cases import DayCases
from bedside.site.exam.models import Sitting as SittingRow


class ForSittings:
    """The port's other side; see `Cases` there."""

    def are_there(self) -> bool:
        return has_cases()

    def make_ready(self) -> None:
        drawable()

    def n_drawable(self, *, unmet_by: User | None = None) -> int:
        met = cases_met(unmet_by) if unmet_by else frozenset()
        return sum(file.id not in met for file in drawable(waits=False))

    def draw(self, wanted: DayCases, *, user: User, seed: int) -> Sequence[DrawnCase]:
        return draw_cases(wanted, met=cases_met(user), seed=seed)

    def keep_texts(self, texts: Iterable[str], *, at: datetime) -> None:
        keep_case_texts(texts, at=at)

    def texts(self, hashes: Collection[str]) -> Sequence[KeptText]:
        return [KeptText(one.hash, one.text, one.kept_at) for one in CaseText.objects.filter(pk__in=hashes).order_by("hash")]

    def score(self, row: SittingRow) -> Sequence[PlayedCase]:
        return [_played(run) for run in score_runs(row)]

    def played(self, row: SittingRow) -> Mapping[int, PlayedCase]:
        return {one.block: one for one in map(_played, CaseRun.objects.filter(sitting=row))}

    def problems(self, row: SittingRow, form: Form, state: Sitting) -> list[str]:
        kept = {one.hash: one.text for one in self.texts([case.digest for case in form.cases.values()])}
        problems = [
            f"the kept text of case {case.id} is not what was delivered"
            for case in form.cases.values()
            if text_hash(kept.get(case.digest, "")) != case.digest
        ]
        for run in CaseRun.objects.filter(sitting=row, percent__isnull=False):
            found = score_of(run, form, state)
            if found is not None and run.percent is not None and percent_text(found[0]) != percent_text(run.percent):
                problems.append(f"the score of case {run.case_id} is not what the log says")
        return problems


def _played(run: CaseRun) -> PlayedCase:
    return PlayedCase(
        run=str(run.pk),
        block=run.block or 0,
        case=run.case_id,
        title=run.title,
        minutes=run.limit_minutes,
        text=run.case_text,
        percent=run.percent,
        band=run.band,
        band_text=str(BANDS.get(run.band, "")),
        end_reason=run.end_reason,
        ended_text=str(ENDS.get(run.end_reason, run.end_reason)),
    )
