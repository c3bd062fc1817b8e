"""Every setting: its default, its POSTBAG_ variable, and what it is for."""

import os
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from webapp.settings.addresses import Places, origin_of
from webapp.settings.checks import (
    PREFIX,
    Address,
    Bytes,
    Database,
    OwnHost,
    Redis,
    Spoken,
    Store,
)
from webapp.settings.limits import Limits
from webapp.settings.notifications import Notifications

__all__ = ["PACKAGE", "PREFIX", "Settings", "SettingsRefused", "package_folder"]

PACKAGE = Path(__file__).parents[1]


class SettingsRefused(Exception):  # noqa: N818 - reads as the sentence that it is
    """A setting is unknown or cannot be used; the message names it and never its value."""


class Settings(Places, Limits, Notifications):
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
    database_url: Database = Field(
        default=None,
        description="Where the data is. Default: SQLite in the instance folder; "
        "postgresql+psycopg://… for PostgreSQL.",
    )
    threads: int = Field(
        default=16, ge=1, description="Threads in which one process runs the application."
    )
    redis_url: Redis = Field(
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
    leave_url: Address = Field(
        default="https://www.wikipedia.org/",
        description="Where “Leave this site” leads: somewhere that nobody looks at twice.",
    )
    upload_limit: Bytes = Field(
        default=4 * 1024**3,
        ge=1024**2,
        description="The largest file that editors may upload, in bytes or with K, M, G or T.",
    )
    import_from_loopback: bool = Field(
        default=False,
        description="Whether feeds may be imported from 127.0.0.1 too: for tests, and for a feed "
        "on this machine. Default: from the public internet alone.",
    )
    baked: Path | None = Field(
        default=None,
        description="A folder in which the worker keeps finished pages as files, for a web server "
        "in front to answer from. Default: none.",
    )
    media_url: Store = Field(
        default=None,
        description="Where video, sound and pictures of what is out are served from instead: "
        "https://media.show.example. Default: from the site itself.",
    )
    media_folder: Path | None = Field(
        default=None,
        description="The folder served there. Default: `published` in the instance folder.",
    )
    websub_hub: Address | None = Field(
        default=None,
        description="The address of a WebSub hub: feeds name it, and it is told what is new. "
        "Default: none.",
    )
    locale: Spoken = Field(
        default="en",
        description="The English that the site itself speaks, in which days and numbers are "
        "written: en, en-GB, en-US and so on.",
    )
    help_country: str = Field(
        default="",
        description="The country whose help lines stand first (ISO 3166, 2 letters). "
        "Default: the one that the show's help.yaml names.",
    )
    log_format: Literal["auto", "json", "plain"] = Field(
        default="auto",
        description="Lines of the log: json, plain, or auto (plain on a terminal, else JSON).",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="The port at which Prometheus is given figures, at /metrics. Default: none.",
    )
    metrics_host: OwnHost = Field(
        default="127.0.0.1", description="The address at which that port is open."
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
    def published_path(self) -> Path:
        """Return the folder with the media of what is out, absolute."""
        return (self.media_folder or self.instance / "published").resolve()

    def media_address(self, sha256: str, file: str) -> str:
        """Return where a file of what is out is served, empty where that is the site itself."""
        return f"{self.media_url}/{sha256}/{quote(file)}" if self.media_url and sha256 else ""

    @property
    def media_origin(self) -> str:
        """Return the origin of the media (RFC 6454, serialised), empty where it is the site's."""
        return origin_of(self.media_url) if self.media_url else ""

    @property
    def database(self) -> str:
        """Return the database's URL. It may hold a password: never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.instance_path / 'postbag.sqlite3'}"

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
    no_text = f"{env_file} cannot be read as text in UTF-8."
    try:
        text = env_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsRefused(no_text) from None
    if "\0" in text:  # which no path may have either
        raise SettingsRefused(no_text)
    lines = text.splitlines()
    return [line.strip().removeprefix("export ").split("=")[0].strip().upper() for line in lines]


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
