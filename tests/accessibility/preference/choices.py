"""Any choices that somebody may have made, for property tests."""

from hypothesis import strategies as st

from accessibility.preference.model import PROFILES, VALUES, is_choice

PAIRS = (
    st.tuples(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
    .map(lambda pair: f"{pair[0]:06x}-{pair[1]:06x}")
    .filter(lambda pair: is_choice("colours", pair))
)
HOURS = (
    st.tuples(st.integers(0, 23), st.integers(0, 23))
    .filter(lambda hours: hours[0] != hours[1])
    .map(lambda hours: f"{hours[0]:02}-{hours[1]:02}")
)
CHOICES = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(sorted(PROFILES)),
        "colours": st.just("none") | st.just("000000-ffffff") | PAIRS,
        "quiet_hours": st.just("off") | HOURS,
        **{n: st.sampled_from(v) for n, v in VALUES.items()},
    },
)
