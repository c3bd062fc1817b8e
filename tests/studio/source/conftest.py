"""The bundle that tests of transfer read is the one whose files are looked at here."""

from tests.transfer.conftest import episode, show

__all__ = ["episode", "show"]
