"""How much processor time a page takes until it can be used: ``python benchmarks/page_speed.py PAGE.html...``.

Prints, for each page, its weight and the processor time of the page's main thread from its first byte to its second drawn picture, as it is
and four times as long, which is how long a phone takes that is four times slower. Processor time, because a busy machine stretches all other.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SLOWER = 4
TWO_PICTURES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def seconds(browser: Browser, page: Path) -> float:
    """Processor time of the main thread until the page can be used, s."""
    context = browser.new_context(viewport={"width": 375, "height": 800}, reduced_motion="reduce")
    window = context.new_page()
    session = context.new_cdp_session(window)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return float(found["ThreadTime"])

    before = spent()
    window.goto(page.resolve().as_uri(), wait_until="load", timeout=120_000)
    window.evaluate(TWO_PICTURES)
    taken = spent() - before
    context.close()
    return taken


def main() -> None:
    """Measure every page three times and print the least."""
    parser = argparse.ArgumentParser(description="Processor time of pages until they can be used.")
    parser.add_argument("pages", nargs="+", type=Path)
    pages = parser.parse_args().pages
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for page in pages:
            least = min(seconds(browser, page) for _ in range(3))
            print(
                f"{page}  {page.stat().st_size / 1000:.0f} kB  {least:.2f} s, {SLOWER} times slower {SLOWER * least:.2f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
