"""A script of the worked example as the commands that a page sends: a note cuts an advance short, so it goes on afterwards."""

from __future__ import annotations

from typing import Any

from bedside.cases import Advance, Command, Fixed, Run, parse_script
from bedside.site.cases.commands import command_as_json
from tests.support.case_files import read_example
from tests.support.case_runs import example_case


def commands_of(script: str, *, ends: bool = True) -> list[dict[str, Any]]:
    """The steps of a script at their times (all of them fixed), and then waiting for the end."""
    run = Run(example_case())
    commands: list[dict[str, Any]] = []

    def do(command: Command) -> None:
        commands.append(command_as_json(command))
        run.do(command)

    for step in parse_script(read_example().scripts.get(script, script)).steps:
        assert isinstance(step.at, Fixed)
        while run.now_s < step.at.at_s and not run.is_over:
            do(Advance(step.at.at_s - run.now_s))
        for command in () if run.is_over else step.commands():
            do(command)
    while ends and not run.is_over:
        do(Advance(run.case.end_s))
    return commands
