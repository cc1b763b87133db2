"""Section 5 of docs/format.md: a JWKS as it is handed over, which is a file."""
import json
import re

from documents import is_name
from voucher import Refusal, need

DEEPEST = 16
SIGNS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


def read_jwks_file(data):
    """The set, and what it calls its issuer: None if it does not say."""
    need(len(data) <= 64 * 1024, "malformed", "keys")
    try:
        text = data.decode("utf-8")
        need(depth(text) <= DEEPEST, "malformed", "keys")  # before the decoder, which runs out of stack
        jwks = json.loads(text, object_pairs_hook=members, parse_int=float, parse_constant=refuse)
        json.dumps(jwks, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair has no UTF-8
    except ValueError as error:
        raise Refusal("malformed", "keys") from error
    if not isinstance(jwks, dict) or "issuer" not in jwks:
        return jwks, None
    need(is_name(jwks["issuer"]), "malformed", "keys")
    return jwks, jwks["issuer"]


def depth(text):
    """Of brackets outside of texts. What is no JSON has some depth too, and is refused by the decoder."""
    deepest = level = 0
    is_text = False
    for sign in SIGNS.findall(text):
        is_text ^= sign == '"'
        level += 0 if is_text else {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        deepest = max(deepest, level)
    return deepest


def members(pairs):
    found = dict(pairs)
    need(len(found) == len(pairs), "malformed", "keys")
    return found


def refuse(constant):
    raise Refusal("malformed", "keys")  # NaN and Infinity: no JSON
