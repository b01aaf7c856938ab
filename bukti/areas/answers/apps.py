"""The area `answers`; see its README."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the area."""

    name = "bukti.areas.answers"
    label = "answers"
