"""`bedside study`: what to do today, the plan, and answers that were given elsewhere."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cli import FAILED_CHECK, django_site, study_mail
from bedside.errors import UsageError
from bedside.findings import plural

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.accounts.models import User
    from bedside.site.content import Content

LEARNER = "learner"  # the one of this computer
NEEDS = {
    "answers": "new questions answered",
    "breadth": "share of the exam met",
    "certainty": "share of the first doubt that is gone",
}
app = typer.Typer()

UserOption = Annotated[str, typer.Option(help="Whose; without it, that of the learner of this computer.")]
DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
OnOption = Annotated[
    str | None, typer.Option(help="As of noon of that day, as 2026-05-14, by what was known then; keeps nothing.")
]


@app.callback()
def _noun() -> None:
    """Study: what is due and what is worth most today, and the plan."""


@app.command()
def today(
    user: UserOption = LEARNER,
    minutes: Annotated[
        float | None, typer.Option(help="Minutes there are; without it, those of the calendar, else 30.", min=0, max=1440)
    ] = None,
    on: OnOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """The session for today: what to review and what to meet, in this order, each with its reason.

    Answers that have become known are taken in first, and the session is kept for the day, as Today shows it.
    """
    person, content = _start(user, data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.exam.sealed import see_unsealed  # noqa: PLC0415
    from bedside.site.planning.sessions import day_of, keep_day  # noqa: PLC0415
    from bedside.site.planning.telling import day_json  # noqa: PLC0415
    from bedside.site.study.taking_in import take_in_answers  # noqa: PLC0415

    now = clock.now()
    see_unsealed(person.pk, now)
    if on is None:
        take_in_answers(person, content, at=now)
        day = keep_day(person, content, at=now, minutes=minutes)
    else:
        day = day_of(person, content, at=_noon(person, on), minutes=minutes)
    told = day_json(day, content, user=person.username)
    if as_json:
        typer.echo(json.dumps(told))
        return
    pieces = plural(len(told["pieces"]), "piece")
    done = f", {told['n_done']} done" if told["n_done"] else ""
    typer.echo(f"{told['on']}: {pieces}{done}, {told['planned_minutes']:.0f} of {told['minutes']:.0f} min")
    for piece in told["pieces"]:
        mark = "done " if piece["is_done"] else ""
        typer.echo(f"{piece['kind']:<7}{piece['minutes']:>5.1f} min  {mark}{piece['topic']} ({piece['text']})")
    for one in told["left_out"]:
        typer.echo(f"left out: {one['text']}")
    _tell_days(told)


@app.command()
def plan(
    user: UserOption = LEARNER,
    on: OnOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """The plan: the weeks ahead, what is covered when, the forecast, the hours so far, and the exams after the next."""
    person, content = _start(user, data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.planning.nightly import rebuild  # noqa: PLC0415
    from bedside.site.planning.queries import plan_of  # noqa: PLC0415
    from bedside.site.planning.telling import plan_told  # noqa: PLC0415

    at = clock.now() if on is None else _noon(person, on)
    if on is None:
        rebuild(person, content, at=at)
    told = plan_told(plan_of(person, content, at=at), user=person.username)
    if as_json:
        typer.echo(json.dumps(told))
        return
    exam = f"exam on {told['exam_on']}" if told["exam_on"] else "no exam date"
    typer.echo(f"{told['on']}: {told['title'] or 'no exam chosen'}, {exam}")
    typer.echo(_forecast(told))
    for week in told["weeks"]:
        kinds = ", ".join(f"{kind} {minutes:.0f}" for kind, minutes in week["by_kind"].items() if minutes)
        done = f"; complete: {', '.join(week['completed'])}" if week["completed"] else ""
        typer.echo(f"{week['starts_on']}  {week['phase']:<10}{week['minutes']:>5.0f} min  {kinds}{done}")
    _tell_shortfall(told)
    typer.echo(f"hours so far: {told['ledger']['hours']:.1f}")
    _tell_days(told)
    for leg in told["road"]:
        proposed = " (proposed)" if leg["is_proposed"] else ""
        typer.echo(f"road: {leg['title']} on {leg['exam_on'] or 'no date that can be met'}{proposed}")


@app.command()
def rebuild(
    user: Annotated[str | None, typer.Option(help="Whose; without it, those of all who study.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make plans anew from what really happened, and fit what is remembered by; for a timer each night after four.

    Exit status 1: a plan could not be made; the others were.
    """
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.planning.nightly import rebuild as rebuild_one  # noqa: PLC0415
    from bedside.site.planning.nightly import rebuild_all  # noqa: PLC0415

    content, at = current_content(), clock.now()
    n, n_failed = 1, 0
    if user is None:
        made = rebuild_all(content, at=at)
        n, n_failed = made.n_people, made.n_failed
    else:
        rebuild_one(user_named(user), content, at=at)
    failed = f"; not made, as the log says: {n_failed}" if n_failed else ""
    typer.echo(json.dumps({"n_people": n, "n_failed": n_failed}) if as_json else f"plans made: {n}{failed}")
    if n_failed:
        raise typer.Exit(FAILED_CHECK)


