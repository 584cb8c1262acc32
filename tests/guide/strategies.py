"""What Hypothesis throws at the parsers."""

from hypothesis import HealthCheck, settings, strategies as st

# Few but nasty characters: the whole of Unicode costs a second to prepare and finds nothing more.
TEXT = st.text(alphabet='a0.-:/@?[] \\\x00\r\n{}"ä门\U0001f525')
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=20,
)

# The machine may be busy; how long an example takes says nothing here.
at_ease = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
