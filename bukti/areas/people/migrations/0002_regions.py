"""Loads the official codes: 38 provinces, 416 regencies, 98 cities (Kepmendagri 300.2.2-2138/2025)."""

import csv
from pathlib import Path

from django.db import migrations

CODES = Path(__file__).parents[1] / "regions.csv"
#: Time zones by province code; every other province is WIB.
WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
WIT = {"81", "82", "91", "92", "93", "94", "95", "96", "97"}


def zone_of(province: str) -> str:
    if province in WITA:
        return "Asia/Makassar"
    return "Asia/Jayapura" if province in WIT else "Asia/Jakarta"


def load(apps, schema_editor):
    region = apps.get_model("people", "Region")
    with CODES.open(encoding="utf-8") as file:
        region.objects.bulk_create(
            region(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                province_code=row["province_code"],
                zone=zone_of(row["province_code"]),
            )
            for row in csv.DictReader(file)
        )


def unload(apps, schema_editor):
    apps.get_model("people", "Region").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(load, unload)]