@app.command("set")
def set_(
    *,
    user: UserOption = LEARNER,
    programme: Annotated[str | None, typer.Option(help="The exam to come: its programme, as usmle.")] = None,
    step: Annotated[str | None, typer.Option(help="Its step, as step1.")] = None,
    exam_on: Annotated[str | None, typer.Option(help="Its day, as 2027-03-14, or none.")] = None,
    minutes: Annotated[int | None, typer.Option(help="Minutes on each day.", min=1, max=1440)] = None,
    week: Annotated[str | None, typer.Option(help="Minutes from Monday to Sunday, as 60,60,60,60,60,120,0.")] = None,
    day_off: Annotated[
        list[str] | None, typer.Option(help="A day off, or a stretch as 2027-01-02/2027-01-09; again for more.")
    ] = None,
    goal: Annotated[
        list[str] | None,
        typer.Option(help="An exam after the next, as usmle/step2ck or usmle/step2ck=2028-06-01; again for more."),
    ] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone of the study days, as America/New_York.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which exam is next and when, and when there is time to study; says what holds afterwards."""
    from bedside.cli.study_settings import Wanted, change, holds  # noqa: PLC0415

    person, content = _start(user, data)
    wanted = Wanted(programme, step, exam_on, minutes, week, tuple(day_off or ()), tuple(goal or ()), zone)
    change(person, content, wanted)
    told = holds(person)
    if as_json:
        typer.echo(json.dumps(told))
        return
    for name, value in told.items():
        typer.echo(f"{name}: {value if value not in (None, '') else 'not said'}")


@app.command()
def answer(
    file: Annotated[Path, typer.Argument(help="File of JSON lines, one answer a line; - for standard input.")],
    user: UserOption = LEARNER,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep answers that were given elsewhere, on paper or in another program, as reviews; all of the file or nothing."""
    text = _text(file)
    person, content = _start(user, data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.planning.answers import take_answers  # noqa: PLC0415

    taken = take_answers(person, content, text.splitlines(), at=clock.now())
    told = {
        "lines": taken.n_lines,
        "reviews": taken.n_reviews,
        "new_reviews": taken.n_new_reviews,
        "items": taken.n_items,
        "right": taken.n_right,
    }
    if as_json:
        typer.echo(json.dumps(told))
    else:
        right = f", {taken.n_right} of {plural(taken.n_items, 'item')} right" if taken.n_items else ""
        typer.echo(f"{plural(taken.n_lines, 'answer')}: {plural(taken.n_new_reviews, 'new review')}{right}")


def _start(user: str, data: Path | None) -> tuple[User, Content]:
    django_site.start(data=data)
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415

    return user_named(user), current_content()


def _noon(person: User, on: str) -> datetime:
    from bedside.site.accounts.days import FIRST_DAY, LAST_DAY  # noqa: PLC0415
    from bedside.site.study.zones import zone_of  # noqa: PLC0415

    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(f'"{on}" is no day; write it as 2026-05-14')
    return datetime.combine(day, time(12), tzinfo=zone_of(person.pk)).astimezone(UTC)


def _text(file: Path) -> str:
    from bedside.site.planning.limits import MOST_BYTES  # noqa: PLC0415

    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if str(file) == "-" else file.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise UsageError(f"{file}: it can't be read: {error.strerror}") from error
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{file}: a file has at most {MOST_BYTES // 1024 // 1024} MiB")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: it is not UTF-8") from None


def _tell_days(told: dict[str, Any]) -> None:
    kept = told["days_kept"]
    rest = kept["rest_days_left"]
    typer.echo(f"days kept: {kept['n_days']} in a row, {told['days_of_last_7']} of the last 7; rest days left: {rest}")
    offer = told["catch_up"]
    if offer:
        more, until = offer["extra_minutes_a_day"], offer["until"]
        typer.echo(f"offer: {more} more min a day until {until} for {offer['minutes_behind']} min missed")


def _forecast(told: dict[str, Any]) -> str:
    """The share of questions like the bank's that would be right, with what that rests on; as the page has it."""
    from bedside.site.planning.page_queries import LEAST_ANSWERS  # noqa: PLC0415

    n, passing, score = told["n_first_answers"], told.get("passing"), told["score"]
    if passing and passing["p_pass"] is None:
        missing = "; ".join(f"{NEEDS[one['need']]} {one['have']:g} of {one['wanted']:g}" for one in passing["missing"])
        return f"too little to say whether you would pass: {missing}"
    if not passing and n < LEAST_ANSWERS:
        return f"too little to forecast from: {plural(n, 'question')} answered so far, {LEAST_ANSWERS} are needed"
    share = f"{score['mid']:.0%} of questions like the bank's, between {score['low']:.0%} and {score['high']:.0%}"
    right = f"right if sat today: {share}; rests on {plural(n, 'different question')}"
    if not passing:
        return right
    chance = f"{passing['p_pass']:.0%}, between {passing['low']:.0%} and {passing['high']:.0%}"
    return f"passing if sat today, by this bank's standard: {chance}\n{right}"


def _tell_shortfall(told: dict[str, Any]) -> None:
    short = told["shortfall"]
    if short:
        minutes = f"{short['minutes_a_day']} min a day would do" if short["minutes_a_day"] else "no number of minutes would do"
        day = f"; or the exam on {short['exam_on']}" if short["exam_on"] else ""
        typer.echo(f"not everything is met by then, {short['minutes_short']} min are missing: {minutes}{day}")


study_mail.register(app)
