"""The command line: one module a noun, each loaded only when its noun is called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import typer

from bedside import __version__
from bedside.errors import BedsideError

FAILED_CHECK = 1
BAD_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells say it
BROKEN_PIPE = 141  # 128 + SIGPIPE


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of the command line, and where its commands are."""

    module: str
    text: str
    is_command: bool = False  # one command without verbs


NOUNS = {
    "serve": Noun("bedside.cli.serve", "Serve the site on this computer.", is_command=True),
    "bank": Noun("bedside.cli.bank", "Questions: check, count, show, start, import."),
    "demo": Noun("bedside.cli.demo", "A generated bank, to try the system with."),
    "case": Noun("bedside.cli.case", "Patient cases: check, prove, run, fuzz, explain, draw."),
    "study": Noun("bedside.cli.study", "Study: what to do today."),
    "programme": Noun("bedside.cli.programme", "Exams as they are on a date."),
    "sitting": Noun("bedside.cli.sitting", "Sittings: verify, carry elsewhere, bundle and rescore."),
    "responses": Noun("bedside.cli.responses", "Answers given: export them."),
    "measure": Noun("bedside.cli.measure", "Psychometrics: calibrate, score, predict, link."),
    "pathway": Noun("bedside.cli.pathway", "What stands between a person and the licence."),
    "match": Noun("bedside.cli.match", "The Match: what rank lists lead to, and chances."),
    "registration": Noun("bedside.cli.registration", "Who may sit which step under a proctor."),
    "journey": Noun("bedside.cli.journey", "Journeys: tell one's own, share it by file, import those of others."),
    "user": Noun("bedside.cli.user", "People who sign in, and their roles."),
    "token": Noun("bedside.cli.token", "Secrets for programs that use the API."),
    "keys": Noun("bedside.cli.keys", "The server's own keys."),
}


def build(arguments: Sequence[str]) -> typer.Typer:
    """The command line as far as these arguments need it: the noun that is called, and the names of the others."""
    app = typer.Typer(
        help="Bedside: an open system for medical licensing exams.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_version)
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    completes = "_BEDSIDE_COMPLETE" in os.environ
    for name, noun in NOUNS.items():
        if name == called or completes:
            module = importlib.import_module(noun.module)
            if noun.is_command:
                app.command(name, help=noun.text)(module.command)
            else:
                app.add_typer(module.app, name=name, help=noun.text, no_args_is_help=True)
        elif noun.is_command:
            app.command(name, help=noun.text)(_nothing)
        else:
            placeholder = typer.Typer(help=noun.text)
            placeholder.callback()(_nothing)
            app.add_typer(placeholder, name=name)
    return app


def main() -> None:
    """Run the command line and exit: 0 done, 1 a check failed, 2 bad usage or bad input; one line says why."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; answers the exit status."""
    try:
        command = typer.main.get_command(build(arguments))
        status = command.main(args=list(arguments), prog_name="bedside", standalone_mode=False)
        sys.stdout.flush()
    except BedsideError as error:
        print(f"bedside: {_one_line(error)}", file=sys.stderr)  # noqa: T201
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        silence_stdout()
        return BROKEN_PIPE
    except _UsageException as error:
        if not error.format_message():
            return BAD_INPUT  # help was shown instead
        error.show()
        return error.exit_code
    return status if isinstance(status, int) else 0


# the base of all that typer raises about usage; typer exports only this one of the family
_UsageException: type[typer.BadParameter] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)


def silence_stdout() -> None:
    """Let what is still buffered go nowhere, so that closing stdout does not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _one_line(error: BedsideError) -> str:
    return " ".join(str(error).split())


def _show_version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


def _version(
    version: bool = typer.Option(False, "--version", help="Show the version.", callback=_show_version, is_eager=True),
) -> None:
    """Bedside: an open system for medical licensing exams."""


def _nothing() -> None:
    """Stands for a noun that was not called."""
