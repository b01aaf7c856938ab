"""The product's settings, with a clock around every request and an empty view to compare with."""

from bukti.site.settings import *  # noqa: F403
from bukti.site.settings import MIDDLEWARE as PRODUCT

MIDDLEWARE = ["benchmarks.clock.ServerTime", *PRODUCT]
ROOT_URLCONF = "benchmarks.urls"
