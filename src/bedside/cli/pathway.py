"""`bedside pathway`: what stands between a person and the licence."""

from __future__ import annotations

import typer

from bedside.cli import pathway_changes, pathway_check, pathway_import, pathway_timeline, pathway_what_if

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """What stands between a person and the licence, and until when. Rules change: every answer names its source and its age."""


app.command("check")(pathway_check.check)
app.command("states")(pathway_check.states)
app.command("what-if")(pathway_what_if.command)
app.command("changes")(pathway_changes.command)
app.command("import")(pathway_import.command)
app.command("timeline")(pathway_timeline.command)
