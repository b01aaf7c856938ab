"""The API, version 1."""

from ninja import NinjaAPI

api = NinjaAPI(title="Bukti", version="1", docs_url=None)
