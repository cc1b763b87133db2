"""Section 5 of docs/format.md: the keys of an issuer, from a signed list or a bare set."""
import base64
import re
from collections import namedtuple

from documents import is_public, read_document
from octets import octets
from signature import is_sound_key, thumbprint
from voucher import are_uints, decode, is_text, need

Key = namedtuple("Key", "public begin end")
KeySet = namedtuple("KeySet", "issuer vouchers documents list")
DEEPEST = 16


def key_set(source, issuer):
    """Section 5: a bare set, or a key list read with its pinned roots."""
    if "keyList" in source:
        roots = pinned_roots(map(bytes.fromhex, source["roots"]))
        listed = read_document("keys", bytes.fromhex(source["keyList"]), roots, issuer)
        vouchers, documents = ({thumbprint(k[1]): Key(*k[1:]) for k in listed.keys if k[0] == use} for use in (1, 2))
        return KeySet(issuer, vouchers, documents, listed)
    keys = read_jwks(source["jwks"]) if "jwks" in source else read_cose_keys(octets(source["coseKeys"]))
    return KeySet(issuer, bare_keys(keys), {}, None)


def pinned_roots(roots):
    """What a pinned set may be is judged before any list is read."""
    roots = list(roots)
    need(len(roots) <= 5, "malformed", "keys")
    return bare_keys(roots)


def follow(named, signer, pinned):
    """Whom a reader with state pins after a list of this signer, in place of those that it had."""
    kids = [thumbprint(root) for root in (signer, *named)]
    others = [root for i, root in enumerate(named, 1) if kids[i] not in kids[:i] and is_sound_key(root)]
    return [signer, *others] if others or signer in named else pinned


def read_jwks(jwks):
    need(isinstance(jwks, dict) and isinstance(jwks.get("keys"), list), "malformed", "keys")
    for key in jwks["keys"]:
        if isinstance(key, dict) and (key.get("kty"), key.get("crv")) == ("OKP", "Ed25519"):
            kid, x = key.get("kid"), key.get("x")
            need("d" not in key and isinstance(x, str) and re.fullmatch("[A-Za-z0-9_-]{43}", x), "malformed", "keys")
            public = base64.urlsafe_b64decode(x + "=")
            need(base64.urlsafe_b64encode(public).decode() == x + "=", "malformed", "keys")
            need(kid == thumbprint(public).hex(), "malformed", "keys")
            yield public


def read_cose_keys(data):
    need(len(data) <= 64 * 1024, "malformed", "keys")
    keys = decode(data, "keys")
    need(isinstance(keys, list) and is_plain(keys), "malformed", "keys")
    ours = [key for key in keys if is_cose_key(key) and are_uints(key[1]) and (key[1], key.get(-1)) == (1, 6)]
    need(ours or all(map(is_cose_key, keys)), "malformed", "keys")  # else another array: no key set at all
    for key in ours:
        need(-4 not in key and is_public(key.get(-2)) and key.get(2) == thumbprint(key[-2]), "malformed", "keys")
        yield key[-2]


def is_cose_key(item):
    return isinstance(item, dict) and type(item.get(1)) in (int, str)


def bare_keys(publics):
    """By kid, and without windows."""
    keys = {}
    for public in publics:
        need(is_sound_key(public) and thumbprint(public) not in keys, "malformed", "keys")
        keys[thumbprint(public)] = Key(public, 0, 2**32)
    return keys


def is_plain(item, depth=1):
    """What a bare set may be made of, in the keys that are skipped too."""
    if isinstance(item, dict):
        return depth <= DEEPEST and all(
            type(label) in (int, str) and is_plain(label) and is_plain(item[label], depth + 1) for label in item)
    if isinstance(item, list):
        return depth <= DEEPEST and all(is_plain(one, depth + 1) for one in item)
    if type(item) is int:
        return -2**32 <= item < 2**32
    return is_text(item) or item is None or type(item) in (bool, bytes)
