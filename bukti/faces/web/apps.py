"""The face `web`."""

from django.apps import AppConfig


class Config(AppConfig):
    """Django's handle on the face."""

    name = "bukti.faces.web"
    label = "web"
