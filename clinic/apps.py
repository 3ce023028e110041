"""Clinic: the clinic's facts, people and pages."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The clinic"

    def ready(self) -> None:
        # Models may only be imported once the apps are ready.
        from clinic.erasing import keep_out_of_samples
        from clinic.rules import install_groups

        post_migrate.connect(install_groups, sender=self)
        post_migrate.connect(keep_out_of_samples, sender=self)


class NewsroomConfig(admin_apps.AdminConfig):
    """Django's admin, behind our own gate."""

    default = False  # INSTALLED_APPS names it
    default_site = "clinic.staff_site.StaffSite"
