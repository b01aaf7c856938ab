"""Who may do what over the API: every operation, as every role, here and next door."""

import pytest

from bukti.faces.api.access import OPERATIONS
from bukti.faces.api.v1.api import api as the_api
from bukti.rules.permissions import WITHIN_AGENCY, WITHIN_REGION, Action, Role
from tests import cast as people_of
from tests.faces.api import Api, api
from tests.faces.test_api_evidence import file, upload

pytestmark = pytest.mark.django_db
SCHEMA = the_api.get_openapi_schema(path_prefix="/api/v1/")
IDS = [operation["operationId"] for path in SCHEMA["paths"].values() for operation in path.values()]


def test_every_operation_has_its_row_and_no_row_is_left_over():
    assert sorted(IDS) == sorted(OPERATIONS)


def test_every_operation_wants_a_token():
    for path in SCHEMA["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"BearerToken": []}], operation["operationId"]


def call(client: Api, operation: str, round_, cast, revision: int):
    """Do one operation about health's question C1."""
    at = f"/rounds/{round_.pk}"
    calls = {
        "list_rounds": lambda: client.get("/rounds"),
        "read_round": lambda: client.get(at),
        "list_questions": lambda: client.get(f"{at}/questions"),
        "list_answers": lambda: client.get(f"{at}/answers"),
        "read_answer": lambda: client.get(f"{at}/answers/C1"),
        "save_answer": lambda: client.put(f"{at}/answers/C1", {"level": 0, "version": 0}),
        "submit_answers": lambda: client.post(
            f"{at}/submissions", {"agency": cast.health.pk, "confirmed": ["C2", "D1"]}
        ),
        "list_evidence": lambda: client.get(f"{at}/answers/C1/evidence"),
        "upload_evidence": lambda: upload(client, round_, file=file("lain.pdf")),
        "download_evidence": lambda: client.get(f"/evidence/{revision}/file"),
        "read_result": lambda: client.get(f"{at}/result"),
    }
    return calls[operation]()


#: Who holds tokens, and which role that is at health's question C1 (None: no role there).
TOKEN_HOLDERS = {
    "operator_of_health": Role.OPERATOR,
    "head_of_health": Role.AGENCY_HEAD,
    "coordinator": Role.COORDINATOR,
    "head_of_education": None,
    "operator_elsewhere": None,
    "head_elsewhere": None,
    "coordinator_elsewhere": None,
}
#: What an agency of the region sees of the round without a part in the question.
OF_THE_REGION = {"list_rounds", "read_round", "list_questions", "list_answers"}


def expected(holder: str, operation: str) -> bool:
    """Whether the policy page lets this person do it."""
    if operation == "list_rounds":
        return True
    if holder == "head_of_education":
        return operation in OF_THE_REGION
    role = TOKEN_HOLDERS[holder]
    actions = {**WITHIN_AGENCY, **WITHIN_REGION}.get(role, frozenset[Action]()) if role else ()
    return OPERATIONS[operation] in actions


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
@pytest.mark.parametrize("holder", TOKEN_HOLDERS)
def test_the_policy_page_decides(cast, running_round, holder, operation):
    owner = api(cast.operator_of_health)
    revision = upload(owner, running_round, file=file()).json()["revision"]
    person = getattr(cast, holder)
    region = people_of.ELSEWHERE if holder.endswith("elsewhere") else people_of.PASER
    if operation == "submit_answers":
        owner.put(f"/rounds/{running_round.pk}/answers/C1", {"level": 0, "version": 0})

    answer = call(api(person, region), operation, running_round, cast, revision)

    if expected(holder, operation):
        assert answer.status_code in (200, 201), answer.content
    else:
        assert answer.status_code in (403, 404), answer.content


def test_next_door_the_list_of_rounds_is_empty(cast, running_round):
    assert api(cast.coordinator_elsewhere, people_of.ELSEWHERE).get("/rounds").json() == []
    assert api(cast.head_elsewhere, people_of.ELSEWHERE).get("/rounds").json() == []
