"""What is allowed of XGBoost and LightGBM.

Their boosters are only created: called with a path, they would read a file.
"""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("xgboost.core", "Booster", Use.CREATED),
    **entries(
        "xgboost.sklearn",
        "XGBClassifier XGBModel XGBRFClassifier XGBRFRegressor XGBRanker XGBRegressor",
        Use.CREATED,
    ),
    **entries("lightgbm.basic", "Booster", Use.CREATED),
    **entries("lightgbm.sklearn", "LGBMClassifier LGBMModel LGBMRanker LGBMRegressor", Use.CREATED),
}
