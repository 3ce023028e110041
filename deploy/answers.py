"""Ends with 0 when the Plainleaf of this machine answers, with 1 when not. For the health check of a container.

It asks as the proxy would, or the answer would be a redirect to https. With `full` it asks how everything is, prints
what it hears, and ends with 1 also where something is not well.
"""

import os
import sys
import urllib.error
import urllib.request

FULL = sys.argv[1:] == ["full"]
request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz{'?full' if FULL else ''}",
    headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0].strip(), "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=30 if FULL else 4) as answer:  # noqa: S310  # this machine's own
        if FULL:
            sys.stdout.write(answer.read().decode())
except urllib.error.HTTPError as error:
    sys.exit(error.read().decode() if FULL else str(error))
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(str(error))
