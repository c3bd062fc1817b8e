"""The settings of the addresses by which the site and its desk are visited."""

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field
from pydantic_settings import BaseSettings

from webapp.settings.checks import Address, Addresses, OwnAddress, is_inside

_PORT = re.compile(r":\d*$")
_PORTS = {"http": 80, "https": 443}


class Places(BaseSettings):
    """Where visitors and staff find the site, and which half of it this process serves."""

    site_url: Address = Field(
        default="http://127.0.0.1:8000",
        description="The site's own address: canonical links, and the origin that forms must have.",
    )
    desk_url: OwnAddress = Field(
        default="",
        description="The desk's own address, where it has one: what is sent to staff leads there, "
        "and its forms may have that origin too. Default: the site's.",
    )
    extra_origins: Addresses = Field(
        default=(),
        description="More origins that are this site, such as an onion address, with commas.",
    )
    surface: Literal["all", "public", "desk"] = Field(
        default="all", description="What this process serves: all, public (no desk), or desk."
    )

    @property
    def desk_address(self) -> str:
        """Return the address that the desk's paths stand behind, without a slash at its end."""
        return (self.desk_url or self.site_url).rstrip("/")

    @property
    def own_address(self) -> str:
        """Return the address at which this process is visited, without a slash at its end."""
        return self.desk_address if self.surface == "desk" else self.site_url.rstrip("/")

    @property
    def origins(self) -> frozenset[str]:
        """Return the origins (RFC 6454, serialised) that count as this site."""
        return frozenset(origin_of(url) for url in (self.site_url, *self.extra_origins))

    @property
    def desk_origins(self) -> frozenset[str]:
        """Return the origins that count as this site at the desk."""
        return self.origins | {origin_of(self.desk_address)}

    def desk_origin_at(self, host: str) -> str:
        """Return the origin at which the desk is visited, by the Host that a request names.

        One that is none of its own is taken for this process's own address. Where it is left
        open whether it is by HTTPS, it is.
        """
        named = host.lower()
        origins = {origin: urlsplit(origin) for origin in self.desk_origins}
        exact = [origin for origin, parts in origins.items() if parts.netloc == named]
        name = _PORT.sub("", named).strip("[]")  # proxies may leave the port out
        alike = [origin for origin, parts in origins.items() if parts.hostname == name]
        found = exact or alike or [origin_of(self.own_address)]
        return max(found, key=lambda origin: origin.startswith("https:"))

    @property
    def is_https(self) -> bool:
        """Return whether visitors reach the site by HTTPS."""
        return urlsplit(self.site_url).scheme == "https"

    @property
    def is_public(self) -> bool:
        """Return whether the site's address leads others to it, not back to themselves."""
        return not is_inside(urlsplit(self.site_url).hostname or "")


def origin_of(url: str) -> str:
    """Return the origin of an address as browsers write it: lower case, no port that is usual."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
