"""Every setting: its default, its POSTBAG_ variable, and what it is for."""

import os
import re
from base64 import b64decode
from collections.abc import Iterable
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "POSTBAG_"
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
PACKAGE = Path(__file__).parent

_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")


def _is_database(url: SecretStr | None) -> SecretStr | None:
    if url is not None and not url.get_secret_value().startswith(DATABASES):
        raise ValueError(f"expected an address that begins with {' or '.join(DATABASES)}")
    return url


def _is_redis(url: SecretStr | None) -> SecretStr | None:
    if url is not None and not url.get_secret_value().startswith(("redis://", "rediss://")):
        raise ValueError("expected an address such as redis://127.0.0.1:6379/0")
    return url


def _is_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an address such as https://show.example")
    return url


def _is_mail_address(address: str) -> str:
    if address and not _MAIL_ADDRESS.fullmatch(address):
        raise ValueError("expected one address, such as desk@show.example")
    return address


def _is_mail_server(url: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
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


def _is_webhook_secret(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None:
        prefix, _, encoded = secret.get_secret_value().partition("_")
        try:
            fits = prefix == "whsec" and 24 <= len(b64decode(encoded, validate=True)) <= 64
        except ValueError:
            fits = False
        if not fits:
            raise ValueError("expected whsec_ and 24 to 64 random bytes in base64")
    return secret


def _is_webhook(url: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
    if url is not None:
        if "@" in urlsplit(_is_address(url.get_secret_value())).netloc:
            raise ValueError("expected an address without a name and password: it is signed")
        if about.data.get("webhook_secret", url) is None:
            raise ValueError(f"set {PREFIX}WEBHOOK_SECRET too: what is posted there is signed")
    return url


def _split(value: object) -> object:
    """Return a list with commas as its items."""
    return tuple(filter(None, value.replace(",", " ").split())) if isinstance(value, str) else value


def _hours(value: object) -> object:
    """Return full hours of a day, each once. Raises ValueError."""
    given = _split(value)
    try:
        hours = sorted({int(hour) for hour in given}) if isinstance(given, tuple) else [-1]
    except ValueError:
        hours = [-1]
    if any(hour not in range(24) for hour in hours):
        raise ValueError("expected full hours from 0 to 23, such as 8,18")
    return tuple(hours)


class SettingsRefused(Exception):  # noqa: N818 - reads as the sentence that it is
    """A setting is unknown or cannot be used; the message names it and never its value."""


class Settings(BaseSettings):
    """Read from POSTBAG_ variables, then `postbag.env` in the instance folder, then defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, extra="ignore"
    )

    instance: Path = Field(
        default=Path("instance"),
        description="The folder with this site's database, media and settings file.",
    )
    keys: Path | None = Field(
        default=None,
        description="The folder with its keys. Default: `keys` in the instance folder.",
    )
    database_url: Annotated[SecretStr | None, AfterValidator(_is_database)] = Field(
        default=None,
        description="Where the data is. Default: SQLite in the instance folder; "
        "postgresql+psycopg://… for PostgreSQL.",
    )
    site_url: Annotated[str, AfterValidator(_is_address)] = Field(
        default="http://127.0.0.1:8000",
        description="The site's own address: canonical links, and the origin that forms must have.",
    )
    extra_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(),
        description="More origins that are this site, such as an onion address, with commas.",
    )
    surface: Literal["all", "public", "desk"] = Field(
        default="all", description="What this process serves: all, public (no desk), or desk."
    )
    threads: int = Field(
        default=8, ge=1, description="Threads in which one process runs the application."
    )
    redis_url: Annotated[SecretStr | None, AfterValidator(_is_redis)] = Field(
        default=None,
        description="Redis, where several processes share their limits: redis://host:6379/0. "
        "Let it keep nothing on disk. Default: each process counts for itself.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        description="How many proxies stand in front and add to X-Forwarded-For. "
        "Limits count by the network that the outermost of them names.",
    )
    leave_url: Annotated[str, AfterValidator(_is_address)] = Field(
        default="https://www.wikipedia.org/",
        description="Where “Leave this site” leads: somewhere that nobody looks at twice.",
    )
    limit_reviews: int = Field(
        default=30,
        ge=1,
        description="Texts that one network may have checked in an hour before the slow lane.",
    )
    limit_sends: int = Field(
        default=5,
        ge=1,
        description="Questions that one network may send in an hour before the slow lane.",
    )
    limit_receipts: int = Field(
        default=10,
        ge=1,
        description="Receipts that one network may try in ten minutes before the slow lane.",
    )
    limit_site_slow: int = Field(
        default=60,
        ge=1,
        description="Questions in an hour, of all networks, above which everybody takes the slow "
        "lane.",
    )
    limit_site_quarantine: int = Field(
        default=300,
        ge=1,
        description="Questions in an hour, of all networks, above which they wait in quarantine.",
    )
    keep_undecided: int = Field(
        default=90, ge=1, le=90, description="Days that a question is kept undecided."
    )
    keep_chosen: int = Field(
        default=365,
        ge=1,
        le=365,
        description="Days that a question is kept, from its arrival, once chosen for a recording.",
    )
    keep_declined: int = Field(
        default=7, ge=1, le=7, description="Days that the text of a declined question is kept."
    )
    keep_answered: int = Field(
        default=30, ge=1, le=30, description="Days that the text of an answered question is kept."
    )
    undo_seconds: int = Field(
        default=30,
        ge=0,
        le=600,
        description="Seconds for which an asker does not see yet what staff did, so that it can "
        "be undone unseen.",
    )
    mail_from: Annotated[str, AfterValidator(_is_mail_address)] = Field(
        default="", description="The address that mails to staff come from; needed to send any."
    )
    smtp_url: Annotated[SecretStr | None, AfterValidator(_is_mail_server)] = Field(
        default=None,
        description="The mail server for mails to staff: smtp://user:password@host:587, or "
        "smtps://…:465. Always with TLS, but on this machine or with ?tls=no. Default: no mails.",
    )
    webhook_secret: Annotated[SecretStr | None, AfterValidator(_is_webhook_secret)] = Field(
        default=None,
        description="What webhooks are signed with: whsec_ and 24 to 64 bytes in base64.",
    )
    webhook_url: Annotated[SecretStr | None, AfterValidator(_is_webhook)] = Field(
        default=None,
        description="Where the digest for staff is posted to as well, signed. Default: nowhere.",
    )
    notify_hours: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_hours)] = Field(
        default=(8, 18),
        description="The full hours, in the show's time zone, at which staff are told what waits, "
        "with commas. Empty: never.",
    )
    websub_hub: Annotated[str, AfterValidator(_is_address)] | None = Field(
        default=None,
        description="The address of a WebSub hub: feeds name it. Default: none.",
    )
    help_country: str = Field(
        default="",
        description="The country whose help lines stand first (ISO 3166, 2 letters). "
        "Default: the one that the show's help.yaml names.",
    )
    demo_password: SecretStr | None = Field(
        default=None, description="The demo owner's password, instead of a random one."
    )

    @property
    def instance_path(self) -> Path:
        """Return the instance folder, absolute."""
        return self.instance.resolve()

    @property
    def keys_path(self) -> Path:
        """Return the folder with the keys, absolute."""
        return (self.keys or self.instance / "keys").resolve()

    @property
    def media_path(self) -> Path:
        """Return the folder with the media of episodes, absolute."""
        return self.instance_path / "media"

    def media_file(self, sha256: str) -> Path:
        """Return where a file lies among the media, by the hash of its bytes."""
        return self.media_path / sha256[:2] / sha256

    @property
    def database(self) -> str:
        """Return the database's URL. It may hold a password: never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.instance_path / 'postbag.sqlite3'}"

    @property
    def origins(self) -> frozenset[str]:
        """Return the origins (RFC 6454, serialised) that count as this site."""
        return frozenset(_origin(url) for url in (self.site_url, *self.extra_origins))

    @property
    def is_https(self) -> bool:
        """Return whether visitors reach the site by HTTPS."""
        return urlsplit(self.site_url).scheme == "https"

    @property
    def is_public(self) -> bool:
        """Return whether the site's address leads others to it, not back to themselves."""
        host = urlsplit(self.site_url).hostname or ""
        try:
            return not ip_address(host).is_private
        except ValueError:
            return host != "localhost" and "." in host

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """Return the settings of this process. Raises SettingsRefused in plain words."""
        _refuse_unknown(os.environ, "the environment")
        instance = Path(
            str(overrides.get("instance") or os.environ.get(f"{PREFIX}INSTANCE", "instance"))
        )
        env_file = instance / "postbag.env"
        if env_file.exists():
            _refuse_unknown(_names_in(env_file), str(env_file))
        try:
            return cls(_env_file=env_file, **overrides)  # type: ignore[arg-type]
        except ValidationError as error:
            raise SettingsRefused(_in_words(error)) from None


def package_folder(name: Literal["templates", "seeds"]) -> Path:
    """Return where the templates or the seeds are: in the package if installed, else beside it."""
    packed = PACKAGE / f"_{name}"
    return packed if packed.is_dir() else PACKAGE.parent / name


def _names_in(env_file: Path) -> list[str]:
    """Return the names that a settings file sets. Raises SettingsRefused if it is no text."""
    try:
        lines = env_file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise SettingsRefused(f"{env_file} cannot be read as text in UTF-8.") from None
    return [line.strip().removeprefix("export ").split("=")[0].strip().upper() for line in lines]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _refuse_unknown(names: Iterable[str], where: str) -> None:
    known = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    for name in names:
        if name.startswith(PREFIX) and name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise SettingsRefused(f"{name} in {where} is no setting. The closest one is {close}.")


def _in_words(error: ValidationError) -> str:
    problems = (
        f"{PREFIX}{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "These settings cannot be used. " + " ".join(problems)
