"""Ends with 0 when the Plainleaf of this machine answers, with 1 when not. For the health check of a container.

It asks as the proxy would, or the answer would be a redirect to https.
"""

import os
import sys
import urllib.error
import urllib.request

request = urllib.request.Request(
    f"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz",
    headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0].strip(), "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310  # this machine's own address
        sys.exit(answer.status != 200)
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(str(error))
