"""Addresses of the mining page and its panels, below /mining/."""

from django.urls import path

from . import views

app_name = "mining"
urlpatterns = [
    path("", views.page, name="page"),
    path("panels/harvest/", views.harvest, name="harvest"),
    path("panels/sites/", views.sites, name="sites"),
    path("panels/surveys/", views.surveys, name="surveys"),
    path("panels/sessions/", views.sessions, name="sessions"),
    path("panels/extractions/", views.extractions, name="extractions"),
    path("panels/jettisons/", views.jettisons, name="jettisons"),
]
