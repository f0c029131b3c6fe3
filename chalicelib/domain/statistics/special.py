"""Distribution functions that statistics rest on: normal, chi-square, beta, Student's t and Kolmogorov.

Tails agree with SciPy to about 1e-12. Critical values are found by bisection of the tails, to the last digits of a
double. Those that monitors ask for again and again are remembered.

Sources: W. H. Press et al., Numerical Recipes (1992), 6.2 and 6.4, for the series and continued fractions of the
incomplete gamma and beta functions; C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), for
their leading factors; W. Feller (1948) for Kolmogorov's distribution; M. Abramowitz and I. A. Stegun (1964), 26.7.8,
for Student's with very many degrees of freedom.
"""

from collections.abc import Callable
from functools import lru_cache
from math import erfc, exp, isfinite, lgamma, log, pi, sqrt
from typing import Final

_TINY: Final = 1e-300
# A little more than the distance from 1 to the next double: a smaller one may never be reached.
_PRECISION: Final = 3e-16
# No continued fraction or series here needs more terms for counts that a double holds exactly.
_MOST_TERMS: Final = 10_000_000
# Below this, Stirling's series for the factorial is less exact than the logarithm of the gamma function.
_STIRLING_FROM: Final = 16.0
_STIRLING: Final = (1 / 1188, 1 / 1680, 1 / 1260, 1 / 360, 1 / 12)
# The tail of Kolmogorov's distribution is computed from its other series below this.
_KOLMOGOROV_SMALL: Final = 1.0
# And below this, the tail is 1 to the last digit.
_KOLMOGOROV_NOTHING: Final = 0.1
# From so many degrees of freedom on, Student's distribution is computed from the normal one.
_NEARLY_NORMAL: Final = 1e8
_REMEMBERED: Final = 1_024


def normal_tail(z: float) -> float:
    """The probability that a standard normal variable exceeds ``z``."""
    return erfc(z / sqrt(2)) / 2


@lru_cache(_REMEMBERED)
def normal_critical(alpha: float) -> float:
    """The value that a standard normal variable exceeds with probability ``alpha``, between 0 and 1."""
    if alpha > 1 / 2:
        return -_falling_root(normal_tail, 1 - alpha, 0.0, 40.0)
    return _falling_root(normal_tail, alpha, 0.0, 40.0)


def chi_square_tail(x: float, df: float) -> float:
    """The probability that a chi-square variable with ``df`` degrees of freedom exceeds ``x``."""
    return _gamma_tail(df / 2, x / 2)


@lru_cache(_REMEMBERED)
def chi_square_critical(alpha: float, df: float) -> float:
    """The value that a chi-square variable exceeds with probability ``alpha``, between 0 and 1."""
    return _falling_root(lambda x: chi_square_tail(x, df), alpha, 0.0, None)


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function: the probability that a beta variable is at most ``x``."""
    return _beta_share(x, 1 - x, a, b)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The value that a beta variable stays under with this probability, between 0 and 1."""
    return _falling_root(lambda x: -beta_share(x, a, b), -probability, 0.0, 1.0)


def student_two_sided(t: float, df: float) -> float:
    """The probability that a variable of Student's t distribution is further from 0 than ``t``."""
    square = t * t
    if not isfinite(square):
        return 0.0
    if df > _NEARLY_NORMAL:
        # The incomplete beta function loses its digits there.
        return 2 * normal_tail(abs(t) * (1 - 1 / (4 * df)) / sqrt(1 + square / (2 * df)))
    return _beta_share(df / (df + square), square / (df + square), df / 2, 1 / 2)


def student_critical(alpha: float, df: float) -> float:
    """The distance from 0 that a variable of Student's t distribution exceeds with probability ``alpha``, 0 to 1."""
    return _falling_root(lambda t: student_two_sided(t, df), alpha, 0.0, None)


def kolmogorov_tail(x: float) -> float:
    """The probability that Kolmogorov's statistic, scaled by the root of the sample size, exceeds ``x``."""
    if x < _KOLMOGOROV_NOTHING:
        return 1.0
    if x < _KOLMOGOROV_SMALL:
        terms = (exp(-((2 * k - 1) ** 2) * pi * pi / (8 * x * x)) for k in range(1, 6))
        return 1 - sqrt(2 * pi) / x * sum(terms)
    return 2 * sum((1 if k % 2 else -1) * exp(-2 * k * k * x * x) for k in range(1, 8))


