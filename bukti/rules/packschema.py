"""The JSON Schema of pack files, for editors; generated from the dataclasses of `rules/pack.py`."""

from __future__ import annotations

from typing import Any

from bukti.rules.pack import Pack, Part, Takes
from bukti.rules.shape import schema_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_document() -> dict[str, Any]:
    """One schema for both kinds of file: `pack.yaml` and a part."""
    definitions: dict[str, Any] = {}
    for shape in (Pack, Part, Takes):
        schema_of(shape, definitions)
    pack = definitions["Pack"]["properties"]
    pack["parts"] = {
        "type": "array",
        "items": {"type": "string", "pattern": r"\S"},
        "description": "Berkas bagian, relatif terhadap folder paket",
    }
    pack["takes"] = {
        "$ref": "#/$defs/Takes",
        "description": "Ambil pertanyaan dari paket lain sebagai ganti parts",
    }
    definitions["Pack"]["oneOf"] = [{"required": ["parts"]}, {"required": ["takes"]}]
    definitions["Takes"]["oneOf"] = [{"required": ["codes"]}, {"required": ["without"]}]
    return {
        "$schema": DIALECT,
        "title": "Paket instrumen Bukti: pack.yaml atau berkas bagian",
        "if": {"required": ["component"]},
        "then": {"$ref": "#/$defs/Part"},
        "else": {"$ref": "#/$defs/Pack"},
        "$defs": dict(sorted(definitions.items())),
    }
