"""What a setting may be. Each check returns a value as it is used, or raises ValueError."""

import re
from base64 import b64decode
from collections.abc import Container
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo
from pydantic_settings import NoDecode
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "POSTBAG_"
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")

_SIZE = re.compile(r"(\d{1,15}) ?([KMGTkmgt]?)")
# what may stand in a policy header as well: no space, comma or semicolon, no query, no password
_STORE = re.compile(r"https?://[\w.\-\[\]:]+(?:/[\w.~%\-]+)*/?", re.ASCII)
_ENGLISH = re.compile(r"en(-[A-Z]{2}|-[0-9]{3})?")
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def is_database(url: SecretStr | None) -> SecretStr | None:
    """Return the URL of a database that there is a driver for. Raises ValueError."""
    if url is None:
        return None
    if not url.get_secret_value().startswith(DATABASES):
        raise ValueError(f"expected an address that begins with {' or '.join(DATABASES)}")
    try:
        parts = make_url(url.get_secret_value())
    except (ArgumentError, ValueError):  # whose words have a part of it, maybe of its password
        raise ValueError(
            "expected an address such as postgresql+psycopg://name:password@host:5432/postbag, "
            "with every other sign of the password as %40 and so on"
        ) from None
    if parts.get_backend_name() == "sqlite" and (parts.query or parts.database in {"", ":memory:"}):
        raise ValueError("expected the path of a file behind sqlite:///, and nothing behind that")
    return url


def is_redis(url: SecretStr | None) -> SecretStr | None:
    """Return the URL of a Redis. Raises ValueError."""
    if url is not None and not _leads_somewhere(url.get_secret_value(), ("redis", "rediss")):
        raise ValueError("expected an address such as redis://127.0.0.1:6379/0")
    return url


def is_address(url: str) -> str:
    """Return an address of the web. Raises ValueError."""
    if not _leads_somewhere(url):
        raise ValueError("expected an address such as https://show.example")
    return url


def is_own_address(url: str) -> str:
    """Return an address of the web, or an empty text. Raises ValueError."""
    return is_address(url) if url else url


def are_addresses(urls: tuple[str, ...]) -> tuple[str, ...]:
    """Return addresses of the web. Raises ValueError."""
    return tuple(is_address(url) for url in urls)


def is_mail_address(address: str) -> str:
    """Return one address of mail, or an empty text. Raises ValueError."""
    if address and not _MAIL_ADDRESS.fullmatch(address):
        raise ValueError("expected one address, such as desk@show.example")
    return address


def is_mail_server(url: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
    """Return the URL of a mail server, if it is known where mails come from. Raises ValueError."""
    if url is None:
        return None
    try:
        parts = urlsplit(url.get_secret_value())
        fits = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.path.strip("/") or parts.query not in {"", "tls=no", "tls=yes"}:
        raise ValueError("expected an address such as smtp://user:password@host:587")
    if about.data.get("mail_from") == "":
        raise ValueError(f"set {PREFIX}MAIL_FROM too: mails need an address to come from")
    return url


def is_webhook_secret(secret: SecretStr | None) -> SecretStr | None:
    """Return what a webhook is signed with, long enough for that. Raises ValueError."""
    if secret is not None:
        prefix, _, encoded = secret.get_secret_value().partition("_")
        try:
            fits = prefix == "whsec" and 24 <= len(b64decode(encoded, validate=True)) <= 64
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("expected whsec_ and 24 to 64 random bytes in base64")
    return secret


def is_webhook(url: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
    """Return the address of a webhook, if it is known how it is signed. Raises ValueError."""
    if url is not None:
        if "@" in urlsplit(is_address(url.get_secret_value())).netloc:
            raise ValueError("expected an address without a name and password: it is signed")
        if about.data.get("webhook_secret", url) is None:
            raise ValueError(f"set {PREFIX}WEBHOOK_SECRET too: what is posted there is signed")
    return url


def as_list(value: object) -> object:
    """Return a list with commas as its items."""
    return tuple(filter(None, value.replace(",", " ").split())) if isinstance(value, str) else value


def as_hours(value: object) -> object:
    """Return full hours of a day, each once. Raises ValueError."""
    given = as_list(value)
    try:
        hours = sorted({int(hour) for hour in given}) if isinstance(given, tuple) else [-1]
    except ValueError:
        hours = [-1]
    if any(hour not in range(24) for hour in hours):
        raise ValueError("expected full hours from 0 to 23, such as 8,18")
    return tuple(hours)


def as_bytes(value: object) -> object:
    """Return a size in bytes, of a number with K, M, G or T behind it. Raises ValueError."""
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if match is None:
        raise ValueError("expected a size in bytes, or with K, M, G or T, such as 4G")
    return int(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " ")


def is_store(url: str | None) -> str | None:
    """Return where media are, without a slash at its end. Raises ValueError."""
    if url is None:
        return None
    if not _STORE.fullmatch(url) or not _leads_somewhere(url):
        raise ValueError("expected an address such as https://media.show.example")
    return url.rstrip("/")


def is_inside(host: str) -> bool:
    """Return whether a host can be reached from its own machine or network alone."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host


def is_listened_at(host: str) -> str:
    """Return the address of a network card of this machine. Raises ValueError."""
    try:
        return str(ip_address(host))
    except ValueError:
        raise ValueError("expected an address of this machine, such as 127.0.0.1") from None


def _leads_somewhere(url: str, schemes: Container[str] = ("http", "https")) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and url.isprintable() and " " not in url


def as_spoken(tag: str) -> str:
    """Return a language that there are words in, as its tag (BCP 47). Raises ValueError."""
    try:
        spoken = str(Locale.parse(tag.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        spoken = ""
    is_itself = spoken.lower() == tag.replace("_", "-").lower()  # else a guess at what was meant
    if not is_itself or not _ENGLISH.fullmatch(spoken):
        raise ValueError(
            "expected en, or the English of a country, such as en-GB or en-US: the site’s own "
            "words are in no other language yet. What the show itself speaks is `language` in "
            "its show.yaml"
        )
    return spoken


Address = Annotated[str, AfterValidator(is_address)]
Database = Annotated[SecretStr | None, AfterValidator(is_database)]
Redis = Annotated[SecretStr | None, AfterValidator(is_redis)]
MailAddress = Annotated[str, AfterValidator(is_mail_address)]
MailServer = Annotated[SecretStr | None, AfterValidator(is_mail_server)]
WebhookSecret = Annotated[SecretStr | None, AfterValidator(is_webhook_secret)]
Webhook = Annotated[SecretStr | None, AfterValidator(is_webhook)]
OwnAddress = Annotated[str, AfterValidator(is_own_address)]
Addresses = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(as_list), AfterValidator(are_addresses)
]
Hours = Annotated[tuple[int, ...], NoDecode, BeforeValidator(as_hours)]
Bytes = Annotated[int, BeforeValidator(as_bytes)]
Store = Annotated[str | None, AfterValidator(is_store)]
OwnHost = Annotated[str, AfterValidator(is_listened_at)]
Spoken = Annotated[str, AfterValidator(as_spoken)]
