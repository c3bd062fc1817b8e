"""The roles of staff: each may do what those before it may."""

ROLES = ("moderator", "editor", "owner")


def allows(role: str, needs: str) -> bool:
    """Return whether a role may do what needs another."""
    return ROLES.index(role) >= ROLES.index(needs)
