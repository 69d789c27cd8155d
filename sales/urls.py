"""Addresses of the sales page and its panels, below /sales/."""

from django.urls import path

from . import views

app_name = "sales"
urlpatterns = [
    path("", views.page, name="page"),
    path("panels/turnover/", views.turnover, name="turnover"),
    path("panels/opportunities/", views.opportunities, name="opportunities"),
    path("panels/sales/", views.sales, name="sales"),
    path("panels/prices/", views.prices, name="prices"),
]
