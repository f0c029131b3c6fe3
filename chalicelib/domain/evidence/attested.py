"""What an attestation is worth to the gates of a move."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.signing.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Attested:
    """An attestation as gates judge it. ``doubt`` says why its signatures do not count; None if they do.

    ``digest`` is that of the envelope, ``signer`` the trusted signer that verified it, and ``whole`` says whether it is
    about the whole version. ``provenance`` is None if it is no SLSA provenance.
    """

    predicate_type: str
    digest: str
    whole: bool
    signer: str
    doubt: str | None = None
    provenance: Provenance | None = None

    def document(self) -> dict[str, Any]:
        """What conditions read. What the statement does not say is empty text."""
        return {
            "predicate_type": self.predicate_type,
            "signer": self.signer,
            "whole": self.whole,
            **(self.provenance or Provenance()).document(),
        }
