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
    path("panels/drifts/", views.drifts, name="drifts"),
    path("panels/expansions/", views.expansions, name="expansions"),
    path("charts/flow.json", views.flow_chart, name="flow-chart"),
    path("charts/fill.json", views.fill_chart, name="fill-chart"),
]
