"""The tables of a library, as a list of steps from one version of it to the next."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE runners (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, height REAL, mass REAL, sex TEXT, created TEXT NOT NULL
    );
    CREATE TABLE uploads (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, received INTEGER NOT NULL,
        origin TEXT NOT NULL, taken TEXT, created TEXT NOT NULL
    );
    CREATE TABLE recordings (
        id INTEGER PRIMARY KEY, runner INTEGER NOT NULL REFERENCES runners ON DELETE CASCADE, title TEXT NOT NULL,
        taken TEXT NOT NULL, options TEXT NOT NULL, checked TEXT, reference INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL
    );
    CREATE TABLE files (
        id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings ON DELETE CASCADE,
        name TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, holds TEXT, role TEXT NOT NULL DEFAULT ''
    );
    CREATE TABLE analyses (
        id INTEGER PRIMARY KEY, runner INTEGER NOT NULL REFERENCES runners ON DELETE CASCADE,
        recording INTEGER REFERENCES recordings ON DELETE SET NULL, title TEXT NOT NULL, taken TEXT NOT NULL,
        view TEXT NOT NULL, glance TEXT NOT NULL, headway TEXT NOT NULL, created TEXT NOT NULL
    );
    CREATE TABLE measures (
        analysis INTEGER NOT NULL REFERENCES analyses ON DELETE CASCADE, metric TEXT NOT NULL, unit TEXT NOT NULL,
        value REAL NOT NULL, low REAL, high REAL, long INTEGER NOT NULL, estimated INTEGER NOT NULL, PRIMARY KEY (analysis, metric)
    ) WITHOUT ROWID;
    CREATE TABLE experiments (
        id INTEGER PRIMARY KEY, runner INTEGER NOT NULL REFERENCES runners ON DELETE CASCADE, title TEXT NOT NULL,
        taken TEXT NOT NULL, state TEXT NOT NULL, plan TEXT NOT NULL, verdict TEXT, why TEXT, created TEXT NOT NULL
    );
    CREATE TABLE comparisons (
        id INTEGER PRIMARY KEY, runner INTEGER NOT NULL REFERENCES runners ON DELETE CASCADE,
        first INTEGER NOT NULL REFERENCES analyses ON DELETE CASCADE, second INTEGER NOT NULL REFERENCES analyses ON DELETE CASCADE,
        created TEXT NOT NULL
    );
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY, runner INTEGER NOT NULL REFERENCES runners ON DELETE CASCADE,
        about TEXT NOT NULL, text TEXT NOT NULL, created TEXT NOT NULL
    );
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject INTEGER NOT NULL, runner INTEGER REFERENCES runners ON DELETE CASCADE,
        request TEXT NOT NULL, state TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, expected INTEGER NOT NULL DEFAULT 0,
        told TEXT NOT NULL DEFAULT '', result INTEGER, created TEXT NOT NULL, ended TEXT
    );
    CREATE INDEX recordings_of ON recordings (runner, taken);
    CREATE INDEX files_of ON files (recording);
    CREATE INDEX analyses_of ON analyses (runner, taken);
    CREATE INDEX analyses_from ON analyses (recording);
    CREATE INDEX analyses_when ON analyses (taken);
    CREATE INDEX measures_of ON measures (metric, analysis);
    CREATE INDEX experiments_of ON experiments (runner, taken);
    CREATE INDEX notes_of ON notes (runner, about);
    CREATE INDEX jobs_in ON jobs (state, id);
    """,
)
"""SQL that leads from the version of its place to the next one (``PRAGMA user_version``)."""
