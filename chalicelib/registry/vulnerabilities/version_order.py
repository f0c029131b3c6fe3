"""The order of versions of PyPI's packages (PEP 440), by the library that pip itself compares with."""

from functools import lru_cache

from packaging.version import InvalidVersion, Version


@lru_cache(maxsize=4096)
def pypi_order(text: str) -> Version | None:
    """A value that sorts as the version does; None for what is no version.

    A local part, as in ``2.1.0+cpu``, names a build of the same release, so it does not count.
    """
    try:
        return Version(Version(text).public)
    except InvalidVersion:
        return None
