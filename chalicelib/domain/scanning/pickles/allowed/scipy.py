"""What is allowed of SciPy: sparse matrices and the curves that transformers keep."""

from typing import Final

from chalicelib.domain.scanning.pickles.allowed.entry import Entry, Use, entries

_FORMATS: Final = ("bsr", "coo", "csc", "csr", "dia", "dok", "lil")

ALLOWED: Final[dict[tuple[str, str], Entry]] = {
    **entries("scipy.interpolate._bsplines", "BSpline", Use.CREATED),
    # A function that curves keep to make arrays with. Loading does not call it.
    **entries("scipy._lib.array_api_compat.numpy._aliases", "asarray", Use.NAMED),
    **entries("scipy.interpolate._interpolate", "interp1d", Use.CREATED),
}
for _format in _FORMATS:
    # The public modules are where SciPy had them before 1.8.
    _modules = f"scipy.sparse._{_format} scipy.sparse.{_format}"
    _uses = Use.CREATED | Use.INDEXED if _format == "dok" else Use.CREATED
    ALLOWED.update(entries(_modules, f"{_format}_array {_format}_matrix", _uses))
