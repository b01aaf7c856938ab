"""`bukti work`: the worker alone, where several machines share the work."""

from django.core.management.base import BaseCommand

from bukti.site.operations import jobs, ticks


class Command(BaseCommand):
    """Runs the jobs and what is periodic, without the web."""

    help = (
        "Menjalankan pekerja saja: surel, pratinjau, berkas evaluasi, titik periksa. "
        "bukti serve sudah menjalankan satu; ini untuk mesin tambahan."
    )
    requires_system_checks = "__all__"

    def handle(self, *args: object, **options: object) -> None:
        """Work until SIGTERM or SIGINT."""
        jobs.work(ticks.begin)
