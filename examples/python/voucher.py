"""Sections 1, 2 and 6 of docs/format.md: what a voucher's bytes mean, and the six steps that a reader takes."""
import hmac
import re
import uuid

import cbor2

from signature import is_signed

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Refusal(Exception):
    """A code of section 6, the step of a malformed thing, and the number of the reading step that refused."""

    def __init__(self, code, step=None, at=None):
        super().__init__(code, step)
        self.verdict, self.at = {"code": code} | ({"step": step} if step else {}), at


def need(holds, code, step=None, at=None):
    if not holds:
        raise Refusal(code, step, at)


def verify(text, *, now, delivery, keys, revocations=None, assigned=False, manifest=None, phones=None, used=(), seen=0):
    """Section 1, Reading. Gives what is accepted, with its notes. An assigned device should have a manifest.

    What the caller hands over beside the text is of its type, else a ValueError and no verdict.
    """
    if not are_uints(now, seen):
        raise ValueError("now, seen")
    hashes = None if phones is None else [phone_hash(number) for number in phones]
    # 1: text
    voucher = read_text(text)
    # 2: bytes
    need(82 <= len(voucher) <= 152, "malformed", "length", 2)
    kid, signature, payload = voucher[:4], voucher[4:68], voucher[68:]
    # 3: key
    key = keys.vouchers.get(kid)
    need(key, "unknown-key", at=3)
    need(not revocations or kid not in revocations.kids, "key-revoked", at=3)
    # By a clock that is behind no window is judged from its beginning: step 6 tells what is wrong.
    floor = max([seen] + [document.iat for document in (keys.list, revocations, manifest) if document])
    behind = now < floor - 300
    need((key.begin <= now or behind) and now < key.end, "key-not-valid", at=3)
    # 4: signature
    need(is_signed(key.public, to_be_signed("voucher", kid, payload), signature), "bad-signature", at=4)
    # 5: payload
    sub, exp, cti, phone = read_payload(payload)
    # 6: the rest, in the order of section 6
    listed, grace = keys.list, keys.list.grace if keys.list else 0
    need(exp <= key.end, "key-not-valid", at=6)
    need(not behind, "clock-behind", at=6)
    need(not listed or now < listed.exp + grace, "stale-keys", at=6)
    need(not revocations or now < revocations.next + grace, "stale-revocations", at=6)
    need(delivery in (None, sub), "wrong-delivery", at=6)
    need((kid, cti) not in [u[:2] for u in used] and sub not in [u[2] for u in used], "already-used", at=6)
    need(not assigned or manifest and now < manifest.exp, "no-manifest", at=6)
    need(not assigned or sub in manifest.stops, "not-on-manifest", at=6)
    need(not revocations or cti not in revocations.ctis, "revoked", at=6)
    need(not assigned or cti not in manifest.revoked, "revoked", at=6)
    need(now < exp, "expired", at=6)
    need(hashes is None or phone is None or phone in hashes, "phone-mismatch", at=6)
    notes = {
        "keys-unsigned": not listed,
        "keys-old": listed and now >= listed.exp,
        "no-revocations": not revocations,
        "revocations-old": revocations and now >= revocations.next,
        "delivery-not-compared": delivery is None,
        "assignment-not-checked": not assigned,
        "phone-not-in-voucher": phones is not None and phone is None,
    }
    return {"issuer": keys.issuer, "kid": kid.hex(), "cti": cti.hex(), "deliveryId": sub, "expiresAt": exp,
            "notes": [note for note, holds in notes.items() if holds]}


def read_text(text):
    need(isinstance(text, str) and len(text) <= 232 and text.isascii() and text.startswith("DP1:"), "malformed", "text", 1)
    return base45_decode(text[4:])


def base45_decode(text):
    need(len(text) % 3 != 1 and set(text) <= set(BASE45), "malformed", "base45", 1)
    data = b""
    for group in (text[i:i + 3] for i in range(0, len(text), 3)):
        n = sum(BASE45.index(c) * 45**i for i, c in enumerate(group))
        need(n < 256 ** (len(group) - 1), "malformed", "base45", 1)
        data += n.to_bytes(len(group) - 1, "big")
    return data


def base45_encode(data):
    pairs = (data[i:i + 2] for i in range(0, len(data), 2))
    return "".join(BASE45[int.from_bytes(pair, "big") // 45**i % 45] for pair in pairs for i in range(len(pair) + 1))


def to_be_signed(kind, kid, payload):
    return cbor2.dumps(["Signature1", protected(kind, kid), b"", payload])


def cose_sign1(kind, kid, payload, signature):
    return cbor2.dumps(cbor2.CBORTag(18, [protected(kind, kid), {}, payload, signature]))


def protected(kind, kid):
    return cbor2.dumps({1: -8, 4: kid, 16: f"application/vnd.doorproof.{kind}+cbor"})


def read_payload(payload):
    match decode(payload):
        case [sub, exp, bytes(cti), phone] if (
                are_uints(exp) and len(cti) == 8 and (phone is None or are_uints(phone) and phone < 4096)):
            return delivery_id(sub), exp, cti, phone
    raise Refusal("malformed", "payload", 5)


def decode(data, step="payload"):
    """Deterministic CBOR: decoded, encoded again, compared. Whatever the decoder throws is a refusal."""
    try:
        item = cbor2.loads(data)
        need(cbor2.dumps(item) == data, "malformed", step, 5)
    except Exception as error:
        raise Refusal("malformed", step, 5) from error
    return item


def delivery_id(sub):
    if isinstance(sub, bytes) and len(sub) == 16:
        return str(uuid.UUID(bytes=sub))
    need(isinstance(sub, str) and re.fullmatch("[!-~]{1,64}", sub), "malformed", "payload", 5)
    need(not UUID.fullmatch(sub), "malformed", "payload", 5)
    return sub


def encode_id(delivery):
    return uuid.UUID(delivery).bytes if UUID.fullmatch(delivery) else delivery


def is_text(value):
    return isinstance(value, str) and not value.startswith("\ufeff")


def are_uints(*values):
    return all(type(value) is int and 0 <= value < 2**32 for value in values)


def phone_hash(number):
    if not re.fullmatch("\\+[1-9][0-9]{6,14}", number):
        raise ValueError("not E.164")
    mac = hmac.digest(b"doorproof-phone-v1", number.encode("ascii"), "sha256")
    return mac[0] << 4 | mac[1] >> 4
