"""Every route, as everybody, at home and elsewhere: what the policy forbids does not happen."""

import sys

import pytest

from bukti.faces.web.access import ROUTES
from tests.architecture import matrix
from tests.architecture.personas import crowd
from tests.architecture.things import FAMILIES

pytestmark = pytest.mark.django_db


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


def test_every_route_has_its_row_in_the_policy_and_every_row_its_route():
    assert set(ROUTES) == set(matrix.patterns())


def test_every_kind_of_address_is_tried():
    assert set(routes_by_family()) == set(FAMILIES)


@pytest.mark.parametrize(
    ("names", "routes"),
    [pytest.param(n, r, id="-".join(n) or "plain") for n, r in routes_by_family().items()],
)
def test_no_route_lets_anybody_further_than_the_policy(world, doors, names, routes, capsys):
    report = doors.run(routes)

    with capsys.disabled():
        sys.stdout.write(f"\n  {len(routes)} routes ({', '.join(names)}): {report.cells} cells ")
    assert report.cells > len(routes) * 27
    if report.findings:
        pytest.fail(str(report), pytrace=False)
