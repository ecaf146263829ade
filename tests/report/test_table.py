from msgspec.structs import replace

from headway.metrics.registry import REGISTRY
from headway.report.provenance import flags, processing, provenance, source_name
from headway.report.table import OTHER, families, remedies, rows
from headway.results import Measured, NotMeasurable, RunnerFound


def test_rows_join_numbers_and_words(analysis):
    entries = analysis().summary.metrics
    row = next(row for row in rows(entries, REGISTRY) if row.name == "leg_stiffness")
    facts = dict(row.facts)
    assert (row.word, row.mark) == ("estimated", "◐")
    assert row.shown.full.startswith("11.2")
    assert "Morin 2005" in facts["Model"]
    assert facts["Evidence against"].startswith("The forward part")
    assert facts["Seen in running"].replace("\xa0", " ").startswith("8.0 to 15.0")


def test_a_mark_differs_by_shape_not_only_by_colour(analysis):
    table = rows(analysis().summary.metrics, REGISTRY)
    marks = {row.status: row.mark for row in table}
    assert len(set(marks.values())) == len(marks) == 3


def test_metrics_unknown_to_the_registry_are_shown_last(analysis):
    entries = analysis().summary.metrics | {"new_thing": Measured(value=2.0, unit="parsec", ci95=None, n=3)}
    last = families(rows(entries, REGISTRY))[-1]
    assert last.name == OTHER
    assert last.rows[0].title == "new thing"
    assert last.rows[0].shown.unit == "parsec"


def test_not_measurable_is_grouped_by_what_to_record(analysis):
    entries = analysis().summary.metrics
    found = remedies(rows(entries, REGISTRY), entries)
    assert found[0].record == "give a standing trial with --standing FILE"
    assert found[0].reasons == [
        ("no standing trial of this runner", ["Push along the axis of the head", "Moment at the neck"])
    ]
    named = sum(len(remedy.metrics) for remedy in found)
    assert named == sum(isinstance(entry, NotMeasurable) for entry in entries.values())


def test_the_strip_keeps_order_and_stays_inside(analysis):
    for row in rows(analysis().summary.metrics, REGISTRY):
        if row.strip is None:
            continue
        start, width = row.strip.band
        places = [start, start + width, row.strip.value, row.strip.left, row.strip.right]
        assert all(place is None or 0.0 <= place <= 100.0 for place in places)
        if row.strip.interval is not None and row.strip.value is not None:
            assert row.strip.interval[0] <= row.strip.value <= sum(row.strip.interval) + 0.1


def test_the_gravest_flag_comes_first(analysis):
    assert [flag.level for flag in flags(analysis().summary.quality)] == ["warning", "info"]


def test_provenance_says_what_is_absent(analysis):
    told = dict(provenance(analysis().summary))
    assert told["Mass"].replace("\u202f", " ") == "62.9 kg, from impulse"
    assert told["Events"].replace("\u202f", " ") == "force, threshold 20 N, method force 20 N"
    whole = analysis().summary
    unknown = RunnerFound(height=None, mass=None, mass_source=None, sex=None)
    bare = dict(provenance(replace(whole, metrics={}, runner=unknown, recording=replace(whole.recording, speed=None))))
    assert bare["Speed"] == "not known"
    assert bare["Mass"] == bare["Height"] == "not given"


def test_processing_lists_every_step_with_its_arguments(analysis):
    assert processing(analysis().summary)[1] == ("low pass", "cut off 12, order 2, passes 2")


def test_only_the_name_of_the_file_is_in_the_head_of_the_page():
    for source in ("/home/a/run.c3d", r"C:\Users\a\run.c3d", "run.c3d"):
        assert source_name(source) == "run.c3d"
