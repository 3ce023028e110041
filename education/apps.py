"""Education: guides, editions and the way from one to the other."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EducationConfig(AppConfig):
    name = "education"
    verbose_name = "Guides"

    def ready(self) -> None:
        # Models may only be imported once the apps are ready.
        from config.ready.changes import watch
        from education.rules import install_groups
        from education.triggers import install_triggers

        watch()
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(install_groups, sender=self)
