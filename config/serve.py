"""Starts Plainleaf: brings the database, sample and static files up to date, then serves.

`python -m config.serve --help` shows the options; the settings are in docs/settings.md.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import io
import ipaddress
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string

from config import anew
from config.refusal import Refusal
from config.workers import close_connections, serve

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLE = """\
Examples, on another port and with reloading while you write code; with an empty clinic of your own:

  PORT=8001 python -m config.serve --dev
  SAMPLE=no python -m config.serve

Before several servers of one site start together:

  python -m config.serve --prepare
"""


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped, or only prepare. Returns the exit code: 0 at the end, 1 after a refusal."""
    options = parse(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if options.dev:
        os.environ["DEBUG"] = "on"
    try:
        if options.dev and settings.PLAINLEAF_MODE != "local":
            raise Refusal("--dev shows its errors to every visitor, so it needs PLAINLEAF_MODE=local.")
        if options.prepare:
            django.setup()
            prepare()
            say("Database and static files are up to date.")
            return 0
        address = loopback_only(settings.HOST, settings.PLAINLEAF_MODE)
        refuse_taken_port(address, settings.PORT)
        django.setup()
        prepare()
        text = banner()
        close_connections()
        if options.dev:
            say(text)
            reloading_server(address, settings.PORT)
        # Loaded here once, so that a mistake shows before anything listens and the workers share the memory.
        import_string(settings.WSGI_APPLICATION)
        refuse_taken_port(address, settings.PORT)
        with recheck() as begin:
            serve(address, settings.PORT, lambda: answering(text, begin))
        say("Stopped.")
    except (Refusal, ImproperlyConfigured, CommandError, OSError) as refusal:
        print(f"Plainleaf cannot start: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m config.serve",
        description="Brings the database, the sample clinic and the static files up to date, then serves.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dev", action="store_true", help="reload on every change, with Django's error pages")
    how.add_argument("--prepare", action="store_true", help="bring everything up to date, and end without serving")
    return parser.parse_args(arguments)


def say(line: str) -> None:
    print(line, flush=True)


# Where it listens


def loopback_only(host: str, mode: str) -> str:
    """Return the address to listen on. Raises Refusal when local mode would answer other computers."""
    address = {"localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        raise Refusal(f"HOST is {host}. Write an IP address, such as 127.0.0.1.") from None
    if mode == "local" and not loopback:
        raise Refusal(
            f"HOST is {host}, which other computers reach, and local mode is for this computer only. "
            "Use HOST=127.0.0.1, or PLAINLEAF_MODE=production and the settings that it asks for."
        )
    return address


def refuse_taken_port(address: str, port: int) -> None:
    """Raise Refusal unless the port is free: two servers of the same kind would share it without a word."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            another = f"make run PORT={port + 1 if 1024 <= port < 65535 else 8001}"
            if error.errno == errno.EADDRINUSE:
                advice = f"Port {port} is taken by another program. Stop it, or choose another: {another}"
            elif error.errno == errno.EACCES:
                advice = f"Port {port} is for administrators only. Choose one from 1024: {another}"
            else:
                advice = f"HOST {address} is no address of this computer ({error.strerror})."
            raise Refusal(advice) from None


# Bringing everything up to date


def prepare() -> None:
    """Bring database, sample and static files up to date, each only if it is not."""
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"DATA_DIR is {settings.DATA_DIR}, where no folder can be made ({error.strerror}). "
            "Name a folder that this account may write to, such as var."
        ) from error
    try:
        if not settings.SAMPLE and holds_sample():
            start_anew()
        anew.hold(settings.DATA_DIR)
        migrate_if_needed(pending_migrations(), call_command)
        refuse_sample_accounts(settings.PLAINLEAF_MODE, sample_accounts())
        if settings.SAMPLE and settings.PLAINLEAF_MODE == "local" and is_empty():
            call_command("load_sample")
        # A database from before there was a search, or without rows for another reason: nothing where none is missing.
        call_command("rebuild_search", missing=True, verbosity=0)
        # An older copy of the database that was put back holds what was erased since.
        call_command("purge_requests", verbosity=0)
    except OperationalError as error:
        raise Refusal(
            f"the database cannot be used ({str(error).strip().splitlines()[0]}). "
            "See DATABASE_URL and DATA_DIR in docs/settings.md."
        ) from error
    if not settings.DEBUG:
        collect_if_changed(Path(settings.STATIC_ROOT), static_fingerprint(), call_command)


def holds_sample() -> bool:
    """Whether this is the sample clinic's database: one of its accounts can sign in. Only reads."""
    table = get_user_model()._meta.db_table
    return table in connection.introspection.table_names() and bool(sample_accounts())


def start_anew() -> None:
    """Move the sample clinic's data aside, if the person at the terminal says so. Raises Refusal otherwise."""
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    others = own_accounts()
    close_connections()
    ask = input if anew.on_a_terminal() else None
    aside = anew.offer(settings.DATA_DIR, database, timezone.localtime(), ask, others)
    say(f"The sample clinic's data are in {anew.shown(aside)}.")


def pending_migrations() -> int:
    """Return how many migrations the database still lacks; reads only."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_if_needed(pending: int, command: Callable[..., Any]) -> None:
    """Migrate, but leave a database that is up to date alone."""
    if pending:
        say(f"Preparing the database ({pending} steps)...")
        command("migrate", interactive=False, verbosity=0)


def sample_accounts() -> list[str]:
    """Return the user names of the sample's accounts that can still sign in."""
    users = get_user_model().objects.filter(sample_account=True, is_active=True)
    return list(users.order_by("pk").values_list("username", flat=True))


def own_accounts() -> list[str]:
    """Return the user names of the accounts that somebody made, and that can sign in."""
    users = get_user_model().objects.filter(sample_account=False, is_active=True)
    return list(users.order_by("pk").values_list("username", flat=True))


def refuse_sample_accounts(mode: str, names: Sequence[str]) -> None:
    """Raise Refusal when accounts whose password is in a file would be open to the world."""
    if mode == "production" and names:
        raise Refusal(
            f"the sample accounts ({', '.join(names)}) can still sign in, and their password is in a file. "
            "Close them with: .venv/bin/python manage.py close_sample_accounts"
        )


def is_empty() -> bool:
    """Whether nobody has an account yet and no clinic is described."""
    return not get_user_model().objects.exists() and not apps.get_model("clinic", "Clinic").objects.exists()


def static_fingerprint() -> str:
    """Return a digest that changes when a static file, the list of packages or the way of storing changes."""
    digest = hashlib.sha256((CHECKOUT / "requirements.txt").read_bytes())
    digest.update(repr((settings.STORAGES["staticfiles"], settings.STATICFILES_FINDERS)).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_mtime_ns}\0{found.st_size}\n".encode())
    return digest.hexdigest()


def collect_if_changed(root: Path, fingerprint: str, command: Callable[..., Any]) -> None:
    """Collect and compress the static files unless the stamp beside their folder has this fingerprint."""
    stamp = root.with_name(root.name + ".stamp")
    if root.is_dir() and stamp.is_file() and stamp.read_text() == fingerprint:
        return
    say("Preparing the static files...")
    stamp.unlink(missing_ok=True)
    command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


# What the person at the terminal reads


def banner() -> str:
    """Return where the site is and, for a local sample, how to sign in."""
    local = settings.PLAINLEAF_MODE == "local"
    address = f"http://localhost:{settings.PORT}" if local else settings.SITE_URL
    names = sample_accounts() if local else []
    lines = [
        "Plainleaf is running.",
        f"  The clinic's site   {address}/",
        f"  For staff           {address}/admin/",
    ]
    if names:
        either = " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        lines.append(
            f"  Sign in as {either}; the password is  {settings.SAMPLE_STAFF_PASSWORD}   "
            "(kept in .env as SAMPLE_STAFF_PASSWORD)"
        )
    return "\n".join([*lines, *filter(None, [first_owner()]), "  Stop with Ctrl+C."])


def first_owner() -> str:
    """Return how the owner's account is made, with a new one-time link; nothing while somebody owns the site."""
    if get_user_model().objects.filter(is_superuser=True, is_active=True).exists():
        return ""
    return "\n" + str(call_command("first_owner", stdout=io.StringIO())) + "\n"


# Serving


def answering(text: str, begin: Callable[[], None]) -> None:
    """Say where the site is, then begin what has time until somebody can read."""
    say(text)
    begin()


@contextmanager
def recheck() -> Iterator[Callable[[], None]]:
    """Give what begins to compute every hash of the record anew, once for all workers; it ends with the server at last.

    A process of its own, gently: readers get the processor first, and a fault in it stops nobody. What it finds is on
    the owner's desk and in /healthz?full; it writes nothing here.
    """
    running: list[subprocess.Popen[bytes]] = []
    serving, over = threading.Lock(), threading.Event()

    def begin() -> None:
        command = [sys.executable, str(CHECKOUT / "manage.py"), "verify_editions", "--gently"]
        quiet = subprocess.DEVNULL
        # A thread calls this, and the server may have been stopped meanwhile.
        with serving, suppress(OSError):
            if not over.is_set():
                running.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=CHECKOUT))
                # Or it would stand among the processes after its end, for as long as the server runs.
                threading.Thread(target=running[0].wait, daemon=True).start()

    try:
        yield begin
    finally:
        with serving:
            over.set()
        for process in running:
            # It only reads; the signals that ask politely are blocked in whatever this process starts.
            process.kill()
            process.wait()


def reloading_server(address: str, port: int) -> None:
    """Become Django's development server, which restarts itself when a file changes."""
    host = f"[{address}]" if ":" in address else address
    command = [sys.executable, str(CHECKOUT / "manage.py"), "runserver", f"{host}:{port}"]
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
