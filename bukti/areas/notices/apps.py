"""The area `notices`; see its README."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the area."""

    name = "bukti.areas.notices"
    label = "notices"
