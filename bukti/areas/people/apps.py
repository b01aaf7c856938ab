"""The area `people`; see its README."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the area."""

    name = "bukti.areas.people"
    label = "people"
