"""The Python and the platform that a model was made with."""

import platform


def python_version() -> str:
    """Python's version, such as ``3.12.4``."""
    return platform.python_version()


def platform_name() -> str:
    """The operating system and the processor, such as ``Linux x86_64``."""
    return f"{platform.system()} {platform.machine()}".strip()
