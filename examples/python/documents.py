"""Section 4 of docs/format.md, and the two lists of section 5: signed documents."""
import operator
import re
import unicodedata
from collections import namedtuple

import cbor2

from signature import is_signed, is_sound_key, thumbprint
from voucher import Refusal, are_uints, cose_sign1, decode, delivery_id, is_text, need, to_be_signed

CAPS = {"keys": 64 * 1024, "revocations": 16 * 1024 * 1024, "manifest": 512 * 1024}
KeyList = namedtuple("KeyList", "issuer version iat exp grace keys roots")
Revocations = namedtuple("Revocations", "issuer version iat next kids ctis")
Manifest = namedtuple("Manifest", "issuer route version iat exp country log_n stops revoked")


def read_document(kind, data, keys, issuer, route=None, held=None, issuer_time=None):
    """Section 4: length, frame, key, signature, and only then the payload. Held is (version, bytes) by kid.

    A file states no issuer's time.
    """
    need(len(data) <= CAPS[kind], "malformed", "length")
    # Cut at fixed offsets, put together again, compared: nothing is parsed.
    kid, signature = signer(data), data[-64:]
    start = len(cose_sign1(kind, kid, b"", b"")) - 2
    payloads = (data[start + head:-66] for head in (1, 2, 3, 5))
    payload = next((p for p in payloads if cose_sign1(kind, kid, p, signature) == data), None)
    need(payload is not None, "malformed", "frame")
    key = keys.get(kid)
    need(key, "unknown-key")
    need(is_signed(key.public, to_be_signed(kind, kid, payload), signature), "bad-signature")
    read = {"keys": read_key_list, "revocations": read_revocations, "manifest": read_manifest}[kind]
    document = read(decode(payload))
    need(document.issuer == issuer and (kind != "manifest" or document.route == route), "foreign-document")
    need(key.begin <= document.iat < key.end, "key-not-valid")
    need(issuer_time is None or document.iat <= issuer_time + 300, "future-document")
    version, bytes_held = (held or {}).get(kid, (-1, None))
    need(document.version > version or data == bytes_held, "older-document")
    return document


def signer(data):
    return data[9:13]


def read_key_list(item):
    match item:
        case [issuer, version, iat, exp, grace, [_, *_] as keys, [*roots]] if (
                is_name(issuer) and are_uints(version, iat, exp, grace) and iat < exp and len(keys) <= 64 and len(roots) <= 4):
            for key in keys:
                need(isinstance(key, list) and len(key) == 4 and isinstance(key[1], bytes) and are_uints(key[0], *key[2:]),
                     "malformed", "payload")
            # Of a key with another use nothing is looked at but its shape: the next one must not stop this reader.
            known = [key for key in keys if key[0] in (1, 2)]
            need(all(is_public(key[1]) and key[2] < key[3] for key in known), "malformed", "payload")
            kids = {thumbprint(key[1]) for key in known}
            need(all(map(is_public, roots)) and len(kids) == len(known), "malformed", "payload")
            # Named roots are checked when they are pinned.
            need(all(is_sound_key(key[1]) for key in known), "malformed", "keys")
            return KeyList(issuer, version, iat, exp, grace, known, roots)
    raise Refusal("malformed", "payload")


def read_revocations(item):
    match item:
        case [issuer, version, iat, due, kids, ctis] if is_name(issuer) and are_uints(version, iat, due):
            return Revocations(issuer, version, iat, due, entries(kids, 4), entries(ctis, 8))
    raise Refusal("malformed", "payload")


def read_manifest(item):
    match item:
        case [issuer, route, version, iat, exp, str(country), 15 | 16 | 17 as log_n, [*stops], revoked] if (
                is_name(issuer) and is_name(route) and are_uints(version, iat, exp, log_n)
                and re.fullmatch("[1-9][0-9]{0,2}", country) and len(stops) <= 500):
            subs = {read_stop(stop) for stop in stops}
            need(len(subs) == len(stops), "malformed", "payload")
            withdrawn = entries(revoked, 8)
            need(sum(len(stop[4]) for stop in stops) <= 2000 and len(withdrawn) <= 2000, "malformed", "payload")
            return Manifest(issuer, route, version, iat, exp, country, log_n, subs, withdrawn)
    raise Refusal("malformed", "payload")


def read_stop(stop):
    match stop:
        case [sub, [_, _, _] as label, named, None | [_, _] as window, [*parcels], call, asks, takers, bytes(salt), bytes(sealed)] if (
                all(text is None or is_plain(text) for text in label) and sum(map(size, label)) <= 400
                and (named is None or is_plain(named) and 1 <= size(named) <= 40)
                and len(parcels) <= 32 and all(is_parcel(parcel) for parcel in parcels)
                and (call is None or isinstance(call, str) and re.fullmatch(r"tel:\+[1-9][0-9]{6,14}", call))
                and are_uints(asks, takers, *window or ()) and takers > 0 and len(salt) == 16 and 98 <= len(sealed) <= 168):
            return delivery_id(sub)
    raise Refusal("malformed", "payload")


def is_plain(value):
    return is_text(value) and not any(unicodedata.category(c) == "Cc" for c in value)


def is_parcel(value):
    return isinstance(value, str) and re.fullmatch("[!-~]{1,64}", value)


def size(text):
    return len((text or "").encode())


def entries(data, size):
    need(isinstance(data, bytes) and len(data) % size == 0, "malformed", "payload")
    found = [data[i:i + size] for i in range(0, len(data), size)]
    need(all(map(operator.lt, found, found[1:])), "malformed", "payload")
    return set(found)


def is_name(value):
    return isinstance(value, str) and re.fullmatch("[!-~]([ -~]{0,62}[!-~])?", value)


def is_public(value):
    return isinstance(value, bytes) and len(value) == 32
