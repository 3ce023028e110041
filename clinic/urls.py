"""Addresses of clinic's public pages."""

from django.urls import path

from clinic.views import machines, pages, styleguide

app_name = "clinic"
urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.information, {"slug": "about"}, name="about"),
    path("privacy/", pages.information, {"slug": "privacy"}, name="privacy"),
    path("accessibility/", pages.information, {"slug": "accessibility"}, name="accessibility"),
    path("about/<slug:slug>/", pages.information, name="information"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", machines.healthz, name="healthz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
]
