"""Makes a fresh checkout ready and hands over to it: Python, packages, `.env`, then the command asked for."""

# Standard library only, and nothing that Python 3.6 lacks before the version is checked: an old Python must
# get as far as the sentence that says which one to install.

import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, NoReturn, Optional, Sequence, Tuple

CHECKOUT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")

RUN_TIME = "requirements.txt"
SERVICES = "requirements-services.txt"
DEVELOPMENT = "requirements-dev.txt"
# Each list holds everything in the ones named after it, at the same versions.
COVERS = {
    RUN_TIME: (RUN_TIME,),
    SERVICES: (SERVICES, RUN_TIME),
    DEVELOPMENT: (DEVELOPMENT, SERVICES, RUN_TIME),
}

# Command → the module that the environment's Python then runs, with its first arguments.
COMMANDS = {
    "run": ("config.serve",),
    "dev": ("config.serve", "--dev"),
    "prepare": ("config.serve", "--prepare"),
    "test": ("config.check", "test"),
    "check": ("config.check", "check"),
    "format": ("config.check", "format"),
    "bench": ("bench",),
    "bench-weight": ("bench.weight",),
    "bench-search": ("bench.search",),
    "bench-scale": ("bench.scale",),
    "bench-leaflet": ("bench.leaflet",),
    "bench-serving": ("bench.serving",),
    "bench-peers": ("bench.peers",),
    "bench-freshness": ("bench.freshness",),
    "bench-cold": ("bench.cold",),
    "drill": ("bench.drill",),
}
SERVING = ("run", "dev", "prepare")

# Letters and digits that cannot be taken for one another when read from a screen.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
UNFINISHED = ".unfinished"

Run = Callable[[List[str]], Tuple[int, str]]


class Refusal(Exception):
    """A sentence for the person at the terminal: what is wrong and what to do."""


def main(arguments: Sequence[str]) -> int:
    """Prepare the checkout and become the command's process. Returns an exit code only when it cannot."""
    try:
        use_supported_python(arguments)
        if not arguments or arguments[0] not in COMMANDS:
            raise Refusal("Choose one of: " + ", ".join(COMMANDS) + ". `make help` says what each does.")
        command, rest = arguments[0], list(arguments[1:])
        os.chdir(str(CHECKOUT))
        if command in SERVING:
            prepare_env_file(os.environ)
        python = prepare_environment(CHECKOUT / ".venv", requirements_for(command, configured(os.environ)))
        become([python, "-m", *COMMANDS[command], *rest])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Plainleaf cannot be prepared: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def become(command: List[str]) -> NoReturn:
    """Replace this process, so that signals and the exit code are the command's own."""
    sys.stdout.flush()
    os.execv(command[0], command)


def run(command: List[str]) -> Tuple[int, str]:
    """Run to the end without showing anything. Returns the exit code and all that was printed."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace"
    )
    return done.returncode, done.stdout


# Python itself


def use_supported_python(arguments: Sequence[str]) -> None:
    """Go on under a newer Python if this one is too old. Raises Refusal when there is none."""
    if sys.version_info[:2] >= OLDEST:
        return
    newer = newer_python(shutil.which, run)
    if newer is None:
        raise Refusal(old_python_refusal(sys.version_info[:2]))
    become([newer, str(Path(__file__).resolve()), *arguments])


def newer_python(find: Callable[[str], Optional[str]], run: Run) -> Optional[str]:
    """Return the newest supported Python on the PATH that really starts, or None."""
    for name in NEWER_PYTHONS:
        path = find(name)
        if path and python_version(path, run) >= OLDEST:
            return path
    return None


def python_version(python: str, run: Run, with_module: str = "sys") -> Tuple[int, ...]:
    """Return (major, minor) of that Python, or () when it does not start or lacks the module."""
    question = f"import sys, {with_module}; print('%d.%d' % sys.version_info[:2])"
    try:
        code, output = run([python, "-I", "-c", question])
    except OSError:
        return ()
    found = re.match(r"(\d+)\.(\d+)\s*$", output)
    return tuple(int(part) for part in found.groups()) if code == 0 and found else ()


def old_python_refusal(version: Tuple[int, ...]) -> str:
    return (
        f"Plainleaf needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}. Install a "
        "newer one (https://www.python.org/downloads/); if you have one elsewhere, name it: "
        "make run PYTHON=/path/to/python3.11"
    )


# The virtual environment


def prepare_environment(venv: Path, requirements: str) -> str:
    """Make `.venv` and install what the list names, as far as that is not done. Returns its Python."""
    with one_at_a_time(CHECKOUT / RUN_TIME):
        make_environment(venv, run)
        install(venv, CHECKOUT / requirements, run)
    return str(venv / "bin" / "python")


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Wait until no other `make` is preparing the same environment."""
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another make in this folder to finish its preparations...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_environment(venv: Path, run: Run) -> bool:
    """Make the virtual environment if there is no whole one. Returns whether it was made."""
    if whole(venv, run):
        return False
    refuse_without_venv(importlib.util.find_spec, sys.version_info[:2])
    if venv.is_symlink():
        venv.unlink()
    elif venv.exists():
        shutil.rmtree(str(venv))
    venv.mkdir()
    (venv / UNFINISHED).touch()
    code, output = run([sys.executable, "-m", "venv", str(venv)])
    if code != 0:
        raise Refusal("Python could not make the folder .venv: " + reason(output))
    (venv / UNFINISHED).unlink()
    return True


