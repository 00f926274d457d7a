"""What there is to do where practice ends: never nothing, never the same twice, the nearest first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.struggle.ways import Been, ways
from tests.adaptive.libraries import FORMS, REQUIRES, small_library

LIBRARY = small_library()
items = st.sampled_from(sorted(LIBRARY.items))
beens = st.builds(
    Been,
    missed=st.lists(items, max_size=4, unique=True),
    mastery=st.dictionaries(st.sampled_from(sorted(REQUIRES)), st.floats(0, 1)),
    seen=st.dictionaries(items, st.sets(st.sampled_from(FORMS))),
    rest=st.none() | st.integers(1, 15),
)


@settings(deadline=None)
@given(st.sampled_from(["", *LIBRARY.courses, *LIBRARY.items]), beens)
def test_there_is_always_a_way_and_none_twice(scope: str, been: Been) -> None:
    found = ways(LIBRARY, scope, been)
    assert found[-1].kind == "rest" and found[-1].minutes == been.rest
    kinds = [way.kind for way in found]
    assert len(set(kinds)) == len(kinds)
    named = [way.item_id for way in found if way.item_id]
    assert len(set(named)) == len(named)
    for way in found:
        if way.kind == "form":
            assert way.item_id in been.missed and way.form not in (been.seen or {}).get(way.item_id or "", ())
        if way.kind == "lesson":
            assert way.item_id not in been.missed and way.item_id not in (been.seen or {})


def test_who_fails_everything_is_offered_each_kind() -> None:
    been = Been(["pay/scan"], {"pay.wallet": 0.3, "pay.scan": 0.2}, {"pay/scan": {"standard"}}, 12)
    form, before, lesson, course, rest = ways(LIBRARY, "pay", been)
    assert (form.kind, form.item_id, form.form) == ("form", "pay/scan", "easy")
    assert (before.kind, before.item_id) == ("before", "pay/wallet")
    assert (lesson.kind, lesson.item_id) == ("lesson", "pay/refund")
    assert (course.kind, course.course_id) == ("course", "phone")
    assert (rest.kind, rest.minutes) == ("rest", 12)


def test_what_is_held_is_no_way_back() -> None:
    been = Been(["pay/scan"], {"pay.wallet": 0.9})
    assert "before" not in [way.kind for way in ways(LIBRARY, "pay", been)]
    assert [way.kind for way in ways(small_library({}, without_items=frozenset()), "", Been())] == ["rest"]
