"""Every page of the demonstration region, as each role meets it: reachable, readable, printable."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urljoin, urlsplit

import pypdfium2
import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import expect

from bukti.faces.cli.demo.people import LOGINS, PASSWORD
from bukti.faces.web.urls import urlpatterns
from tests.journeys.inspection import DESK, MODES, examine, listed, look_at
from tests.journeys.person import Person

pytestmark = pytest.mark.journey

#: Whose pages are looked at; the first who reaches a page is the one whose page axe examines.
ROLES = {
    "koordinator": "koordinator@paser.example",
    "operator": "operator.dinkes@paser.example",
    "kepala": "kepala.dinkes@paser.example",
    "pimpinan": "sekda@paser.example",
    "inspektorat": "inspektorat@paser.example",
    "pengelola": "pengelola@nasional.example",
    "asesor": "asesor@nasional.example",
}
#: Addresses that do something and show nothing: forms are sent to them.
ACTS = {
    "account_logout", "set_language", "token_issue", "token_revoke", "round_start", "round_move",
    "answer_save", "version_restore", "comment", "attach", "cite", "uncite", "skip", "unskip",
    "round_prepare", "round_sign", "reopening_confirm", "answer_accept", "answer_return",
    "round_finish", "user_invite_again", "user_disable", "user_enable", "grant_end", "ledger_verify",
}  # fmt: skip
#: Addresses that hand out a file.
FILES = {
    "receipt_pdf", "receipt_proof", "dossier_download", "document_download", "document_page",
    "checkpoint",
}  # fmt: skip
#: Pages that no link leads to, and that are typed here.
TYPED = (
    "/masuk/", "/sandi/lupa/", "/sandi/lupa/terkirim/", "/sandi/atur/selesai/", "/akun/nonaktif/",
    "/sandi/atur/1-abc/", "/komponen/", "/tidak-ada/",
)  # fmt: skip
#: Looked at where they belong: the first visit, in test_one_round.
ELSEWHERE = {"set_up"}
