"""What is allowed of pandas: frames, series and indexes of plain columns."""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries, paths

_INDEXES: Final = "CategoricalIndex DatetimeIndex Index IntervalIndex MultiIndex PeriodIndex RangeIndex TimedeltaIndex"
# Where each of them is called at home, before pandas 3 gave all of them the name of the package.
_HOMES: Final = {
    "base": "Index",
    "category": "CategoricalIndex",
    "datetimes": "DatetimeIndex",
    "interval": "IntervalIndex",
    "multi": "MultiIndex",
    "numeric": "Float64Index Int64Index UInt64Index",
    "period": "PeriodIndex",
    "range": "RangeIndex",
    "timedeltas": "TimedeltaIndex",
}
_INDEX_PATHS: Final = paths("pandas", _INDEXES).union(
    *(paths(f"pandas.core.indexes.{module}", names) for module, names in _HOMES.items())
)
_ARRAYS: Final = {
    "boolean": "BooleanArray",
    "categorical": "Categorical",
    "datetimes": "DatetimeArray",
    "floating": "FloatingArray",
    "integer": "IntegerArray",
    "interval": "IntervalArray",
    "numpy_": "NumpyExtensionArray PandasArray",
    "period": "PeriodArray",
    "string_": "StringArray",
    "timedeltas": "TimedeltaArray",
}
_ARRAY_NAMES: Final = " ".join(_ARRAYS.values())
_ARRAY_PATHS: Final = paths("pandas.arrays", _ARRAY_NAMES).union(
    {"pandas.Categorical"}, *(paths(f"pandas.core.arrays.{module}", names) for module, names in _ARRAYS.items())
)
_DTYPES: Final = (
    "BooleanDtype CategoricalDtype DatetimeTZDtype Float32Dtype Float64Dtype Int16Dtype Int32Dtype Int64Dtype "
    "Int8Dtype IntervalDtype PeriodDtype StringDtype UInt16Dtype UInt32Dtype UInt64Dtype UInt8Dtype"
)
_OFFSETS: Final = (
    "BDay BusinessDay Day Hour Micro Milli Minute MonthBegin MonthEnd Nano QuarterBegin QuarterEnd Second Week "
    "YearBegin YearEnd"
)
_MANAGERS: Final = "BlockManager SingleBlockManager"

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("pandas pandas.core.frame", "DataFrame", Use.CREATED),
    **entries("pandas pandas.core.series", "Series", Use.CREATED),
    **entries("pandas", _INDEXES, Use.CREATED),
    **entries("pandas.core.indexes.base", "_new_Index", Use.CALLED, _INDEX_PATHS),
    **entries("pandas.core.indexes.datetimes", "_new_DatetimeIndex", Use.CALLED, _INDEX_PATHS),
    **entries("pandas.core.internals.managers", _MANAGERS, Use.CALLED),
    **entries("pandas._libs.internals", "_unpickle_block", Use.CALLED),
    **entries("pandas.core.internals.blocks", "new_block", Use.CALLED),
    **entries("pandas.arrays", _ARRAY_NAMES, Use.CREATED),
    **entries("pandas", "Categorical", Use.CREATED),
    **entries("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked", Use.CALLED, _ARRAY_PATHS),
    **entries("pandas", _DTYPES, Use.CALLED, ("pandas.NA", "pandas._libs.missing.NA")),
    **entries("pandas.core.dtypes.dtypes", _DTYPES, Use.CALLED),
    **entries("pandas.core.arrays.string_", "StringDtype", Use.CALLED, ("pandas.NA", "pandas._libs.missing.NA")),
    **entries("pandas", "NA", Use.NAMED),
    **entries("pandas._libs.missing", "NA", Use.NAMED),
    **entries("pandas pandas._libs.interval", "Interval", Use.CALLED),
    **entries(
        "pandas._libs.interval",
        "__pyx_unpickle_IntervalMixin",
        Use.CALLED,
        _ARRAY_PATHS | {"pandas.IntervalIndex", "pandas.core.indexes.interval.IntervalIndex"},
    ),
    **entries("pandas pandas._libs.tslibs.period", "Period", Use.CALLED),
    **entries("pandas._libs.tslibs.nattype", "_nat_unpickle", Use.CALLED),
    **entries("pandas._libs.tslibs.offsets", _OFFSETS, Use.CALLED),
    **entries("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle", Use.CALLED),
    **entries("pandas._libs.tslibs.timestamps", "_unpickle_timestamp", Use.CALLED),
    **entries("pytz", "_UTC", Use.CALLED),
}
for _module, _names in _HOMES.items():
    ALLOWED.update(entries(f"pandas.core.indexes.{_module}", _names, Use.CREATED))
for _module, _names in _ARRAYS.items():
    ALLOWED.update(entries(f"pandas.core.arrays.{_module}", _names, Use.CREATED))
