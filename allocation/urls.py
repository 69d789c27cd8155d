"""Addresses of the allocation page and its panels, below /allocation/."""

from django.urls import path

from . import views

app_name = "allocation"
urlpatterns = [
    path("", views.page, name="page"),
    path("panels/queues/", views.queues, name="queues"),
    path("panels/claimed/", views.claimed, name="claimed"),
    path("panels/contracts/", views.contracts, name="contracts"),
    path("panels/board/", views.board, name="board"),
    path("panels/trips/", views.trips, name="trips"),
    path("panels/reservations/", views.reservations, name="reservations"),
    path("panels/transitions/", views.transitions, name="transitions"),
]
