"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("clinic.urls")),
    path("", include("education.urls")),
    path("accounts/", include("clinic.account_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.permission_denied"
handler404 = "clinic.views.errors.page_not_found"
handler500 = "clinic.views.errors.server_error"
