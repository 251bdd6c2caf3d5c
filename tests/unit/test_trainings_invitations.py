"""Places and the waiting list: nobody over capacity or quota, first come first served, nobody passed over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pr_tracker.trainings.rules_invitations import Naming, Places, Seating, Waiting, who_moves_up, who_waits

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
agencies = st.one_of(st.none(), st.integers(1, 4))
quotas = st.dictionaries(st.integers(1, 4), st.integers(0, 3))
capacities = st.one_of(st.none(), st.integers(1, 12))


def places_after(places, taken):
    for agency_id in taken:
        places = places.with_one_of(agency_id)
    return places


def within(places):
    by_agency = all(places.taken_by.get(agency, 0) <= quota for agency, quota in places.quotas.items())
    return by_agency and (places.capacity is None or places.taken <= places.capacity)


@given(capacities, quotas, st.lists(agencies, max_size=20))
def test_agencies_never_get_more_than_their_quota_nor_all_together_more_than_the_class_holds(capacity, quota, named):
    places = Places(capacity, quota)
    waits = who_waits(named, places, Seating.BY_QUOTA)
    assert within(places_after(places, [agency for at, agency in enumerate(named) if at not in waits]))


@given(capacities, quotas, st.lists(agencies, max_size=20))
def test_whoever_waits_moves_up_as_soon_as_there_is_a_place_and_only_then(capacity, quota, waiting):
    rows = [Waiting(number, agency) for number, agency in enumerate(waiting)]
    moved = who_moves_up(rows, Places(capacity, quota))
    after = places_after(Places(capacity, quota), [waiting[number] for number in moved])
    assert within(after)
    left = [row for row in rows if row.participant_id not in moved]
    assert all(after.free_of(row.agency_id) == 0 for row in left)
    assert who_moves_up(left, after) == []


@given(capacities, quotas, st.lists(agencies, max_size=20))
def test_within_an_agency_the_list_is_kept_in_order(capacity, quota, waiting):
    rows = [Waiting(number, agency) for number, agency in enumerate(waiting)]
    moved = set(who_moves_up(rows, Places(capacity, quota)))
    for agency in set(waiting):
        came = [row.participant_id in moved for row in rows if row.agency_id == agency]
        assert came == sorted(came, reverse=True)


def test_who_is_behind_goes_first_when_the_quota_of_who_is_ahead_is_full():
    places = Places(10, {1: 1, 2: 1}, 1, {1: 1})
    assert who_moves_up([Waiting(7, 1), Waiting(8, 2)], places) == [8]


def test_a_trainer_keeps_to_the_capacity_but_not_to_quotas():
    places = Places(3, {1: 1})
    assert who_waits([1, 1, 1, 1], places, Seating.BY_CAPACITY) == {3}
    assert who_waits([1, 1, 1, 1], places, Seating.BY_QUOTA) == {1, 2, 3}
    assert who_waits([1, 1, 1, 1], places, Seating.ALWAYS) == set()


def test_a_class_without_limits_has_a_place_for_everybody():
    assert Places().free_of(1) is None
    assert Places(quotas={1: 2}).free_of(None) is None


def naming(**facts):
    return Naming(
        **{
            "has_quotas": True,
            "seats": 2,
            "until": None,
            "cancelled": False,
            "first_at": NOW + timedelta(days=5),
            "last_at": NOW + timedelta(days=6),
            **facts,
        }
    )


def test_people_are_named_until_the_term_or_where_none_is_set_until_the_first_session():
    assert naming().is_open(NOW)
    assert not naming().is_open(NOW + timedelta(days=5, seconds=1))
    assert naming(until=NOW + timedelta(days=1)).is_open(NOW + timedelta(days=1))
    assert not naming(until=NOW + timedelta(days=1)).is_open(NOW + timedelta(days=1, seconds=1))


def test_only_agencies_with_places_name_people_unless_the_class_is_open_to_all():
    assert not naming(seats=None).is_open(NOW)
    assert not naming(seats=0).is_open(NOW)
    assert naming(has_quotas=False, seats=None, until=NOW + timedelta(days=1)).is_open(NOW)
    assert not naming(has_quotas=False, seats=None).is_open(NOW)


def test_nothing_is_answered_once_the_class_is_over_or_cancelled():
    assert naming().is_over(NOW + timedelta(days=6))
    assert naming(cancelled=True).is_over(NOW)
    assert not naming(cancelled=True).is_open(NOW)
    assert not naming(last_at=None, first_at=None).is_over(NOW)
