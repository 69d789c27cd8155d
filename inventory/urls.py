"""Addresses of the inventory page and its panels, below /inventory/."""

from django.urls import path

from . import views

app_name = "inventory"
urlpatterns = [
    path("", views.page, name="page"),
    path("panels/holdings/", views.holdings, name="holdings"),
    path("panels/depots/", views.depots, name="depots"),
    path("panels/loops/", views.loops, name="loops"),
    path("panels/pickups/", views.pickups, name="pickups"),
    path("panels/transfers/", views.transfers, name="transfers"),
    path("charts/fill.json", views.fill_chart, name="fill-chart"),
]
