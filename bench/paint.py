"""How soon a slow telephone shows a page: first and largest contentful paint in a throttled Chromium."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from config.check import CHROMIUM_FLAGS

# Lighthouse's "slow 4G". Chromium adds the delay to each request: connecting costs nothing more.
NETWORK = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
SLOWER_PROCESSOR = 4
TELEPHONE = {"width": 360, "height": 740}
MILLISECONDS_TO_SETTLE = 500
READ_PAINTS = """wait => new Promise(resolve => {
  let largest = 0;
  const watch = new PerformanceObserver(list => list.getEntries().forEach(entry => { largest = entry.startTime; }));
  watch.observe({ type: "largest-contentful-paint", buffered: true });
  const first = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  setTimeout(() => resolve([first(), largest]), wait);
})"""


@dataclass(frozen=True)
class Paint:
    """Seconds until something and until the largest thing is seen, and every address that was asked for."""

    first: float
    largest: float
    asked: frozenset[str]


def measure(
    chromium: str, origin: str, paths: Sequence[str], runs: int, progress: Callable[[str], None]
) -> dict[str, Paint]:
    """Return the median of so many visits of each path, every one with an empty cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        found = {}
        for path in paths:
            visits = []
            for run in range(runs):
                progress(f"Painting {path}, {run + 1} of {runs}")
                visits.append(visit(browser, origin + path))
            found[path] = Paint(
                first=median(one.first for one in visits),
                largest=median(one.largest for one in visits),
                asked=frozenset().union(*(one.asked for one in visits)),
            )
        browser.close()
    return found


def visit(browser: Browser, address: str) -> Paint:
    context = browser.new_context(viewport=TELEPHONE, is_mobile=True, has_touch=True, locale="en-US")
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    throttle = context.new_cdp_session(page)
    throttle.send("Network.enable")
    throttle.send("Network.emulateNetworkConditions", NETWORK)
    throttle.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    page.goto(address, wait_until="load")
    first, largest = page.evaluate(READ_PAINTS, MILLISECONDS_TO_SETTLE)
    context.close()
    return Paint(first / 1000, largest / 1000, frozenset(asked))
