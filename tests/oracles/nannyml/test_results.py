"""The client's reading of NannyML's tables, made by NannyML itself."""

import numpy as np
import pandas as pd
from moorage.monitoring import nannyml
from nannyml import UnivariateDriftCalculator


def test_the_table_of_a_calculator_is_read() -> None:
    random = np.random.default_rng(3)

    def data(n: int, mean: float) -> pd.DataFrame:
        return pd.DataFrame({"age": random.normal(mean, 1, n), "country": random.choice(["FR", "DE"], n)})

    calculator = UnivariateDriftCalculator(
        column_names=["age", "country"],
        continuous_methods=["jensen_shannon", "kolmogorov_smirnov"],
        categorical_methods=["jensen_shannon"],
        chunk_size=200,
    ).fit(data(5_000, 0))
    found = nannyml.results(calculator.calculate(data(1_200, 2)).to_df())
    assert [(one.feature, one.statistic) for one in found[:3]] == [
        ("age", "jensen_shannon"),
        ("age", "kolmogorov_smirnov"),
        ("country", "jensen_shannon"),
    ]
    assert len(found) == 18 and found[0].period != found[3].period
    assert all(one.failed for one in found if one.feature == "age")
    assert all(0 <= one.score <= 1 and one.threshold is not None for one in found)
