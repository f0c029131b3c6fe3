"""Pinned requirements: the installed packages that have the modules of a model, with their versions."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, packages_distributions

from moorage.about import __version__


@dataclass(frozen=True, slots=True)
class Requirements:
    """``pinned``: lines such as ``numpy==2.4.6``, sorted. ``unpackaged``: modules that no installed package has."""

    pinned: tuple[str, ...]
    unpackaged: tuple[str, ...]


def pin(modules: Collection[str]) -> Requirements:
    """The requirements for ``modules``: only the packages that have them, not all that is installed."""
    owners = packages_distributions()
    pinned: dict[str, str] = {}
    unpackaged: set[str] = set()
    for module in sorted(modules):
        root = module.partition(".")[0]
        names = set(owners.get(root, ()))
        if root == "moorage":
            # An installation for development does not say which modules it has.
            pinned["moorage"] = f"moorage=={__version__}"
        elif not names:
            unpackaged.add(module)
        else:
            pinned |= {
                name: _pinned(distribution(name)) for name in (_having(names, module) if len(names) > 1 else names)
            }
    return Requirements(tuple(sorted(pinned.values(), key=str.lower)), tuple(sorted(unpackaged)))


def _having(names: Collection[str], module: str) -> Collection[str]:
    """Those of the packages that share a namespace, such as ``google``, that have the module; all if none says so."""
    path = module.replace(".", "/")
    having = [
        name
        for name in names
        if any(str(file).startswith((f"{path}/", f"{path}.")) for file in distribution(name).files or ())
    ]
    return having or names


def _pinned(package: Distribution) -> str:
    # A local version, such as 2.15.0+cpu, names a build that an index may not have.
    return f"{package.name}=={package.version.partition('+')[0]}"
