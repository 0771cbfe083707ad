"""The benchmark of records measures what it says, on a few of them."""

from inspector_app.workflow.bench import records as bench_records
from tests.workflow.test_reporting import run


def test_every_promise_has_a_figure():
    found = run(bench_records.run(records=40, pictures=3))

    said = "\n".join(found.lines())
    for words in ("open the records", "two Chinese letters", "append a record", "report about 3"):
        assert words in said
    assert all(one.value >= 0 for one in found.figures)
    assert found.as_json()["figures"][0]["target"] == 1000
    assert {one.target for one in found.figures} >= {1000, 100, 5.0, 1, 60.0, 500}
