"""docs/reference/ says what the code says."""

from importlib import import_module

import pytest
from django.core.management import get_commands

from bukti.faces.api.v1.api import api
from bukti.site.main import NOUNS
from bukti.site.operations import references


@pytest.mark.parametrize("name", sorted(references.DOCUMENTS))
def test_the_reference_is_what_the_code_says(name):
    assert name not in references.differing(), "run `make docs`"


def test_every_command_of_ours_is_a_noun_that_bukti_names():
    ours = {name for name, app in get_commands().items() if app.startswith("bukti.")}

    assert ours == set(NOUNS)


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_every_command_has_a_help_worth_reading(noun):
    app = get_commands()[noun]

    command = import_module(f"{app}.management.commands.{noun}").Command

    assert len(command.help) > 25


def test_the_api_is_described_in_openapi_3_1():
    schema = api.get_openapi_schema(path_prefix="/api/v1/")

    assert schema["openapi"].startswith("3.1")
    for path in schema["paths"].values():
        for operation in path.values():
            assert operation.get("description"), operation["operationId"]
