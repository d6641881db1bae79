"""Changing one's own password: Django's own form and view, braked as the sign-in is, and written into the audit log.

The password in use is asked for, so that an open window that somebody else found is not enough. It is looked at in the same way
as in a sign-in: in hosted mode a wrong one counts there, and after five the brake holds (`brake.py`). Whoever is signed in
elsewhere no longer is, since a session holds only as long as the password it was begun with.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.accounts.actions import set_password
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.pages import page, user_of


class NewPasswordForm(PasswordChangeForm):
    """The password in use, and the new one twice."""

    def __init__(self, user: User, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """By `authenticate`, which the brake listens to; it knows from the request where the guess comes from."""
        given: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=given) is None:
            raise ValidationError(_("This is not your password."))
        return given

    def save(self, commit: bool = True) -> User:
        """Change it, with its entry in the audit log; it is always kept at once."""
        set_password(self.user, self.cleaned_data["new_password1"], at=clock.now(), actor=self.user)
        return self.user


class NewPasswordView(PasswordChangeView):
    """The page on which people change their own password; who changed it stays signed in here."""

    form_class = NewPasswordForm
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:me")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form's brake needs the request."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Changed; Django gives this session the new password's hash, so that it alone goes on."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Not changed: the page again, with what is wrong beside each field."""
        return self.render_to_response(self.get_context_data(form=form), status=400)


@page
def change_password(request: HttpRequest) -> HttpResponse:
    """The page, for somebody who has a password: the learner of this computer has none."""
    if user_of(request).username == LOCAL_LEARNER:
        raise UsageError(_("whoever sits at this computer has no password; people who sign in with a name have one"))
    return cast("HttpResponse", NewPasswordView.as_view()(request))
