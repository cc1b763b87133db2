"""How a case of each of the vector files is run: packages/voucher/vectors/README.md."""
import functools

import cbor2

import codes
import documents
import jwks_file
import key_sets
import signature
import voucher
from octets import octets

GIVEN = {}


@functools.cache
def keys_named(name):
    return key_sets.key_set(GIVEN["keySets"][name], GIVEN["issuer"])


def ask(text, question):
    question = dict(question)
    keys = keys_named(question.pop("keys"))
    if "revocations" in question:
        revocations = bytes.fromhex(GIVEN["revocations"][question["revocations"]])
        question["revocations"] = documents.read_document("revocations", revocations, keys.documents, keys.issuer)
    if name := question.get("manifest"):
        route, manifest = GIVEN["manifests"][name]["route"], bytes.fromhex(GIVEN["manifests"][name]["document"])
        question["manifest"] = documents.read_document("manifest", manifest, keys.documents, keys.issuer, route)
    used = [(bytes.fromhex(u["kid"]), bytes.fromhex(u["cti"]), u["deliveryId"]) for u in question.pop("used", [])]
    return voucher.verify(text, keys=keys, assigned="manifest" in question, used=used, **question)


def valid(case):
    scanned = voucher.base45_decode(case["text"][4:])
    kid, signed, payload = scanned[:4], scanned[4:68], scanned[68:]
    sub, exp, cti, phone = voucher.read_payload(payload)
    stages = {
        "claims": {"deliveryId": sub, "expiresAt": exp, "cti": cti.hex(), "phoneHash": phone},
        "payload": cbor2.dumps([voucher.encode_id(sub), exp, cti, phone]).hex(),
        "kid": signature.thumbprint(keys_named(case["question"]["keys"]).vouchers[kid].public).hex(),
        "bytesToSign": voucher.to_be_signed("voucher", kid, payload).hex(),
        "signature": signed.hex(),
        "voucher": scanned.hex(),
        "coseSign1": voucher.cose_sign1("voucher", kid, payload, signed).hex(),
        "shortCode": codes.derive_code(bytes.fromhex(GIVEN["codeSecret"]), kid, cti),
    }
    if "phone" in case["stages"]:
        stages["phone"] = case["stages"]["phone"] if voucher.phone_hash(case["stages"]["phone"]) == phone else None
    text = "DP1:" + voucher.base45_encode(scanned)
    return {"expect": ask(case["text"], case["question"]), "stages": stages, "text": text}


def read(case):
    given = case["given"]
    pinned = [bytes.fromhex(root) for root in given.get("roots", [])]
    if case["read"] == "keys":
        keys, issuer = key_sets.pinned_roots(pinned), given["issuer"]
    else:
        keys, issuer = keys_named(given["keys"]).documents, keys_named(given["keys"]).issuer
    held = {bytes.fromhex(k): (h["version"], bytes.fromhex(h["document"])) for k, h in given.get("held", {}).items()}
    document = documents.read_document(case["read"], octets(case["document"]), keys, issuer, given.get("route"), held,
                                       given.get("issuerTime"))
    accepted = {"issuer": document.issuer, "version": document.version, "issuedAt": document.iat}
    if case["read"] == "keys":
        followed = key_sets.follow(document.roots, keys[documents.signer(octets(case["document"]))].public, pinned)
        accepted["pinned"] = sorted(root.hex() for root in followed)
    return {"expect": {"accepted": accepted}}


def key_set(case):
    if "file" in case["keys"]:
        jwks, issuer = jwks_file.read_jwks_file(octets(case["keys"]["file"]))
        return {"expect": key_set({"keys": {"jwks": jwks}})["expect"] | {"issuer": issuer}}
    return {"expect": {"kids": [kid.hex() for kid in key_sets.key_set(case["keys"], GIVEN["issuer"]).vouchers]}}


def derived(case):
    return {"code": codes.derive_code(*(bytes.fromhex(case[name]) for name in ("secret", "kid", "cti")))}


def no_memory(*args, **options):
    raise MemoryError


def seal(case):
    stop = case["stop"]
    salt, sealed = bytes.fromhex(stop["salt"]), bytes.fromhex(stop["sealed"])
    kdf = {"kdf": {"fails": no_memory}[case["kdf"]]} if "kdf" in case else {}
    opened = codes.open_seal(case["typed"], stop["deliveryId"], salt, sealed, case["logN"], **kdf)
    return {"expect": {"text": "DP1:" + voucher.base45_encode(opened)}}


def base45(case):
    data = bytes.fromhex(case["bytes"])
    return {"bytes": voucher.base45_decode(case["text"]).hex(), "text": voucher.base45_encode(data)}


def scanned(case):
    return {"expect": {"voucher": voucher.read_text(bytes.fromhex(case["octets"]).decode(errors="replace")).hex()}}


def ed25519(case):
    public, message, signed = (bytes.fromhex(case[name]) for name in ("publicKey", "message", "signature"))
    if not signature.is_sound_key(public):
        return {"expect": "key-refused"}
    return {"expect": "valid" if signature.is_signed(public, message, signed) else "invalid"}


RUN = {
    "documents": read,
    "documents-large": read,
    "key-sets": key_set,
    "misuse/phones": lambda case: {"expect": voucher.phone_hash(case["number"])},
    "misuse/questions": lambda case: {"expect": ask(case["text"], case["question"])},
    "misuse/seals": seal,
    "primitives/base45": base45,
    "primitives/base45Refused": lambda case: {"expect": voucher.base45_decode(case["text"])},
    "primitives/phones": lambda case: {"hash": voucher.phone_hash(case["number"])},
    "primitives/phonesTyped": lambda case: {"numbers": codes.read_phone(case["typed"], case["country"])},
    "primitives/scanned": scanned,
    "primitives/signatures": ed25519,
    "seals": seal,
    "short-codes/derived": derived,
    "short-codes/typed": lambda case: {"expect": {"code": codes.read_code(case["typed"])}},
    "vouchers-refused": lambda case: {"expect": ask(case["text"], case["question"]), "reading": None},
    "vouchers-valid": valid,
}
