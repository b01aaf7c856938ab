"""Registers the system checks."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Wires the floors together; has no tables."""

    name = "bukti.site"
    label = "site"

    def ready(self) -> None:
        """Load the start-up checks."""
        from bukti.site import checks  # noqa: F401  registers on import
