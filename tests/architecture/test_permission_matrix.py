"""Every route, as everybody, at home and elsewhere: what the policy forbids does not happen."""

import sys

import pytest

from bukti.faces.api.access import OPERATIONS
from bukti.faces.web.access import ROUTES
from tests.architecture import matrix, operations
from tests.architecture.personas import crowd
from tests.architecture.things import FAMILIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_bare_errors")]

PORTION = 6


@pytest.fixture(scope="module")
def doors(furnished):
    """The matrix over the furnished world."""
    world, _ = furnished
    return matrix.Matrix(world, crowd(world))


def routes_by_family():
    families = {}
    for name, pattern in matrix.patterns().items():
        families.setdefault(matrix.arguments(pattern), []).append(name)
    return families


def in_portions():
    """The families, large ones in portions, so that two workers have as much to do."""
    for names, routes in routes_by_family().items():
        for start in range(0, len(routes), PORTION):
            label = f"{'-'.join(names) or 'plain'}-{start // PORTION + 1}"
            yield pytest.param(names, routes[start : start + PORTION], id=label)


def test_every_route_has_its_row_in_the_policy_and_every_row_its_route():
    assert set(ROUTES) == set(matrix.patterns())


def test_every_kind_of_address_is_tried():
    assert set(routes_by_family()) == set(FAMILIES)


@pytest.mark.parametrize(
    ("names", "routes"),
    list(in_portions()),
)
def test_no_route_lets_anybody_further_than_the_policy(world, doors, names, routes, capsys):
    report = doors.run(routes)

    with capsys.disabled():
        sys.stdout.write(f"\n  {len(routes)} routes ({', '.join(names)}): {report.cells} cells ")
    assert report.cells > len(routes) * len(doors.crowd.everybody)
    if report.findings:
        pytest.fail(str(report), pytrace=False)


# ---------- the API ----------


def test_every_operation_has_its_row_in_the_policy():
    assert set(operations.FOUND) == set(OPERATIONS)


def test_every_kind_of_operation_is_tried():
    assert {operations.family(path) for _, path in operations.FOUND.values()} <= set(FAMILIES)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_no_operation_lets_anybody_further_than_the_policy(world, doors, operation, capsys):
    wrong, cells = [], 0
    for number, thing in enumerate(doors.things[operations.family(operations.FOUND[operation][1])]):
        for persona in doors.those_who_try(thing, number):
            cells += 1
            right = operations.expected(operation, thing, persona)
            status, text, touched = operations.tried(operation, thing, persona)
            seen = doors.not_for(persona, text)
            rows = touched if right & {401, 403, 404} else []
            if status not in right or seen or rows:
                wrong.append(f"{persona.name}: {thing.name}: {right}: {status} {seen} {rows}")

    with capsys.disabled():
        sys.stdout.write(f"\n  {operation}: {cells} cells ")
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_a_session_opens_no_operation(world, doors):
    client = doors.crowd.named("coordinator").client

    assert client.get("/api/v1/rounds").status_code == 401
