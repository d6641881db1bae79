"""`bedside user`: people who sign in, and their roles."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.cli import django_site, user_data
from bedside.errors import UsageError

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.accounts.models import User

ROLES_HELP = "candidate, author, reviewer, proctor or administrator; may be repeated."
app = typer.Typer()


@app.callback()
def _noun() -> None:
    """People who sign in, and their roles."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[list[str] | None, typer.Option(help=f"A role: {ROLES_HELP} Without one: candidate.")] = None,
    password: Annotated[bool, typer.Option(help="Ask for a password; without one, only tokens sign in.")] = False,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a user. The password is asked for, or read as one line where the input is no terminal."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import add_user  # noqa: PLC0415
    from bedside.site.accounts.roles import NEW_USER_ROLES, read_roles  # noqa: PLC0415

    roles = read_roles(role) if role else NEW_USER_ROLES
    user = add_user(name, password=_password() if password else None, at=clock.now(), roles=roles)
    if as_json:
        typer.echo(json.dumps({"id": str(user.pk), "name": user.username, "roles": sorted(roles)}))
    else:
        typer.echo(f'made the user "{user.username}"')


@app.command("list")
def list_users(
    role: Annotated[str | None, typer.Option(help="Only those with this role.")] = None,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """The users there are, with their roles."""
    django_site.start(data=data)
    from bedside.site.accounts.models import User  # noqa: PLC0415
    from bedside.site.accounts.roles import read_roles  # noqa: PLC0415

    users = User.objects.prefetch_related("role_grants").order_by("username")
    if role is not None:
        users = users.filter(role_grants__role__in=read_roles([role]))
    if as_json:
        typer.echo(json.dumps({"users": [_as_dict(user) for user in users]}))
        return
    for user in users:
        closed = "" if user.is_active else " (closed)"
        typer.echo(f"{user.username}{closed}: {', '.join(_roles(user)) or 'no role'}")


@app.command()
def roles(
    name: Annotated[str, typer.Argument(help="The user's name.")],
    *,
    add: Annotated[list[str] | None, typer.Option(help=f"A role to give: {ROLES_HELP}")] = None,
    remove: Annotated[list[str] | None, typer.Option(help="A role to take away; may be repeated.")] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit log.")] = "",
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Show the roles of a user, or change them. The last administrator stays one."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.accounts.role_changes import change_roles  # noqa: PLC0415
    from bedside.site.accounts.roles import Role, read_roles  # noqa: PLC0415

    given, taken = read_roles(add or []), read_roles(remove or [])
    if given & taken:
        raise UsageError(f"give and take away at once: {', '.join(sorted(given & taken))}; say one of the two")
    user = user_named(name)
    held = frozenset(Role(grant.role) for grant in user.role_grants.all())
    if given or taken:
        held = change_roles(user, (held | given) - taken, at=clock.now(), actor=None, reason=reason)
    if as_json:
        typer.echo(json.dumps({"id": str(user.pk), "name": user.username, "roles": sorted(held)}))
    else:
        typer.echo(f"{user.username}: {', '.join(sorted(held)) or 'no role'}")


@app.command()
def password(
    name: Annotated[str, typer.Argument(help="The user's name.")],
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Give a user another password. It is asked for, or read as one line where the input is no terminal."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import set_password  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415

    user = user_named(name)
    set_password(user, _password(), at=clock.now())
    if as_json:
        typer.echo(json.dumps({"id": str(user.pk), "name": user.username}))
    else:
        typer.echo(f'"{user.username}" has another password')


user_data.add_to(app)


def _as_dict(user: User) -> dict[str, object]:
    return {
        "id": str(user.pk),
        "name": user.username,
        "roles": _roles(user),
        "is_active": user.is_active,
        "has_password": user.has_usable_password(),
    }


def _roles(user: User) -> list[str]:
    return sorted(grant.role for grant in user.role_grants.all())


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
