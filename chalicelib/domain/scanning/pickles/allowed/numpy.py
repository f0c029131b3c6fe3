"""What is allowed of NumPy, whose modules changed their names in version 2."""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries, paths

_SCALARS: Final = (
    "bool bool_ bytes_ complex128 complex64 datetime64 float16 float32 float64 int16 int32 int64 int8 intc intp "
    "longlong object_ record str_ timedelta64 uint16 uint32 uint64 uint8 uintc ulonglong void"
)
# Pure functions that transformers remember. Loading never calls them.
_FUNCTIONS: Final = "abs absolute cbrt exp exp2 expm1 log log10 log1p log2 max mean median min sqrt square sum"
# ``memmap`` is not among them. It writes files, and a model can call what it remembers, as a transformer its function.
_ARRAYS: Final = paths("numpy", "matrix ndarray recarray") | {"numpy.rec.recarray", "numpy.ma.MaskedArray"}
_MASKED: Final = _ARRAYS | paths("numpy.ma.core numpy.ma", "MaskedArray")
_GENERATOR_PATHS: Final = frozenset(
    {
        "numpy.random._mt19937.MT19937",
        "numpy.random._pcg64.PCG64",
        "numpy.random._pcg64.PCG64DXSM",
        "numpy.random._philox.Philox",
        "numpy.random._sfc64.SFC64",
    }
)

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("numpy", "dtype", Use.CALLED, paths("numpy", _SCALARS)),
    **entries("numpy", "ndarray matrix recarray", Use.NAMED),
    **entries("numpy.rec", "recarray", Use.NAMED),
    **entries("numpy", _SCALARS, Use.NAMED),
    **entries("numpy", _FUNCTIONS, Use.NAMED),
    **entries("numpy.core.multiarray numpy._core.multiarray", "_reconstruct", Use.CALLED, _MASKED),
    **entries("numpy.core.multiarray numpy._core.multiarray", "scalar", Use.CALLED),
    **entries("numpy.core.numeric numpy._core.numeric", "_frombuffer", Use.CALLED),
    **entries("numpy.ma.core", "_mareconstruct", Use.CALLED, _MASKED),
    **entries("numpy.ma.core numpy.ma", "MaskedArray", Use.NAMED),
    **entries("numpy.random._pickle", "__bit_generator_ctor", Use.CALLED, _GENERATOR_PATHS),
    **entries(
        "numpy.random._pickle",
        "__generator_ctor __randomstate_ctor",
        # They call the second argument.
        Use.CALLED | Use.ASKS,
        ("numpy.random._pickle.__bit_generator_ctor",),
    ),
    **entries("numpy.random._mt19937", "MT19937", Use.NAMED),
    **entries("numpy.random._pcg64", "PCG64 PCG64DXSM", Use.NAMED),
    **entries("numpy.random._philox", "Philox", Use.NAMED),
    **entries("numpy.random._sfc64", "SFC64", Use.NAMED),
    **entries("numpy.random.bit_generator", "SeedSequence", Use.NAMED),
    **entries(
        "numpy.random.bit_generator",
        "__pyx_unpickle_SeedSequence",
        Use.CALLED,
        ("numpy.random.bit_generator.SeedSequence",),
    ),
    **entries("numpy.polynomial.polynomial", "Polynomial", Use.CREATED),
}
