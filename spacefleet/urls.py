"""Every address of the web application."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from . import notices, views
from .atlas import views as atlas
from .books import views as books
from .lab import views as lab

urlpatterns = [
    path("", views.overview, name="overview"),
    path("panels/banner/", views.banner, name="banner"),
    path("panels/budget/", views.budget, name="budget"),
    path("panels/alerts/", views.alerts, name="alerts"),
    path("panels/happenings/", views.happenings, name="happenings"),
    path("panels/workers/", views.worker_health, name="worker-health"),
    path("panels/failures/", views.failures, name="failures"),
    path("panels/traffic/", views.traffic, name="traffic"),
    path("charts/credits.json", views.credits_chart, name="credits-chart"),
    path("map/", atlas.system_map, name="map"),
    path("panels/map/", atlas.map_places, name="map-places"),
    path("charts/map.json", atlas.map_data, name="map-data"),
    path("finance/", books.finance, name="finance"),
    path("panels/finance/results/", books.results, name="finance-results"),
    path("panels/finance/spans/", books.spans, name="finance-spans"),
    path("panels/finance/reconciliation/", books.reconciliation, name="finance-reconciliation"),
    path("ledger/", books.ledger_page, name="ledger"),
    path("panels/ledger/", books.entries, name="ledger-entries"),
    path("behaviours/", books.behaviours, name="behaviours-page"),
    path("panels/behaviours/", books.behaviours_compared, name="behaviours-compared"),
    path("eras/", books.eras, name="eras"),
    path("panels/eras/", books.eras_compared, name="eras-compared"),
    path("charts/eras.json", books.eras_chart, name="eras-chart"),
    path("requests/", books.requests, name="requests"),
    path("charts/requests.json", books.requests_chart, name="requests-chart"),
    path("panels/requests/activities/", books.request_prices, name="request-prices"),
    path("shipyards/", books.shipyards_page, name="shipyards"),
    path("panels/shipyards/", books.returns, name="shipyard-returns"),
    path("events/", books.events, name="events"),
    path("panels/events/", books.events_told, name="events-told"),
    path("settings/", books.settings, name="settings"),
    path("panels/settings/changes/", books.audit, name="settings-changes"),
    path("map/galaxy/", atlas.galaxy_map, name="galaxy"),
    path("panels/galaxy/", atlas.galaxy_systems, name="galaxy-systems"),
    path("charts/galaxy.json", atlas.galaxy_data, name="galaxy-data"),
    path("lab/", lab.lab, name="lab"),
    path("panels/lab/", lab.comparisons, name="lab-comparisons"),
    path("panels/lab-result/", lab.result, name="lab-result"),
    path("charts/lab.json", lab.curves, name="lab-curves"),
    path("alerts/", notices.page, name="alerts-page"),
    path("workers/", views.workers, name="workers"),
    path("fleet/", include("fleet.urls")),
    path("fleet/<str:symbol>/", views.ship, name="ship"),
    path("fleet/<str:symbol>/now/", views.ship_now, name="ship-now"),
    path("fleet/<str:symbol>/log/", views.ship_log, name="ship-log"),
    path("fleet/<str:symbol>/history/", views.ship_history, name="ship-history"),
    path("mining/", include("mining.urls")),
    path("inventory/", include("inventory.urls")),
    path("allocation/", include("allocation.urls")),
    path("sales/", include("sales.urls")),
    path("health/", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
]
