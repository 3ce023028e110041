"""Addresses of clinic's public pages."""

from django.urls import path, register_converter

from clinic.views import (
    brand,
    consultation,
    first_owner,
    invitation,
    machines,
    pages,
    prices,
    providers,
    security,
    styleguide,
)
from education.urls import Number


class ShortHash:
    """The first digits of a hash, in an address that changes with what it stands for."""

    regex = "[0-9a-f]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class WholeHash(ShortHash):
    regex = "[0-9a-f]{64}"


register_converter(ShortHash, "short-hash")
register_converter(WholeHash, "whole-hash")
# Zeros before it would make endlessly many addresses of one.
register_converter(Number, "count")

app_name = "clinic"
urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.information, {"slug": "about"}, name="about"),
    path("privacy/", pages.information, {"slug": "privacy"}, name="privacy"),
    path("accessibility/", pages.information, {"slug": "accessibility"}, name="accessibility"),
    path("about/<slug:slug>/", pages.information, name="information"),
    path("providers/", providers.providers, name="providers"),
    path("providers/<slug:slug>/", providers.provider, name="provider"),
    path("providers/photos/<whole-hash:digest>-<count:width>.webp", providers.photo, name="provider-photo"),
    path("prices/", prices.prices, name="prices"),
    path("consultation/", consultation.consultation, name="consultation"),
    path("consultation/sent/", consultation.sent, name="sent"),
    path("accounts/first-owner/<slug:secret>/", first_owner.first_owner, name="first-owner"),
    path("accounts/invitation/<slug:secret>/", invitation.invitation, name="invitation"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("brand/site.<short-hash:digest>.css", brand.stylesheet, {"with_tools": False}, name="stylesheet"),
    path("brand/tools.<short-hash:digest>.css", brand.stylesheet, {"with_tools": True}, name="stylesheet-of-tools"),
    path("brand/icon.<short-hash:digest>.svg", brand.icon, name="icon"),
    path("brand/card.<short-hash:digest>.png", brand.card, name="card"),
    path("brand/<whole-hash:digest>.webp", brand.logo, name="logo"),
    path("apple-touch-icon.png", brand.apple_icon, name="apple-icon"),
    path("favicon.ico", brand.favicon, name="favicon"),
    path(".well-known/security.txt", security.security_txt, name="security-txt"),
    path("healthz", machines.healthz, name="healthz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<count:number>.xml", machines.sitemap_part, name="sitemap-part"),
    path("feed.xml", machines.feed, name="feed"),
]
