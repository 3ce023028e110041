"""The addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's documented way
admin.site.site_header = admin.site.site_title = "Plainleaf"
admin.site.index_title = "Your work"

urlpatterns = [
    path("", include("clinic.urls")),
    path("", include("education.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "clinic.views.errors.bad_request"
handler403 = "clinic.views.errors.permission_denied"
handler404 = "clinic.views.errors.page_not_found"
handler500 = "clinic.views.errors.server_error"
