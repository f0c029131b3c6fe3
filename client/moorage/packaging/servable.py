"""What must hold of a version before it is packaged: what would fail only when the image starts is refused here."""

from collections.abc import Collection

from moorage.errors import PackagingError, UntrustedModelError
from moorage.frameworks.catalogue import saver_named
from moorage.frameworks.descriptor import Descriptor
from moorage.frameworks.permissions import check_allowed, check_permissions


def check_servable(
    model: str, number: int, descriptor: Descriptor, allow: Collection[str], trust: Collection[str]
) -> None:
    """Raise an error if an image could not serve the model that ``descriptor`` describes.

    Raises UntrustedModelError if loading it runs code that ``allow`` does not permit, or makes types that ``trust``
    does not name, PackagingError if its files alone do not make a model, and IncompatibleModelError if this release
    cannot load it.
    """
    check_permissions(allow)
    version = f"{model}/{number}"
    saver = saver_named(descriptor.saver, version)
    if descriptor.format in saver.RUNS_CODE:
        check_allowed(descriptor.format, model, number, allow)
    unnamed = sorted(set(map(str, descriptor.details.get("untrusted_types") or ())) - set(trust))
    if unnamed:
        raise UntrustedModelError(
            f"{version} has types that skops does not know to be harmless: {', '.join(unnamed)}. If you trust their "
            f"code, package it with trust={[*trust, *unnamed]!r}"
        )
    weights = descriptor.saver == "pytorch"
    if weights or (descriptor.saver == "transformers" and "task" not in descriptor.details):
        raise PackagingError(
            f"{version} is the weights of a {descriptor.model_class} without its code or its tokenizer: log an "
            "exported program, an ONNX graph or a pipeline, or serve it with Client.serve(…, into=…)"
        )
