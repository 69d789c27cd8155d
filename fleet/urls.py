"""Addresses of the fleet's pages and panels, below /fleet/."""

from django.urls import path

from . import views

app_name = "fleet"
urlpatterns = [
    path("", views.ships, name="ships"),
    path("steering/", views.steering, name="steering"),
    path("stops/", views.stops, name="stops"),
    path("panels/protection/", views.guarded, name="protection"),
    path("exploration/", views.exploration, name="exploration"),
    path("panels/systems/", views.systems, name="systems"),
    path("panels/passages/", views.passages, name="passages"),
    path("panels/squadrons/", views.squadrons, name="squadrons"),
    path("panels/vacancies/", views.vacancies, name="vacancies"),
    path("panels/manning/", views.manning, name="manning"),
    path("panels/orders/", views.orders, name="orders"),
    path("panels/offers/", views.offers, name="offers"),
    path("panels/evaluators/", views.evaluators, name="evaluators"),
    path("panels/wishes/", views.wishes, name="wishes"),
    path("panels/purses/", views.purses, name="purses"),
    path("panels/income/", views.income, name="income"),
]
