"""Writing the context: the directory from which an image that serves a version is built."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from moorage.cache.copying import copy_content
from moorage.destination import places
from moorage.disk import disk_errors
from moorage.errors import IncompatibleModelError, LocalFilesError, PackagingError
from moorage.frameworks.descriptor import NAME as DESCRIPTOR
from moorage.frameworks.descriptor import Descriptor
from moorage.manifest import Manifest
from moorage.packaging.dockerfile import check_base, dockerfile
from moorage.packaging.environment import Environment, environment, lock_among, recorded_python
from moorage.packaging.package import Package
from moorage.packaging.readme import readme
from moorage.packaging.servable import check_servable
from moorage.packaging.server_source import server_source
from moorage.results import Version
from moorage.serving.bundle import NAME as BUNDLE
from moorage.serving.bundle import Bundle, BundledFile, Following

# Archives cannot hold a time before 1980. The same for all, so that archives of two contexts are equal.
_TIME: Final = 315_532_800


@dataclass(frozen=True, slots=True)
class Options:
    """How to package. ``url`` is the registry's address.

    With ``download``, the image's build downloads the model's files; otherwise they are in the context. The image
    follows the alias ``follow``, or serves the version for good if that is None.
    """

    base: str | None
    url: str
    download: bool
    follow: str | None
    allow: tuple[str, ...]
    trust: tuple[str, ...]
    requirements: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.base is not None:
            check_base(self.base)


def needed_paths(manifest: Manifest) -> list[str]:
    """The files that must be on this machine even if the image's build downloads the model.

    Raises IncompatibleModelError for a version that ``Client.log`` did not save, and PackagingError if the registry
    does not store all of its files.
    """
    name = f"{manifest.model}/{manifest.version}"
    elsewhere = [file.path for file in manifest.files if file.uri is not None]
    if elsewhere:
        raise PackagingError(
            f"{name} refers to files that the registry does not store, such as "
            f"{elsewhere[0]}: register a version that has them"
        )
    paths = {file.path for file in manifest.files}
    if DESCRIPTOR not in paths:
        raise IncompatibleModelError(
            f"{name} has no {DESCRIPTOR}, so it was not saved by Client.log: nothing tells how to serve it"
        )
    lock = lock_among(paths)
    return [DESCRIPTOR] if lock is None else [DESCRIPTOR, lock]


def write_context(
    manifest: Manifest, digest: str, version: Version, files: Mapping[str, Path], target: Path, options: Options
) -> Package:
    """Write the context of a version into ``target``, a new or empty directory. It appears there as a whole.

    ``files`` has a verified local copy for each path that goes into the context, and at least for ``needed_paths``.
    Raises LocalFilesError if ``target`` is not empty, and what ``check_servable`` and ``environment`` raise.
    """
    name = f"{manifest.model}/{manifest.version}"
    descriptor = Descriptor.read(files[DESCRIPTOR].parent, name)
    check_servable(manifest.model, manifest.version, descriptor, options.allow, options.trust)
    found = _environment(name, version, files, options)
    bundle = Bundle(
        model=manifest.model,
        version=manifest.version,
        digest=digest,
        files=tuple(sorted(BundledFile(file.path, file.size, file.sha256) for file in manifest.files)),
        signature=version.signature,
        allow=tuple(sorted(options.allow)),
        trust=tuple(sorted(options.trust)),
        follow=_following(version, options),
    )
    module = "moorage.serving" if options.follow is None else "moorage.following"
    texts = {
        "Dockerfile": dockerfile(bundle, found, _labels(version), options.url if options.download else None, module),
        "README.md": readme(bundle, module, download=options.download),
        "requirements.txt": found.requirements.text,
        BUNDLE: bundle.text(),
    }
    with disk_errors(target, "choose another directory"), _appearing(target) as directory:
        for file, text in texts.items():
            (directory / file).write_text(text, encoding="utf-8", newline="\n")
        for path, source in server_source(follow=options.follow is not None):
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            copy_content(source, directory / path)
        if not options.download:
            _copy_model(bundle, files, directory / "model")
        written = _settled(directory)
    return Package(
        model=manifest.model,
        version=manifest.version,
        digest=digest,
        directory=target,
        base=found.base,
        environment=found.origin,
        hashed=found.requirements.hashed,
        follows=options.follow,
        files=written,
    )


def _following(version: Version, options: Options) -> Following | None:
    if options.follow is None:
        return None
    return Following(options.follow, options.url, recorded_python(version.provenance))


def _environment(name: str, version: Version, files: Mapping[str, Path], options: Options) -> Environment:
    lock = lock_among(files)
    text = None if lock is None else (lock, files[lock].read_text(encoding="utf-8"))
    found = environment(name, version.provenance, text, options.base)
    if not options.requirements:
        return found
    return Environment(found.base, found.requirements.adding(options.requirements), found.origin)


def _labels(version: Version) -> dict[str, str]:
    """https://github.com/opencontainers/image-spec/blob/main/annotations.md, of what never changes about a version."""
    source = (version.provenance or {}).get("source")
    found = source if isinstance(source, Mapping) else {}
    labels = {
        "title": version.model,
        "version": version.label or str(version.number),
        "source": found.get("repository"),
        "revision": found.get("commit"),
    }
    return {name: str(value) for name, value in labels.items() if value}


def _copy_model(bundle: Bundle, files: Mapping[str, Path], directory: Path) -> None:
    directory.mkdir()
    paths = [file.path for file in bundle.files]
    for path, place in places(directory, paths, paths).items():
        if place != directory.resolve() / path:
            raise PackagingError(f"this file system cannot hold {path!r} under its own name: package it on another one")
        copy_content(files[path], place)
    bundle.verify(directory)


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A directory that becomes ``target`` at the end, and is removed if anything fails."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise LocalFilesError(f"{target} is not empty: choose a new directory, since the image gets all of it")
    target.parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix=".moorage-package-", dir=target.parent))
    try:
        yield directory
        if target.exists():
            target.rmdir()
        directory.rename(target)
    except BaseException:
        # Also if the user interrupts.
        shutil.rmtree(directory, ignore_errors=True)
        raise


def _settled(directory: Path) -> tuple[str, ...]:
    """Give everything the same times and rights, so that they tell nothing of this machine. Returns the files."""
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (_TIME, _TIME))
    return tuple(sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()))
