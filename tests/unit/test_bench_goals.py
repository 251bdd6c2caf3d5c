"""The bench says honestly what is met: each promise with its ratio, on the very results of a run."""

from tests.bench.goals import goals, limit_of
from tests.bench.reading import Forms
from tests.bench.showing import markdown


def a_result(name="first screen", size=100_000, median=40.0, **facts):
    plain = {"name": name, "engine": "sqlite", "size": size, "method": "GET", "median_ms": median, "p95_ms": median}
    floor = {"floor_ms": 20.0, "statements": 12, "bytes": 50_000, "cpu_ms": 10.0, "floor_cpu_ms": 1.0}
    return {**plain, **floor, "machine": "one", "date": "2026-11-20", "commit": "0", **facts}


def test_every_page_the_issue_names_has_its_limit():
    assert limit_of("first screen of a department") == 46
    assert limit_of("queue, late and open") == 12
    assert limit_of("search, rare phrase with marks") == 17
    assert limit_of("case with 200 events") == 10
    assert limit_of("report page of a year") == 100
    assert limit_of("list, page 1") is None


def test_a_goal_that_is_missed_is_said_with_its_ratio():
    missed = [goal for goal in goals([a_result(median=92.0)]) if not goal.is_met]
    assert [goal.ratio for goal in missed] == [2.0, 92 / 20 / 4]
    assert str(missed[0]).startswith("NOT MET   2.00  first screen, sqlite, 100,000")


def test_a_million_is_compared_with_ten_thousand():
    both = [a_result(size=10_000, median=10.0), a_result(size=1_000_000, median=16.0)]
    (growth,) = [goal for goal in goals(both) if "growth" in goal.words]
    assert not growth.is_met
    assert growth.measured == 1.6


def test_a_busy_machine_may_judge_by_processor_time():
    assert [goal.measured for goal in goals([a_result(median=92.0)], cpu=True)][:2] == [10.0, 10.0]


def test_a_form_is_sent_as_a_browser_sends_it():
    page = (
        '<form action=""><input type="hidden" name="seen" value="3"><input type="radio" name="kind" value="a">'
        '<input type="radio" name="kind" value="b" checked><select name="lead"><option value="0">–</option>'
        '<option value="7" selected>x</option></select><textarea name="text">Một\nhai &amp; ba</textarea>'
        '<button name="then" value="submit">s</button></form>'
    )
    assert Forms(page, "/here").found == {"/here": {"seen": "3", "kind": "b", "lead": "7", "text": "Một\nhai & ba"}}


def test_the_table_for_the_readme_has_a_column_a_size():
    table = markdown([a_result(size=1_000), a_result(size=10_000, median=5.0)])
    assert "| page | goal | 1,000 | 10,000 | SQL | kB |" in table
    assert "| first screen | 46 | 40.0 (40.0), 2.0× | 5.0 (5.0), 0.2× | 12 | 50 |" in table
