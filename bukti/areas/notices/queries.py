"""Reading one's own notices."""

from django.db.models import QuerySet

from bukti.areas.notices.models import Notice
from bukti.rules.permissions import Actor


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """A person's notices; nobody else sees them."""
    return Notice.objects.filter(user_id=actor.user_id or 0)


def unread(actor: Actor) -> QuerySet[Notice]:
    """What has not been read yet, newest first."""
    return visible_to(actor).filter(read_at__isnull=True)
