"""The reference of all commands as Markdown, made from the commands themselves; the documentation is compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from bedside.cli import NOUNS, build

HEAD = """\
# Commands

Every command that answers takes `--json`; every failure is one line on stderr.
The exit status is 0 when done, 1 when a check failed, 2 for bad usage or bad input, and 130 when interrupted.
`bedside NOUN --help` and `bedside NOUN VERB --help` say the same as this page.
"""


def command_reference() -> str:
    """The page `docs/reference/commands.md`."""
    return HEAD + "".join(_noun(name) for name in NOUNS)


def _noun(name: str) -> str:
    # typer's command objects have no public type of their own
    root: Any = typer.main.get_command(build([name]))
    command = root.commands[name]
    verbs = getattr(command, "commands", None)
    text = f"\n## {name}\n\n{NOUNS[name].text}\n"
    if verbs is None:
        return text + "".join(_command(f"bedside {name}", command))
    return text + "".join(part for verb, inner in verbs.items() for part in _command(f"bedside {name} {verb}", inner))


def _command(called: str, command: Any) -> Iterator[str]:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    shown = " ".join(_argument(argument) for argument in arguments)
    yield f"\n### `{called}{' ' + shown if shown else ''}`\n\n{' '.join(command.help.split())}\n"
    rows = [(_argument(argument), argument.help or "") for argument in arguments]
    rows += [
        (", ".join([*parameter.opts, *parameter.secondary_opts]), parameter.help or "")
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.hidden and parameter.name != "help"
    ]
    if rows:
        yield "\n| argument or option | what it says |\n|---|---|\n"
        yield from (f"| `{name}` | {' '.join(text.split())} |\n" for name, text in rows)


def _argument(argument: Any) -> str:
    name = (argument.metavar or argument.name).upper().strip("[]")
    return name if argument.required else f"[{name}]"
