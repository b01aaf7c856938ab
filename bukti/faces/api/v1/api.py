"""The API, version 1: who asks, which areas answer, how a refusal reads."""

from ninja import NinjaAPI

from bukti.faces.api.v1 import answers, evidence, problems, results, rounds
from bukti.faces.api.v1.tokens import BearerToken

DESCRIPTION = (
    "Semua yang dapat dilakukan orang dengan kuncinya sendiri: membaca putaran, pertanyaan, "
    "jawaban, bukti dan hasil; menyimpan dan mengajukan jawaban; mengunggah bukti. "
    "Kunci dibuat di halaman Akun dan dikirim sebagai `Authorization: Bearer bukti_…`. "
    'Penolakan berbentuk `{"reason": …, "sentence": …}`; 409 tidak mungkin sekarang, 412 orang '
    "lain lebih dulu (kedua versi disertakan), 403 tidak berwenang, 404 di luar yang boleh dilihat."
)

api = NinjaAPI(
    title="Bukti",
    version="1",
    description=DESCRIPTION,
    auth=BearerToken(),
    docs_url=None,
    urls_namespace="api-1",
)
problems.install(api)
for router in (rounds.router, answers.router, evidence.router, results.router):
    api.add_router("", router)
