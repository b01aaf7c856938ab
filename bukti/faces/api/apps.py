"""The face `api`."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the face."""

    name = "bukti.faces.api"
    label = "api"
