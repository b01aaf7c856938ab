"""The face `cli`."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the face."""

    name = "bukti.faces.cli"
    label = "cli"
