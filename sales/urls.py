"""Addresses of the sales page and its panels, below /sales/."""

from django.urls import path

from . import views

app_name = "sales"
urlpatterns = [
    path("", views.page, name="page"),
    path("panels/turnover/", views.turnover, name="turnover"),
    path("charts/prices.json", views.prices_chart, name="prices-chart"),
    path("panels/opportunities/", views.opportunities, name="opportunities"),
    path("panels/rejected/", views.rejected, name="rejected"),
    path("panels/crowdings/", views.crowdings, name="crowdings"),
    path("panels/moods/", views.moods, name="moods"),
    path("panels/sales/", views.sales, name="sales"),
    path("panels/trading/", views.trading, name="trading"),
    path("panels/lanes/", views.lanes, name="lanes"),
    path("panels/prices/", views.prices, name="prices"),
]
