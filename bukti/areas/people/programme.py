"""People of a programme: of the nation or a province, appointed by the installation itself.

No region's coordinator may appoint who publishes instruments for many regions.
"""

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from bukti.areas.ledger.commands import append
from bukti.areas.people import jobs
from bukti.areas.people.models import Grant, User
from bukti.rules.errors import Reason, Refused
from bukti.rules.permissions import Action, Actor, Place, Role, require

NATION = "ID"


@transaction.atomic
def appoint_programme_admin(actor: Actor, *, email: str, name: str) -> User:
    """Create a person of the national programme and mail the link that sets the password.

    Refused: EMAIL_NOT_UNDERSTOOD, EMAIL_TAKEN.
    """
    require(actor, Action.SET_UP, Place(NATION))

    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(Reason.EMAIL_NOT_UNDERSTOOD, email=email) from None
    if User.objects.filter(email__iexact=address).exists():
        raise Refused(Reason.EMAIL_TAKEN, email=address)

    user = User.objects.create(email=address, name=name, password=make_password(None))
    grant = Grant.objects.create(user=user, role=Role.PROGRAMME_ADMIN, since=timezone.localdate())
    jobs.mail_invitation.enqueue(user.pk)

    append(actor, "user.invited", user, region=NATION, role=grant.role, grant=grant.pk)
    return user
