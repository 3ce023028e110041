"""Makes the database of the small site, with the overview that is read from standard input as JSON."""

from __future__ import annotations

import json
import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.wagtail_site.settings")
django.setup()

from wagtail.models import Page, Site  # noqa: E402  # the apps must be ready first

from bench.wagtail_site.models import GuidePage, PlainPage  # noqa: E402


def main() -> int:
    """Fill an empty database."""
    told = json.load(sys.stdin)
    migrations = settings.DATA_DIR / "made_migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    sys.path.insert(0, str(settings.DATA_DIR))
    call_command("makemigrations", "wagtail_site", verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    Page.objects.filter(depth=2).delete()
    home = Page.objects.get(depth=1).add_child(instance=PlainPage(title=told["site"], slug="home"))
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name=told["site"])
    for slug, title in told["menu"]:
        home.add_child(instance=PlainPage(title=title, slug=slug, show_in_menus=True))
    guides = PlainPage.objects.get(slug="guides")
    body = [("text", told["text"]), ("html", told["rest"])]
    guide = guides.add_child(
        instance=GuidePage(
            title=told["title"], slug=told["slug"], lead=told["lead"], search_description=told["lead"], body=body
        )
    )
    for slug, title in told["contents"]:
        guide.add_child(instance=PlainPage(title=title, slug=slug, show_in_menus=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
