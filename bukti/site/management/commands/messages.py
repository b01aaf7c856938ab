"""`bukti messages`: the screen's sentences, for the translator."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _


class Command(BaseCommand):
    """Brings the English translation's list of sentences up to date."""

    help = (
        "Mengumpulkan kalimat layar ke bukti/locale/en; yang belum diterjemahkan dibiarkan kosong."
    )
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        """Collect, and count what lacks words."""
        from bukti.site.operations import sentences  # Babel is not there where Bukti only serves

        count, missing = sentences.collect("en")
        self.stdout.write(
            _("%(count)s kalimat, %(missing)s belum diterjemahkan.")
            % {"count": count, "missing": missing}
        )
