"""The WSGI application that granian serves."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from bukti.site.checks import there_is_a_secret
from bukti.site.slots import with_slots

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukti.site.settings")
application = with_slots(get_wsgi_application())
for problem in there_is_a_secret():
    raise ImproperlyConfigured(f"{problem.msg} {problem.hint}")
