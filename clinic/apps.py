"""Clinic: the clinic's facts, people and pages."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "The clinic"

    def ready(self) -> None:
        # Models may only be imported once the apps are ready.
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from django.contrib.auth import signals as auth

        from clinic import checks  # noqa: F401  # its import registers them
        from clinic.actions import sign_in, sign_in_log
        from clinic.erasing import keep_out_of_samples
        from clinic.rules import install_groups

        post_migrate.connect(install_groups, sender=self)
        post_migrate.connect(keep_out_of_samples, sender=self)
        auth.user_logged_in.connect(sign_in_log.note_signed_in)
        auth.user_logged_out.connect(sign_in_log.note_signed_out)
        auth.user_login_failed.connect(sign_in_log.note_sign_in_failed)
        for told in (account.password_set, account.password_changed, account.password_reset):
            told.connect(sign_in_log.note_own_password)
        for told in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
            told.connect(sign_in_log.note_second_factor)
            told.connect(sign_in.end_sign_ins_elsewhere)


class NewsroomConfig(admin_apps.AdminConfig):
    """Django's admin, behind our own gate."""

    default = False  # INSTALLED_APPS names it
    default_site = "clinic.staff_site.StaffSite"
