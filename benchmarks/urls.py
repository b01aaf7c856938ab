"""The product's addresses and one view that does nothing, for who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bukti.site import urls as product

handler400, handler403, handler404 = product.handler400, product.handler403, product.handler404
handler429, handler500 = product.handler429, product.handler500

EMPTY = "/ukur/kosong/"


def nothing(request: HttpRequest) -> HttpResponse:
    """What the middleware alone costs: session, person, grants."""
    return HttpResponse(f"{request.user.pk}")


urlpatterns = [path(EMPTY.lstrip("/"), nothing, name="measure_nothing"), *product.urlpatterns]
