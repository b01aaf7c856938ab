"""A client of the API: a token, requests, answers as JSON."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from bukti.areas.people import commands
from tests.cast import PASER, Person


def token_of(person: Person, region: str = PASER) -> str:
    """A fresh token of a person who may hold one."""
    _, text = commands.issue_token(person.actor, region, name="uji")
    return text


@dataclass
class Api:
    """Speaks for the holder of a token."""

    client: Client
    token: str

    def get(self, path: str, **headers: str) -> Any:
        """Read."""
        return self.client.get(f"/api/v1{path}", headers=self._headers(headers))

    def put(self, path: str, body: object, **headers: str) -> Any:
        """Change."""
        return self.client.put(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers(headers),
        )

    def post(self, path: str, body: object) -> Any:
        """Make, from JSON."""
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers({}),
        )

    def upload(self, path: str, **fields: object) -> Any:
        """Make, from a form with files."""
        return self.client.post(f"/api/v1{path}", fields, headers=self._headers({}))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **named}


def api(person: Person, region: str = PASER) -> Api:
    """The API as this person's programs use it."""
    return Api(Client(), token_of(person, region))
