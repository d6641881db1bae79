"""What every page needs from its template: the look a person chose, the navigation, the keys and the icons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from bedside.site.accounts.guard import OFFICE
from bedside.site.accounts.models import Profile
from bedside.site.accounts.queries import profile_of
from bedside.site.accounts.roles import Role, has_role
from bedside.site.keyboard import GROUPS, NAMES, Key

register = template.Library()


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the navigation, and the letter that follows `g`. The main ones stay in the row where few have room.

    Those that are seldom asked for are folded away at any width, since all together have none.
    """

    name: str
    letter: str
    text: str | Promise
    is_main: bool = False
    is_seldom: bool = False


PLACES = (
    Place("today:today", "t", _("Today"), is_main=True),
    Place("practice:practice", "p", _("Practice"), is_main=True),
    Place("cases:cases", "c", _("Cases"), is_main=True),
    Place("exam:exam", "x", _("Exam")),
    Place("study:study", "s", _("Study")),
    Place("study:cards", "k", _("Cards")),
    Place("planning:plan", "l", _("Plan")),
    Place("progress:progress", "r", _("Progress"), is_main=True),
    Place("journeys:journey", "j", _("Journey"), is_seldom=True),
    Place("pathway:pathway", "w", _("Pathway")),
    Place("shelf:library", "b", _("Library"), is_seldom=True),
    Place("library:programmes", "e", _("Programmes"), is_seldom=True),
    Place("accounts:me", "m", _("Me"), is_seldom=True),
)


def _profile(context: Context) -> Profile:
    """The profile of who asks, once a request. An error page without a request gets the defaults, and asks no database."""
    request: HttpRequest | None = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return Profile()
    if not hasattr(request, "bedside_profile"):
        request.bedside_profile = profile_of(request.user)  # type: ignore[attr-defined]  # kept for this request
    profile: Profile = request.bedside_profile  # type: ignore[attr-defined]
    return profile


@register.simple_tag(takes_context=True)
def html_attributes(context: Context) -> SafeString:
    """Language, direction and look of the whole page, so that the first paint is the right one."""
    profile = _profile(context)
    return format_html(
        'lang="{}" dir="{}" data-theme="{}" data-text="{}"{}{}',
        get_language() or "en",
        "rtl" if get_language_bidi() else "ltr",
        profile.theme,
        profile.text_size,
        SafeString(' data-motion="reduced"' if profile.is_motion_reduced else ""),
        SafeString(' data-reader="safe"' if profile.is_reader_safe else ""),
    )


@register.simple_tag(takes_context=True)
def color_scheme(context: Context) -> str:
    """What the browser paints before the style sheet is there."""
    theme = _profile(context).theme
    return {"system": "light dark", "contrast": "dark"}.get(theme, str(theme))


@register.simple_tag(takes_context=True)
def dark_media(context: Context) -> str:
    """For whom the dark sheet holds; the player's script has the same table."""
    return {"dark": "all", "light": "not all"}.get(_profile(context).theme, "(prefers-color-scheme: dark)")


@register.simple_tag(takes_context=True)
def places(context: Context) -> list[dict[str, Any]]:
    """The pages of the navigation, with the one that is open marked."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    found = []
    for place in PLACES:
        address = reverse(place.name)
        is_here = path == address or (address != "/" and path.startswith(f"{address}/"))
        found.append({"address": address, "text": place.text, "is_here": is_here, "kind": _kind(place)})
    if request is not None and _is_of_the_office(request):
        is_here = path == OFFICE or path.startswith(f"{OFFICE}/")
        found.append({"address": OFFICE, "text": _("Office"), "is_here": is_here, "kind": "is-seldom"})
    return found


def _kind(place: Place) -> str:
    return "is-main" if place.is_main else "is-seldom" if place.is_seldom else ""


def _is_of_the_office(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    # the learner of this computer may write and review, and comes to study: the library has the way to the bank
    writers = () if settings.IS_LOCAL else (Role.AUTHOR, Role.REVIEWER)
    return has_role(user, Role.PROCTOR, Role.ADMINISTRATOR, *writers)


@register.simple_tag(takes_context=True)
def shell_data(context: Context) -> dict[str, Any]:
    """What the script of every page reads."""
    return {
        "letters": _profile(context).letters_are_keys,
        "go": {place.letter: reverse(place.name) for place in PLACES},
        "worker": reverse("exam:worker"),
    }


@register.simple_tag(takes_context=True)
def key_groups(context: Context, *names: str) -> list[dict[str, Any]]:
    """The keys of this page, by group; the letters are left out where the person switched them off."""
    has_letters = _profile(context).letters_are_keys
    wanted = [name for name in names if name] or ["everywhere"]
    return [{"name": NAMES[name], "keys": [key for key in GROUPS[name] if has_letters or not key.is_letter]} for name in wanted]


@register.filter
def joiner(key: Key) -> str:
    """What stands between the presses of a key: a chord, a span or one after the other."""
    if key.presses[0] in {"Alt", "Ctrl"}:
        return "+"
    return "–" if key.presses in {("1", "9"), ("1", "6"), ("A", "Z")} else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the page's sprite (`icons/sprite.svg`); decoration, so a name must stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#icon-{}"></use></svg>', name)
