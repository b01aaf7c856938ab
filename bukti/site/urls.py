"""Where the faces hang: the API under /api/v1, the staff pages at the root."""

from django.urls import include, path

from bukti.faces.api.v1.api import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("bukti.faces.web.urls")),
]

handler400 = "bukti.faces.web.errors.bad_request"
handler403 = "bukti.faces.web.errors.denied"
handler404 = "bukti.faces.web.errors.not_found"
handler429 = "bukti.faces.web.errors.too_many"
handler500 = "bukti.faces.web.errors.fault"
