"""Step 4 of docs/format.md, section 1: strict Ed25519, the import rule for keys, and the kid."""
import functools
import hashlib

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P)


def is_signed(public, message, signature):
    """OpenSSL holds S < L and compares R byte for byte, but takes the identity for R."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return signature[:32] != b"\x01" + bytes(31)


@functools.cache
def is_sound_key(public):
    """The import rule. Of the torsion-free points only the identity is of small order; x's sign changes nothing."""
    y = int.from_bytes(public, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = (pow(square, (P + 3) // 8, P) * unit % P for unit in (1, pow(2, (P - 1) // 4, P)))
    x = next((root for root in roots if root * root % P == square), None)
    return y < P and y != 1 and x is not None and multiply(L, (x, y)) == (0, 1)


def multiply(n, point):
    product = 0, 1
    for bit in f"{n:b}":
        product = add(product, product)
        product = add(product, point) if bit == "1" else product
    return product


def add(a, b):
    (x, y), (u, v) = a, b
    t = D * x * y * u * v
    return (x * v + y * u) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P


def thumbprint(public):
    return hashlib.sha256(cbor2.dumps({1: 1, -1: 6, -2: public})).digest()[:4]
