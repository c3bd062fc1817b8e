"""What the domain says no with. The web layer turns each into a page in plain words."""


class NotFound(Exception):  # noqa: N818 - reads as the sentence that it is
    """Nothing is there under that name, or nothing that may be shown."""


class Conflict(Exception):  # noqa: N818
    """Somebody else changed the thing since it was looked at."""


class Refused(Exception):  # noqa: N818
    """The act is not allowed; the message says why in words for whoever asked."""
