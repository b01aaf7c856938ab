"""The area `ledger`; see its README."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the area."""

    name = "bukti.areas.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register the start-up check."""
        from bukti.areas.ledger import checks  # noqa: F401
