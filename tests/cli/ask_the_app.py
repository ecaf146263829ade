"""Start the app, ask for its first page, and end it; prints the page."""

import re
import signal
import subprocess
import sys
import urllib.request

with subprocess.Popen(
    [sys.executable, "-u", "-m", "headway.cli", "app", "--no-browser", "--library", "library"],
    stdout=subprocess.PIPE,
    text=True,
) as running:
    assert running.stdout is not None
    address = next(found[0] for line in running.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+\S*", line)))
    with urllib.request.build_opener(urllib.request.HTTPCookieProcessor()).open(address) as answer:
        sys.stdout.write(answer.read().decode())
    running.send_signal(signal.SIGINT)
