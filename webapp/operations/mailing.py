"""Sending one mail by SMTP (RFC 5321): with TLS, in plain text, to one person.

The Message-ID is made of the message's own id: a mail that is sent again, after a worker was
killed between sending and noting it, is the same one to whoever receives it.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from webapp.operations.sending import Never, NotNow

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 587, "smtps": 465}

NO_TLS = "The mail server offers no TLS, and POSTBAG_SMTP_URL does not say tls=no."
NO_PASSWORD = "A password is not sent without TLS: take tls=no out of POSTBAG_SMTP_URL."  # noqa: S105
NO_PROOF = "The mail server’s certificate does not show that it is the one that was meant."
AWAY = "The mail server cannot be reached."
CUT_OFF = "The mail server broke off, said nothing, or answered what is no SMTP."
LOGIN = "The mail server does not take the name and password of POSTBAG_SMTP_URL."
NOT_NOW = "The mail server refused it for now ({code})."
NOT_EVER = "The mail server refused it for good ({code})."
SENDER = "The mail server does not take mails from POSTBAG_MAIL_FROM ({code})."
NO_ADDRESS = "The address of its receiver, or POSTBAG_MAIL_FROM, is none that mail can go to."
NO_UNICODE = "The mail server takes no address with other letters than those of ASCII."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, and how. Its repr shows no password."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls_from_start: bool = False
    tls: bool = True
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is one. `site` is the host that its Message-ID names."""

    id: str
    to: str
    sender: str
    sender_name: str
    subject: str
    text: str
    at: datetime
    site: str


def read_mail_server(url: str) -> MailServer:
    """Return what POSTBAG_SMTP_URL says.

    TLS is needed, but on this machine, where `?tls=yes` asks for it; `?tls=no` does without.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    said = parse_qs(parts.query).get("tls", [""])[0]
    is_here = _is_here(host)
    return MailServer(
        host=host,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls_from_start=parts.scheme == "smtps",
        tls=said != "no" and (said == "yes" or not is_here),
        is_here=is_here,
    )


def send(server: MailServer, letter: Letter) -> None:
    """Hand a mail in. Raises NotNow or Never."""
    try:
        message = as_message(letter)
    except ValueError:  # its words are the address
        raise Never(NO_ADDRESS) from None
    _in_words(lambda: _hand_in(server, letter.site, message))


def as_message(letter: Letter) -> EmailMessage:
    """Return a mail as it is sent: an automatic one, which nobody is to answer (RFC 3834)."""
    message = EmailMessage()
    message["From"] = Address(letter.sender_name, addr_spec=_in_ascii(letter.sender))
    message["To"] = Address(addr_spec=_in_ascii(letter.to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{letter.site}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _hand_in(server: MailServer, site: str, message: EmailMessage) -> None:
    with _connected(server, _own_name(site)) as smtp:
        is_sealed = server.tls_from_start
        if not is_sealed and smtp.ehlo()[0] == 250 and smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            is_sealed = True
        if server.tls and not is_sealed:
            raise NotNow(NO_TLS)
        if server.user:
            if not is_sealed and not server.is_here:
                raise NotNow(NO_PASSWORD)
            smtp.login(server.user, server.password)
        smtp.send_message(message)


def _connected(server: MailServer, name: str) -> smtplib.SMTP:
    if server.tls_from_start:
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=name,
            timeout=TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
    return smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT_SECONDS)


def _in_words(hand_in: Callable[[], None]) -> None:
    """Do it, and turn what goes wrong into words: the library's own have addresses in them."""
    try:
        hand_in()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise _refused(code) from None
    except smtplib.SMTPAuthenticationError:
        raise NotNow(LOGIN) from None
    except smtplib.SMTPSenderRefused as error:
        raise NotNow(SENDER.format(code=error.smtp_code)) from None
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise Never(NO_UNICODE) from None
    except smtplib.SMTPException:
        raise NotNow(CUT_OFF) from None
    except ssl.SSLCertVerificationError:
        raise NotNow(NO_PROOF) from None
    except OSError:
        raise NotNow(AWAY) from None


def _refused(code: int) -> NotNow | Never:
    """Return what a code means: 5 at its beginning is for good (RFC 5321, 4.2.1)."""
    return Never(NOT_EVER.format(code=code)) if code >= 500 else NotNow(NOT_NOW.format(code=code))


def _in_ascii(address: str) -> str:
    """Return an address with its domain as the DNS has it; a name before it stays as it is."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.encode('idna').decode()}"


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _own_name(site: str) -> str:
    """Return what this machine calls itself: the site's name, and not the machine's own."""
    try:
        ip_address(site)
    except ValueError:
        return site
    return f"[{site}]"