def whole(venv: Path, run: Run) -> bool:
    """Whether the environment was made to the end and its Python, with pip, still starts."""
    if (venv / UNFINISHED).exists() or not (venv / "bin" / "python").exists():
        return False
    return python_version(str(venv / "bin" / "python"), run, with_module="pip") >= OLDEST


def refuse_without_venv(find_spec: Callable[[str], object], version: Tuple[int, ...]) -> None:
    """Raise Refusal when this Python cannot make virtual environments, as on a bare Debian or Ubuntu."""
    missing = [name for name in ("venv", "ensurepip") if find_spec(name) is None]
    if missing:
        raise Refusal(
            f"This Python cannot make virtual environments: it lacks {' and '.join(missing)}. On Debian and "
            f"Ubuntu install the package python3-venv (or python{version[0]}.{version[1]}-venv for exactly "
            "this Python): sudo apt install python3-venv. Then run the command again."
        )


# Packages


def requirements_for(command: str, values: Mapping[str, str]) -> str:
    """Return the list of packages that the command needs with these settings."""
    if command not in SERVING:
        return DEVELOPMENT
    database, cache = values.get("DATABASE_URL", ""), values.get("CACHE_URL", "")
    if database.startswith(("postgres", "psql", "pgsql")) or cache.startswith("redis"):
        return SERVICES
    return RUN_TIME


def install(venv: Path, requirements: Path, run: Run) -> bool:
    """Install the locked list unless its stamp says that this was done. Returns whether pip ran.

    Raises Refusal with pip's own reason when it fails.
    """
    stamp = venv / ("installed-" + requirements.name)
    if stamp.exists() and stamp.read_text() == fingerprint(requirements):
        return False
    again = any(venv.glob("installed-*"))
    why = "the list is new or has changed" if again else "first time only, about a minute"
    say(f"Installing {package_count(requirements)} packages ({why})...")
    # Killed half-way, pip leaves packages that look installed: the mark has the next run start afresh.
    (venv / UNFINISHED).touch()
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    code, output = run([*pip, "install", "--require-hashes", "-r", str(requirements)])
    (venv / "pip.log").write_text(output, encoding="utf-8")
    (venv / UNFINISHED).unlink()
    if code != 0:
        raise Refusal(f"The packages could not be installed: {reason(output)} (more in .venv/pip.log)")
    for name in COVERS[requirements.name]:
        (venv / ("installed-" + name)).write_text(fingerprint(requirements.parent / name))
    return True


def fingerprint(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def package_count(requirements: Path) -> int:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if re.match(r"\w.*==", line) and "'win32'" not in line)


def reason(output: str) -> str:
    """Return the line of a program's output that says why it failed."""
    if re.search(r"Retrying \(|NewConnectionError|ConnectTimeoutError|name resolution", output):
        return "the package index cannot be reached; is this computer connected to the internet?"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error:")]
    return (errors or lines or ["no reason was given"])[-1]


# .env


def env_file(environment: Mapping[str, str]) -> Optional[Path]:
    """Return the settings file: PLAINLEAF_ENV_FILE as config/env.py reads it, where empty means none."""
    name = environment.get("PLAINLEAF_ENV_FILE", ".env")
    return CHECKOUT / name if name else None


def configured(environment: Mapping[str, str]) -> Dict[str, str]:
    """Return the settings as they will stand: those of the file, overruled by the environment's."""
    path = env_file(environment)
    values = read_values(path) if path and path.is_file() else {}
    values.update(environment)
    return values


def read_values(path: Path) -> Dict[str, str]:
    """Return the file's NAME=value lines, without quotes and comments."""
    pairs = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=[ \t]*(.*?)\s*$", path.read_text("utf-8"), re.MULTILINE)
    return {name: value.strip("'\"") for name, value in pairs}


def prepare_env_file(environment: Mapping[str, str]) -> None:
    """Write `.env` for local use if there is none. Raises Refusal when there is one without SECRET_KEY."""
    path = env_file(environment)
    if path is None:
        return
    if not path.exists():
        # Whoever sets the key in the environment sets the mode there too: no file may turn it into local.
        if environment.get("SECRET_KEY"):
            return
        write_env_file(path)
        say(f"Wrote {path.name} with new secrets; keep it private.")
    elif not configured(environment).get("SECRET_KEY"):
        raise Refusal(
            f"{path.name} has no SECRET_KEY. Add a line SECRET_KEY=... with at least 50 random characters; "
            'this prints some: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )


def write_env_file(path: Path) -> None:
    """Write the settings of a local trial, with new secrets, readable by the owner alone."""
    text = (
        "# Settings of this copy of Plainleaf, written once by `make run`. docs/settings.md explains each.\n"
        "# Anyone who can read the secrets can sign in: keep this file private.\n"
        "PLAINLEAF_MODE=local\n"
        f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
        f"SAMPLE_STAFF_PASSWORD={readable_password()}\n"
    )
    draft = path.with_name(path.name + ".draft")
    if draft.exists():
        draft.unlink()
    with os.fdopen(os.open(str(draft), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def readable_password() -> str:
    """Return four groups of four letters and digits, about 79 bits of chance."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
