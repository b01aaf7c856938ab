"""The API's operations as doors: what each wants, what the policy says of it."""

import json
import re
from typing import Any

from django.test import Client

from bukti.faces.api.access import OPERATIONS
from bukti.faces.api.v1.api import api
from bukti.rules.permissions import Action, Place, may
from tests.architecture import things
from tests.architecture.matrix import watched
from tests.architecture.personas import Persona
from tests.architecture.scene import CODES, undone
from tests.areas.files import pdf

SCHEMA = api.get_openapi_schema(path_prefix="/api/v1/")
FOUND = {
    operation["operationId"]: (method.upper(), path)
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
}
LETS_IN = {200, 201, 409, 412, 413, 422}


def family(path: str) -> tuple[str, ...]:
    """The names in braces, in order."""
    return tuple(re.findall(r"{(\w+)}", path))


def sent(operation: str, thing: things.Thing) -> dict:
    """What the operation wants, plausibly."""
    answer = thing.facts.get("answer")
    if operation == "save_answer":
        body = {"version": answer.version if answer else 0, "level": 1}
        return {"data": json.dumps(body), "content_type": "application/json"}
    if operation == "submit_answers":
        body = {"agency": thing.facts["furnished"].main.pk, "confirmed": list(CODES)}
        return {"data": json.dumps(body), "content_type": "application/json"}
    if operation == "upload_evidence":
        form = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="surat.pdf"\r\n'
            b"Content-Type: application/pdf\r\n\r\n" + pdf("api") + b"\r\n--x--\r\n"
        )
        return {"data": form, "content_type": "multipart/form-data; boundary=x"}
    return {}


def expected(operation: str, thing: things.Thing, persona: Persona) -> set[int]:
    """What the table and the rules say."""
    rule, actor = OPERATIONS[operation], persona.actor
    if operation == "list_answers":
        rule = Action.READ_ROUND  # a list of those that one sees, perhaps none
    if not persona.is_signed_in:
        return {401}
    if not family(FOUND[operation][1]):
        return {200}
    if not thing.sees(actor):
        return {404}
    assert thing.place is not None
    where = thing.place
    if rule is Action.HAND_IN_AGENCY:
        where = Place(where.region, thing.facts["furnished"].main.pk, where.round_id)
    if operation == "read_result" and thing.facts["round"].state == "finished":
        rule = Action.READ_PAST_RESULT
    if rule is Action.READ_EVIDENCE or may(actor, rule, where):
        return LETS_IN
    return {403}


def tried(operation: str, thing: things.Thing, persona: Persona) -> tuple[int, str, list[str]]:
    """One request with the persona's token; its effects are undone."""
    method, path = FOUND[operation]
    for name, value in zip(family(path), thing.args, strict=True):
        path = path.replace(f"{{{name}}}", str(value))
    key = {"authorization": f"Bearer {persona.token}"} if persona.token else {}
    client = Client(raise_request_exception=False, headers=key)
    with undone(), watched() as touched:
        response = client.generic(method, path, **sent(operation, thing))
        parts: Any = getattr(response, "streaming_content", None) or [response.content]
        return response.status_code, b"".join(parts).decode("utf-8", "replace"), touched
