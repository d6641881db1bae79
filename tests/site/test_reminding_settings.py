"""How mail is set up: one URL, where links lead, and who mails come from."""

from __future__ import annotations

import pytest

from bedside.errors import UsageError
from bedside.site.environment import read_environment
from bedside.site.mail_url import MailSettings, read_mail_url

SMTP = "django.core.mail.backends.smtp.EmailBackend"
HOSTED = {"BEDSIDE_MODE": "hosted", "BEDSIDE_HOSTS": "exam.example.org, www.example.org"}


def test_without_a_url_no_mail_is_sent() -> None:
    assert read_mail_url(read_environment({}).email_url) == MailSettings()
    assert not read_mail_url(None).backend


def test_a_mail_server_is_read_with_its_usual_port_and_its_own() -> None:
    assert read_mail_url("smtps://ada%40x:p%2Fss@mail.example.org") == MailSettings(
        SMTP, "mail.example.org", 465, "ada@x", "p/ss", is_tls=True
    )
    found = read_mail_url("smtp+starttls://ada:pw@mail.example.org:2525")
    assert (found.port, found.is_tls, found.is_starttls) == (2525, False, True)
    found = read_mail_url("smtp://127.0.0.1")
    assert (found.host, found.port, found.is_tls, found.is_starttls) == ("127.0.0.1", 25, False, False)


def test_a_folder_and_the_terminal_take_mails_too() -> None:
    assert read_mail_url("file:///var/spool/bedside%20mails").folder == "/var/spool/bedside mails"
    assert read_mail_url("console:").backend.endswith("console.EmailBackend")


def test_a_password_never_goes_over_the_network_unencrypted() -> None:
    with pytest.raises(UsageError, match="unencrypted") as refused:
        read_mail_url("smtp://ada:hunter2@mail.example.org")
    assert "hunter2" not in str(refused.value)
    assert read_mail_url("smtp://ada:hunter2@localhost").password == "hunter2"


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "file://relative", "file:", "smtp://ada:hunter2@h:port"]
)
def test_a_url_of_another_kind_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(UsageError, match="BEDSIDE_EMAIL_URL") as refused:
        read_mail_url(url)
    assert "hunter2" not in str(refused.value)


def test_links_lead_to_the_first_host_unless_told_otherwise() -> None:
    assert read_environment(HOSTED).address == "https://exam.example.org"
    assert (
        read_environment({**HOSTED, "BEDSIDE_ADDRESS": "https://www.example.org:8443/"}).address
        == "https://www.example.org:8443"
    )
    assert read_environment({}).address == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "address", ["exam.example.org", "http://exam.example.org", "https://exam.example.org/bedside", "https://"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="BEDSIDE_ADDRESS"):
        read_environment({**HOSTED, "BEDSIDE_ADDRESS": address})


def test_mails_come_from_the_host_unless_told_otherwise() -> None:
    assert read_environment(HOSTED).email_from == "bedside@exam.example.org"
    assert read_environment({}).email_from == "bedside@localhost"
    named = "The School <study@example.org>"
    assert read_environment({"BEDSIDE_EMAIL_FROM": named}).email_from == named


@pytest.mark.parametrize("sender", ["nobody", "a@example.org\nBcc: eve@example.org", "<>"])
def test_a_sender_that_is_none_is_refused(sender: str) -> None:
    with pytest.raises(UsageError, match="BEDSIDE_EMAIL_FROM"):
        read_environment({"BEDSIDE_EMAIL_FROM": sender})
