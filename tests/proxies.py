"""The web servers that `deploy/` has files for, where this machine has them."""

import shutil

PROXIES = ("nginx", "caddy")


def find_proxy(name: str) -> str | None:
    """Return where a web server is; only root has /usr/sbin on its path everywhere."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")
