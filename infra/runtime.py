"""The Python of the deployed functions."""

import sys

from infra.option_values import InvalidOption


def checked_runtime(python: str, building: tuple[int, int] = sys.version_info[:2]) -> str:
    """Lambda's name of the runtime. Raises InvalidOption if another Python builds the package.

    Chalice packs the wheels of the Python that it runs on, and takes the runtime from it. Then the runtime would depend
    on the machine that deploys, and a package built by one Python would be loaded by another.
    """
    here = ".".join(map(str, building))
    if python != here:
        raise InvalidOption(
            "python",
            python,
            f"the Python that builds the package, which is {here}. Make the environment again with the other one "
            f"(make clean, then make PYTHON=python{python} deploy), or give --context python={here}",
        )
    return f"python{python}"
