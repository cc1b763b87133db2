"""What a person types (sections 2 and 3 of docs/format.md), and the seal that a code opens (section 4)."""
import hashlib
import hmac
import re
import string

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voucher import Refusal, encode_id, need, read_payload

DROPPED = r"\t-\r \u00a0\u2000-\u200a\u202f\u205f\u3000\-\u2010-\u2015\u2212"
FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
LIKENESS = str.maketrans("OIL", "011")


def derive_code(secret, kid, cti):
    bits = int.from_bytes(hmac.digest(secret, b"doorproof-code-v1" + kid + cti, "sha256"), "big") >> 211
    digits = "".join(CROCKFORD[bits >> shift & 31] for shift in range(40, -1, -5))
    return digits + check_digit(digits)


def check_digit(digits):
    c = 0
    for digit in digits:
        c = (c ^ CROCKFORD.index(digit)) << 1
        c ^= 0x29 if c & 32 else 0
    return CROCKFORD[c]


def read_code(typed):
    need(is_typed(typed), "code-mistyped")
    code = fold(typed).translate(UPPER).translate(LIKENESS)
    need(re.fullmatch(f"[{CROCKFORD}]{{10}}", code) and check_digit(code[:9]) == code[9], "code-mistyped")
    return code


def is_typed(typed):
    return isinstance(typed, str) and len(typed) <= 64


def fold(typed):
    """By a closed list: what NFKC or a white space is differs from language to language."""
    return re.sub(f"[{DROPPED}]", "", typed.translate(FULL_WIDTH))


def read_phone(typed, country):
    """The numbers that may be meant, each once."""
    if not is_typed(typed):
        return []
    said = re.sub("[()./]", "", fold(typed))
    tried = [said] if said.startswith("+") else ["+" + country + said.removeprefix("0"), "+" + country + said]
    return [number for number in dict.fromkeys(tried) if re.fullmatch("\\+[1-9][0-9]{6,14}", number)]


def open_seal(typed, delivery, salt, sealed, log_n, kdf=hashlib.scrypt):
    """Gives the voucher's bytes. They are read as a scanned voucher's from here on, signature and all."""
    if log_n not in (15, 16, 17):
        raise ValueError("no manifest has this logN")
    code = read_code(typed).encode()
    try:
        key = kdf(code, salt=b"doorproof-seal-v1" + salt, n=2**log_n, r=8, p=1, maxmem=2**28, dklen=32)
        voucher = AESGCM(key).decrypt(bytes(12), sealed, cbor2.dumps([encode_id(delivery), log_n]))
    except MemoryError as error:
        raise Refusal("cannot-open") from error
    except InvalidTag as error:
        raise Refusal("wrong-code") from error
    need(82 <= len(voucher) <= 152, "malformed", "length")
    need(read_payload(voucher[68:])[0] == delivery, "malformed", "payload")
    return voucher
