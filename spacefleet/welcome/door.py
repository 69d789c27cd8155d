"""The door of an installation that nobody owns yet: every address leads to the first start."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

Answer = Callable[[HttpRequest], HttpResponse]


class FirstStart:
    """Sends strangers to the first start while there is no user.

    Only who is not signed in is asked about, so that the pages cost no query more. Monitors get
    their answer from the first minute on.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.open = {reverse(name) for name in ("setup", "health", "metrics")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in self.open or request.user.is_authenticated or User.objects.exists():
            return self.answer(request)
        if "HX-Request" in request.headers:  # the page around the panel, not the panel
            return HttpResponseClientRedirect(reverse("setup"))
        return redirect("setup")
