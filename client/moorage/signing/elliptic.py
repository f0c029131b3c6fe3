"""ECDSA signatures on the curves P-256, P-384 and P-521, verified with the standard library alone.

Nothing here is secret, so the duration may depend on the numbers. Verifying takes some hundredths of a second.
FIPS 186-5, section 6.4.2; SP 800-186 for the curves; RFC 5480 for the form of public keys.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from moorage.signing.errors import UnfitKeyError

Point: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve ``y² = x³ - 3x + b`` over the integers modulo ``p``, with a point ``g`` of order ``n``.

    ``oid`` is the curve's identifier in DER; signatures are over the hash named ``hashed``.
    """

    name: str
    oid: bytes
    p: int
    b: int
    n: int
    g: Point
    hashed: str

    def has(self, point: Point) -> bool:
        """Whether the point lies on the curve."""
        x, y = point
        return x < self.p and y < self.p and (y * y - (x * x * x - 3 * x + self.b)) % self.p == 0

    def add(self, one: Point | None, other: Point | None) -> Point | None:
        """Add two points. None is the point at infinity."""
        if one is None or other is None:
            return one or other
        if one[0] == other[0] and (one[1] + other[1]) % self.p == 0:
            return None
        if one == other:
            slope = (3 * one[0] * one[0] - 3) * pow(2 * one[1], -1, self.p) % self.p
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, self.p) % self.p
        x = (slope * slope - one[0] - other[0]) % self.p
        return x, (slope * (one[0] - x) - one[1]) % self.p

    def multiply(self, scalar: int, point: Point) -> Point | None:
        """Add a point to itself ``scalar`` times."""
        total: Point | None = None
        addend: Point | None = point
        while scalar:
            if scalar & 1:
                total = self.add(total, addend)
            addend = self.add(addend, addend)
            scalar >>= 1
        return total


P256: Final = Curve(
    "P-256",
    bytes.fromhex("06082a8648ce3d030107"),
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    "sha256",
)
P384: Final = Curve(
    "P-384",
    bytes.fromhex("06052b81040022"),
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    (
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
    "sha384",
)
P521: Final = Curve(
    "P-521",
    bytes.fromhex("06052b81040023"),
    2**521 - 1,
    int(
        "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF07"
        "3573DF883D2C34F1EF451FD46B503F00",
        16,
    ),
    2**521 - 2**260 + 0xA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
    (
        int(
            "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE"
            "3348B3C1856A429BF97E7E31C2E5BD66",
            16,
        ),
        int(
            "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761"
            "353C7086A272C24088BE94769FD16650",
            16,
        ),
    ),
    "sha512",
)
_CURVES: Final = (P256, P384, P521)
# id-ecPublicKey, which stands before the curve's identifier.
_EC_KEY: Final = bytes.fromhex("06072a8648ce3d0201")
_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key. ``pem`` is in the one form whose SHA-256 is a bundle's hint: SubjectPublicKeyInfo."""

    curve: Curve
    point: Point
    pem: str

    @classmethod
    def from_pem(cls, text: str) -> Self:
        """The key of a PEM. Raises UnfitKeyError if it is none on one of the three curves."""
        found = _PEM.search(text)
        try:
            der = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
        except ValueError:
            der = b""
        if not der:
            raise UnfitKeyError("this is not a public key in PEM, which begins with -----BEGIN PUBLIC KEY-----")
        for curve in _CURVES:
            head = _head(curve)
            width = (curve.p.bit_length() + 7) // 8
            if not der.startswith(head) or len(der) != len(head) + 2 * width:
                continue
            point = (int.from_bytes(der[len(head) : -width], "big"), int.from_bytes(der[-width:], "big"))
            if curve.has(point):
                return cls(curve, point, _pem_of(der))
        raise UnfitKeyError("this key is not an uncompressed point of the curve P-256, P-384 or P-521")

    @property
    def hint(self) -> str:
        """What bundles call the key: the SHA-256 of its PEM, in hexadecimal."""
        return hashlib.sha256(self.pem.encode()).hexdigest()

    def verifies(self, signature: bytes, content: bytes) -> bool:
        """Whether ``signature``, in DER, is the key's over ``content``."""
        numbers = _der_numbers(signature)
        curve = self.curve
        if numbers is None or not all(1 <= number < curve.n for number in numbers):
            return False
        r, s = numbers
        digest = hashlib.new(curve.hashed, content).digest()
        # The leftmost bits of the hash, as many as the order has; no hash here is longer than its curve's order.
        number = int.from_bytes(digest, "big")
        inverse = pow(s, -1, curve.n)
        one = curve.multiply(number * inverse % curve.n, curve.g)
        other = curve.multiply(r * inverse % curve.n, self.point)
        point = curve.add(one, other)
        return point is not None and point[0] % curve.n == r


def _head(curve: Curve) -> bytes:
    """What stands before the point in the DER of a key: two lengths, the identifiers, and that it is uncompressed."""
    identifiers = _sequence(_EC_KEY + curve.oid)
    bits = 2 + 2 * ((curve.p.bit_length() + 7) // 8)
    string = b"\x03" + _length(bits) + b"\x00\x04"
    body = len(identifiers) + len(string) + bits - 2
    return b"\x30" + _length(body) + identifiers + string


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def _length(count: int) -> bytes:
    """A length in DER, of at most 255."""
    return bytes([count]) if count < 0x80 else bytes([0x81, count])


def _pem_of(der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _der_numbers(signature: bytes) -> tuple[int, int] | None:
    """The two integers of ``SEQUENCE { INTEGER r, INTEGER s }`` in DER (RFC 3279, section 2.2.3); None if it is none.

    The sequence has fewer than 128 bytes, or for P-521 fewer than 256, whose length takes one byte more.
    """
    head = 3 if signature[1:2] == b"\x81" else 2
    count = len(signature) - head
    if not 0 <= count < 256 or signature[:head] != b"\x30" + _length(count):
        return None
    numbers, rest = [], signature[head:]
    while rest:
        if len(rest) < 3 or rest[0] != 0x02 or not 1 <= rest[1] <= min(len(rest) - 2, 0x7F):
            return None
        content, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        # The number must not be negative, and must not have a leading zero that DER leaves out.
        if content[0] & 0x80 or (len(content) > 1 and content[0] == 0 and not content[1] & 0x80):
            return None
        numbers.append(int.from_bytes(content, "big"))
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None
