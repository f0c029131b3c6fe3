"""Distribution functions: closed forms of special cases, and critical values as their inverses."""

from math import atan, erfc, exp, isclose, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.statistics import special

alphas = st.floats(1e-12, 1 - 1e-6)


@given(st.floats(0, 500))
def test_the_chi_square_tail_has_its_closed_forms(x: float) -> None:
    assert isclose(special.chi_square_tail(x, 1), erfc(sqrt(x / 2)), rel_tol=1e-11, abs_tol=1e-15)
    assert isclose(special.chi_square_tail(x, 2), exp(-x / 2), rel_tol=1e-11)
    assert isclose(special.chi_square_tail(x, 4), exp(-x / 2) * (1 + x / 2), rel_tol=1e-11)


@given(st.floats(0, 1e6))
def test_students_tail_has_its_closed_forms(t: float) -> None:
    assert isclose(special.student_two_sided(t, 1), 1 - 2 * atan(t) / pi, rel_tol=1e-9, abs_tol=1e-15)
    assert isclose(special.student_two_sided(t, 2), 1 - t / sqrt(2 + t * t), rel_tol=1e-9, abs_tol=1e-12)


@pytest.mark.parametrize("t", [0.5, 1.96, 6.0])
def test_students_tail_ends_as_the_normal_one(t: float) -> None:
    """The first term of its expansion in the inverse degrees of freedom is the whole difference."""
    density = 2 * exp(-t * t / 2) / sqrt(2 * pi)
    for df in (1e8, 1.01e8, 1e12, 2.0**54):
        expected = 2 * special.normal_tail(t) + density * (t**3 + t) / (4 * df)
        assert special.student_two_sided(t, df) == pytest.approx(expected, rel=2e-8 if df == 1e8 else 1e-11)


@given(st.floats(0, 1), st.floats(0.5, 1000))
def test_the_incomplete_beta_function_has_its_closed_form(x: float, a: float) -> None:
    assert isclose(special.beta_share(x, a, 1), x**a, rel_tol=1e-11, abs_tol=1e-14)


@given(st.floats(0, 1), st.floats(0.5, 1e5), st.floats(0.5, 1e5))
def test_the_incomplete_beta_function_mirrors(x: float, a: float, b: float) -> None:
    assert isclose(special.beta_share(x, a, b) + special.beta_share(1 - x, b, a), 1, abs_tol=1e-9)


def test_kolmogorovs_tail_has_its_reference_values_and_its_two_series_meet() -> None:
    assert isclose(special.kolmogorov_tail(1.0), 0.26999967167735456, abs_tol=1e-15)
    assert isclose(special.kolmogorov_tail(1.36), 0.049485876755377876, abs_tol=1e-15)
    assert isclose(special.kolmogorov_tail(1 - 1e-12), special.kolmogorov_tail(1), abs_tol=1e-11)
    assert special.kolmogorov_tail(0) == 1


@pytest.mark.parametrize(
    ("tail", "critical"),
    [
        (special.normal_tail, special.normal_critical),
        (special.kolmogorov_tail, special.kolmogorov_critical),
        (lambda x: special.chi_square_tail(x, 9), lambda alpha: special.chi_square_critical(alpha, 9)),
        (lambda x: special.student_two_sided(x, 7.5), lambda alpha: special.student_critical(alpha, 7.5)),
        (lambda x: 1 - special.beta_share(x, 3, 4), lambda alpha: special.beta_quantile(1 - alpha, 3, 4)),
    ],
)
@given(alpha=alphas)
def test_a_critical_value_is_exceeded_with_its_probability(tail, critical, alpha) -> None:
    assert isclose(tail(critical(alpha)), alpha, rel_tol=1e-9, abs_tol=1e-13)


@given(st.floats(1, 200), st.floats(0, 300), st.floats(0, 300))
def test_tails_never_rise(df: float, x: float, y: float) -> None:
    low, high = sorted((x, y))
    for tail in (special.chi_square_tail, special.student_two_sided):
        assert tail(high, df) <= tail(low, df) + 1e-14
    assert special.kolmogorov_tail(high) <= special.kolmogorov_tail(low) + 1e-15
