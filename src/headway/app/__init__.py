"""The app: a page on this computer where recordings become reports, experiments are led and the weeks add up.

How to add to it, each in one place:

- **A route or a page**: a module of this package with ``ROUTES`` (Starlette routes) whose name stands in :data:`headway.app.server.PAGES`.
  An endpoint gets the shared state by ``state_of(request)`` (:mod:`headway.app.state`) and answers with
  ``shell.page(request, "name.html.j2", ...)``; the template begins with ``{% extends "shell.html.j2" %}`` and lies in ``templates/``.
  The guard in front (:mod:`headway.app.guard`) has already seen to token, Host, Origin, sizes and the headers; web sockets pass it too.
- **A text**: a key in ``app.json`` of every language in :mod:`headway.texts`; in a template ``t("drill.title", pairs=3)``, in Python
  ``texts_of(request)("drill.title")``, in a script ``import { t } from "./texts.js"`` of a page made with ``script_texts=("drill",)``.
- **A script, a style or a picture**: a file in ``static/``, served as ``/static/NAME``; ``{% block scripts %}`` of the template names it.
  Inline scripts and styles, ``style="..."`` too, are refused by the browser.
- **A table**: one more text at the end of :data:`headway.app.tables.MIGRATIONS`; never change one that was released.
- **Work that takes long**: a :class:`headway.app.work.Kind` in ``KINDS``: a function that a worker process calls, and one that the server
  calls with what came back.  ``state.jobs.add(kind, subject, request)`` queues it; a page shows it with the macro ``progress(job)``.
"""
