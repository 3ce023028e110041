"""Clinic: the clinic's facts, people and pages."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The clinic"

    def ready(self) -> None:
        from clinic.rules import install_groups  # models may only be imported once the apps are ready

        post_migrate.connect(install_groups, sender=self)
