"""How e-mail is sent, read from one URL: Django's own back ends and their settings."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bedside.errors import UsageError
from bedside.site.environment import is_loopback

_BACK_ENDS = "django.core.mail.backends."
_SMTP = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}  # with the usual ports
_SHAPE = "smtps://USER:PASSWORD@HOST:PORT, smtp+starttls://…, smtp://HOST:PORT, file:///FOLDER or console:"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What Django is told. `folder` is that of the back end which writes files. `backend` "": no mail is sent."""

    backend: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    is_tls: bool = False  # from the first byte
    is_starttls: bool = False
    folder: str = ""


def read_mail_url(url: str | None) -> MailSettings:
    """Read BEDSIDE_EMAIL_URL; None where it is not set.

    Raises:
        UsageError: it is of another shape, or would send a password unencrypted; the password is never in the message.
    """
    if url is None:
        return MailSettings()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError(f"BEDSIDE_EMAIL_URL can't be read; it must be {_SHAPE}") from None
    if parts.scheme == "console":
        return MailSettings(f"{_BACK_ENDS}console.EmailBackend")
    if parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc:
        return MailSettings(f"{_BACK_ENDS}filebased.EmailBackend", folder=unquote(parts.path))
    if parts.scheme not in _SMTP or not parts.hostname:
        raise UsageError(f"BEDSIDE_EMAIL_URL is of no kind that is known; it must be {_SHAPE}")
    if parts.password and parts.scheme == "smtp" and not is_loopback(parts.hostname):
        raise UsageError("BEDSIDE_EMAIL_URL would send its password unencrypted; begin it with smtps: or smtp+starttls:")
    return MailSettings(
        f"{_BACK_ENDS}smtp.EmailBackend",
        host=unquote(parts.hostname),
        port=port or _SMTP[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
        is_starttls=parts.scheme == "smtp+starttls",
    )
