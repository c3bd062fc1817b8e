"""What sending something elsewhere may meet, in words that name no address and no content."""

import threading
from collections.abc import Callable

AFTER = "It took longer than {seconds} seconds."


class NotNow(Exception):  # noqa: N818 - reads as the sentence that it is
    """It could not be delivered this time; the message says why."""


class Never(Exception):  # noqa: N818
    """It can never be delivered; the message says why."""


def at_most(seconds: float, do: Callable[[], None]) -> None:
    """Do something that waits for others, for so long. Raises what it does, or NotNow.

    Time-outs of sockets begin anew with every byte, and names are looked up without any. What
    does not end is left behind in a thread that ends with the process.
    """
    raised: list[BaseException] = []

    def attempt() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            raised.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise NotNow(AFTER.format(seconds=round(seconds)))
    if raised:
        raise raised[0]
