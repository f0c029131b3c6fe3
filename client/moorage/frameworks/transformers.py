"""transformers: the directory that ``save_pretrained`` writes, with its weights as safetensors."""

from pathlib import Path
from typing import Any, Final

from moorage.errors import IncompatibleModelError
from moorage.frameworks.saver import STEM, Saved, Stored, library
from moorage.frameworks.signatures import from_example

FORMATS: Final = ("pretrained",)
RUNS_CODE: Final[frozenset[str]] = frozenset()

_EXTRA: Final = "transformers"


def save(model: Any, directory: Path, format: str, example: Any) -> Saved:
    path = directory / STEM
    model.save_pretrained(path)
    if _is_pipeline(model):
        return Saved(STEM, needs=("torch",), details={"task": model.task})
    return Saved(STEM, needs=("torch",), details={"class": type(model).__name__})


def load(stored: Stored) -> Any:
    """The model, or the pipeline with its tokenizer.

    ``into`` is the class of a model that transformers does not have.
    """
    transformers = library("transformers", _EXTRA)
    details = stored.descriptor.details
    if "task" in details:
        # Nothing from a hub, no code, and no weights in a pickle.
        pipeline = transformers.pipeline(
            details["task"],
            model=str(stored.entry),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
        _copy_weights(pipeline.model)
        return pipeline
    kind: Any = stored.into or getattr(transformers, str(details.get("class")), None)
    if not _is_model_class(transformers, kind):
        raise IncompatibleModelError(
            f"{stored.version} is a {stored.descriptor.model_class}, which transformers does not have: give the class "
            "as into="
        )
    model = kind.from_pretrained(stored.entry, local_files_only=True, trust_remote_code=False, use_safetensors=True)
    _copy_weights(model)
    return model


def signature(model: Any, example: Any) -> dict[str, Any] | None:
    """``example`` is what a pipeline takes, or the arguments of a model by name."""
    if _is_pipeline(model):
        return from_example(example, model)
    torch = library("torch", _EXTRA)

    def predict(inputs: Any) -> dict[str, Any]:
        with torch.no_grad():
            return dict(model(**inputs))

    return from_example(example, predict)


def _copy_weights(model: Any) -> None:
    """Copy the weights, which are mapped into memory, so that they stay what they are whatever becomes of the file."""
    for tensor in (*model.parameters(), *model.buffers()):
        tensor.data = tensor.data.clone()


def _is_pipeline(model: Any) -> bool:
    return any(kind.__name__ == "Pipeline" for kind in type(model).__mro__)


def _is_model_class(transformers: Any, kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)
