"""`bedside measure`: calibrate items, score persons, predict answers, link scales, look for bias and misconduct."""

from __future__ import annotations

import typer

from bedside.cli import (
    measure_calibrate,
    measure_dif,
    measure_link,
    measure_misconduct,
    measure_predict,
    measure_report,
    measure_score,
)

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Psychometrics on files of responses."""


app.command("calibrate")(measure_calibrate.command)
app.command("score")(measure_score.command)
app.command("predict")(measure_predict.command)
app.command("link")(measure_link.command)
app.command("dif")(measure_dif.command)
app.command("misconduct")(measure_misconduct.command)
app.command("check-dossier")(measure_misconduct.check)
app.command("report")(measure_report.command)
