"""What the theme leaves out for people who do not see or do not use a mouse, put into the finished pages."""

from __future__ import annotations

from pathlib import Path

CHANGES = (
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="Contents">'),
    ('<aside class="toc-drawer">', '<aside class="toc-drawer" aria-label="On this page">'),
    ('<aside class="toc-drawer no-toc">', '<aside class="toc-drawer no-toc" aria-label="On this page">'),
    ('<th class="head"><p></p></th>', '<td class="head"></td>'),
    ("<pre>", '<pre tabindex="0">'),
    ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    ('<div id="search-results"></div>', '<h1>Search</h1><div id="search-results"></div>'),
)
"""What the theme writes, and what stands there instead."""


def accessible(page: str) -> str:
    """One page with names for its regions, no empty headings of tables, and scrolling by keyboard.

    Examples
    --------
    >>> accessible("<pre>headway demo</pre>")
    '<pre tabindex="0">headway demo</pre>'
    """
    for left_out, whole in CHANGES:
        page = page.replace(left_out, whole)
    return page


def mend_pages(folder: Path) -> None:
    """Mend every page of a built site; one that is as it should be is left alone."""
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        mended = accessible(page)
        if mended != page:
            path.write_text(mended, encoding="utf-8")
