"""`bukti demo`: the demonstration region, for whoever wants to look before setting anything up."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from bukti.faces.cli.demo import load, people

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
REFUSED = 1


class Command(BaseCommand):
    """Loads the demonstration region once."""

    help = (
        "Mengisi Kabupaten Paser dengan putaran contoh yang sedang berjalan dan mencetak akun "
        "untuk masuk. Hanya bila belum ada pengguna; yang sudah diisikan tidak diubah. Semua "
        "isinya contoh, dan waktu dalam catatannya mengikuti waktu cerita."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Load if nobody is here, then say who can sign in."""
        host = urlsplit(settings.PUBLIC_ADDRESS).hostname
        if host not in LOOPBACK:
            raise CommandError(
                _("Kata sandi peragaan bersifat umum, jadi hanya untuk mesin ini, bukan %(host)s.")
                % {"host": host},
                returncode=REFUSED,
            )
        if load.load():
            self.stdout.write(
                _("Daerah contoh selesai dimuat. Semua isian, berkas, dan nomor karangan.")
            )
        else:
            self.stdout.write(_("Sudah ada pengguna; tidak ada yang diubah."))
        if people.is_here():
            self._say_logins()

    def _say_logins(self) -> None:
        self.stdout.write(f"\n  {settings.PUBLIC_ADDRESS}\n")
        for login in people.LOGINS:
            self.stdout.write(f"  {login.name:<26} {login.email:<32} {login.does}")
        self.stdout.write(
            _("\n  Kata sandi semua akun: %(password)s (umum; jangan dipakai di tempat lain)\n")
            % {"password": people.PASSWORD}
        )
