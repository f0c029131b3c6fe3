"""Names that people cannot tell apart: a model may not have one that reads like another model's.

Compared are skeletons, as Unicode's TR39 has them (https://www.unicode.org/reports/tr39/#Confusable_Detection), with a
short table of the letters that alphabets share. Upper and lower case are told apart, as in all names.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.errors import InvalidNameError, LookAlikeError
from chalicelib.domain.ledger.decision import DomainChange
from chalicelib.domain.models.model import Model
from chalicelib.domain.names import model_name

# Letters and signs of other alphabets (Cyrillic, Greek, Armenian, IPA) by what they look like, as code points.
_CODE_POINTS: Final[dict[str, tuple[int, ...]]] = {
    "'": (0x0060, 0x02BC, 0x2018, 0x2019),
    "-": (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212),
    "A": (0x0391, 0x0410),
    "B": (0x0392, 0x0412),
    "C": (0x0421,),
    "E": (0x0395, 0x0415),
    "G": (0x050C,),
    "H": (0x0397, 0x041D),
    "I": (0x0399, 0x0406),
    "J": (0x0408,),
    "K": (0x039A, 0x041A),
    "M": (0x039C, 0x041C),
    "N": (0x039D,),
    "O": (0x039F, 0x041E),
    "P": (0x03A1, 0x0420),
    "Q": (0x051A,),
    "S": (0x0405,),
    "T": (0x03A4, 0x0422),
    "W": (0x051C,),
    "X": (0x03A7, 0x0425),
    "Y": (0x03A5, 0x0423),
    "Z": (0x0396,),
    "a": (0x0251, 0x03B1, 0x0430),
    "c": (0x0441,),
    "d": (0x0501,),
    "e": (0x0435,),
    "g": (0x0261,),
    "h": (0x04BB,),
    "i": (0x0131, 0x03B9, 0x0456),
    "j": (0x0458,),
    "k": (0x03BA,),
    "l": (0x04CF,),
    "n": (0x0578,),
    "o": (0x03BF, 0x043E, 0x0585),
    "p": (0x03C1, 0x0440),
    "q": (0x051B,),
    "s": (0x0455,),
    "u": (0x03C5, 0x057D),
    "v": (0x03BD, 0x0475),
    "w": (0x051D,),
    "x": (0x0445,),
    "y": (0x0443,),
}
_LOOKS: Final = {code: look for look, codes in _CODE_POINTS.items() for code in codes}
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class NameClaimed(DomainChange):
    """A model takes a name whose skeleton is ``skeleton``. ``before`` had taken it, or nobody if that is None."""

    skeleton: str
    before: str | None


def skeleton(name: str) -> str:
    """What a name looks like: names with the same skeleton cannot be told apart.

    Composed and decomposed accents, wide and narrow forms, blanks around and between words, invisible characters and
    look-alike letters of other alphabets make no difference.
    """
    decomposed = unicodedata.normalize("NFKD", name)
    seen = "".join(character for character in decomposed if not _is_invisible(character))
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", seen.translate(_LOOKS)).strip())


def plain_twin(name: str) -> str | None:
    """The name that is its own skeleton and looks like ``name``; None if ``name`` is it, or if it is no valid name.

    Models that were created before names were claimed mostly have such a name.
    """
    twin = skeleton(name)
    if twin == name:
        return None
    try:
        return model_name(twin)
    except InvalidNameError:
        return None


def check_distinct(name: str, other: Model | None) -> None:
    """Raise LookAlikeError if ``other``, whose name looks like ``name``, exists."""
    if other is not None and not other.deleted and other.name != name:
        raise LookAlikeError(
            f"The name {name!r} looks like that of another model. They differ only in blanks, in how accents are "
            "written, or in letters of another alphabet. Use the other model, or choose a name that can be told apart."
        )


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