@lru_cache(_REMEMBERED)
def kolmogorov_critical(alpha: float) -> float:
    """The value that Kolmogorov's scaled statistic exceeds with probability ``alpha``, between 0 and 1."""
    return _falling_root(kolmogorov_tail, alpha, 0.0, None)


def _falling_root(function: Callable[[float], float], target: float, low: float, high: float | None) -> float:
    """Where a falling function passes ``target``, by bisection to neighbouring doubles.

    Without ``high``, it doubles from 1 until the function is low enough.
    """
    if high is None:
        high = 1.0
        while function(high) > target:
            high *= 2
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return high
        if function(middle) > target:
            low = middle
        else:
            high = middle


def _gamma_tail(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function."""
    if x <= 0:
        return 1.0
    return 1 - _gamma_series(a, x) if x < a + 1 else _gamma_fraction(a, x)


def _gamma_series(a: float, x: float) -> float:
    term = total = 1 / a
    for k in range(1, _MOST_TERMS):
        term *= x / (a + k)
        total += term
        if term < total * _PRECISION:
            break
    return total * _poisson(a, x) * a


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c = 1 / _TINY
    d = 1 / b
    value = d
    for k in range(1, _MOST_TERMS):
        factor = -k * (k - a)
        b += 2
        d = 1 / _not_zero(factor * d + b)
        c = _not_zero(b + factor / c)
        value *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return value * _poisson(a, x) * a


def _beta_share(x: float, y: float, a: float, b: float) -> float:
    """The incomplete beta function of ``x``; ``y`` is 1 - ``x``, with all its digits where it is small."""
    if x <= 0:
        return 0.0
    if y <= 0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_fraction(y, x, b, a)
    return _beta_fraction(x, y, a, b)


def _beta_fraction(x: float, y: float, a: float, b: float) -> float:
    """The incomplete beta function where its continued fraction converges fast; ``y`` is 1 - ``x``."""
    c = 1.0
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for k in range(1, _MOST_TERMS):
        even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        d = 1 / _not_zero(1 + even * d)
        c = _not_zero(1 + even / c)
        value *= d * c
        odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
        d = 1 / _not_zero(1 + odd * d)
        c = _not_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return value * _binomial(x, y, a, b)


def _poisson(a: float, x: float) -> float:
    """``x**a * exp(-x) / gamma(a + 1)``, the probability of ``a`` events where ``x`` are expected."""
    return exp(-_stirling_rest(a) - _deviance(a, x)) / sqrt(2 * pi * a)


def _binomial(x: float, y: float, a: float, b: float) -> float:
    """``x**a * y**b / (a * beta(a, b))``, by the deviances of the counts ``a`` and ``b`` of ``a + b``."""
    n = a + b
    rest = _stirling_rest(n) - _stirling_rest(a) - _stirling_rest(b)
    return exp(rest - _deviance(a, n * x) - _deviance(b, n * y)) * sqrt(b / (2 * pi * a * n))


def _stirling_rest(n: float) -> float:
    """What Stirling's approximation of ``log(n!)`` leaves out."""
    if n < _STIRLING_FROM:
        return lgamma(n + 1) - (n + 1 / 2) * log(n) + n - log(2 * pi) / 2
    rest = 0.0
    for coefficient in _STIRLING:
        rest = coefficient - rest / (n * n)
    return rest / n


def _deviance(count: float, expected: float) -> float:
    """``count * log(count / expected) + expected - count``, without cancellation where both are close."""
    difference = count - expected
    if abs(difference) < 0.1 * (count + expected):
        v = difference / (count + expected)
        total = difference * v
        term = 2 * count * v
        for k in range(1, _MOST_TERMS):
            term *= v * v
            before, total = total, total + term / (2 * k + 1)
            if total == before:
                break
        return total
    return count * log(count / expected) + expected - count


def _not_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
