"""Runs a locker's vectors against cases.c: what is JSON, JWKS or a key list is taken apart here, for it reads none.

    /usr/bin/python3 -B examples/c/cases.py PROGRAM packages/voucher/vectors
"""

import base64
import hashlib
import hmac
import json
import re
import subprocess
import sys
from pathlib import Path

import cbor2

UINT_MAX = 2**32 - 1


def main(program, folder):
    files = {name: json.loads(Path(folder, f"{name}.json").read_text()) for name in FILES}
    given = files["given"]
    cases = [case for make in (primitives, vouchers, misuse, documents, locker) for case in make(files, given)]
    lines = [line for case in cases for line in case["lines"]]
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        said = process.communicate("".join(f"{line}\n" for line in lines))[0].split("\n")[:-1]
    failed, at = 0, 0
    if process.returncode != 0:
        failed += 1
        print(f"{program} ended with {process.returncode} after {len(said)} of {len(lines)} lines")
    for case in cases:
        answers = said[at : at + len(case["lines"])]
        at += len(case["lines"])
        if answers != case["answers"]:
            failed += 1
            print(f"{case['name']}: {answers} instead of {case['answers']}")
    count = sum(case["counts"] for case in cases)
    print(f"{failed} of {len(cases)} failed" if failed else f"{count} cases, 0 skipped")
    return 1 if failed else 0


FILES = ["given", "primitives", "vouchers-valid", "vouchers-refused", "misuse", "documents", "documents-large"]


def case(name, pairs, counts=1):
    return {"name": name, "lines": [p[0] for p in pairs], "answers": [p[1] for p in pairs], "counts": counts}


def primitives(files, given):
    """All but `phonesTyped`, which are for who has a keyboard, and what base45 an encoder writes."""
    read = files["primitives"]
    for one in read["base45"]:
        yield case(f"base45 {one['text']}", [(f"base45 {octets(one['text'])}", one["bytes"])])
    for one in read["base45Refused"]:
        yield case(f"base45 {one['name']}", [(f"base45 {octets(one['text'])}", "malformed base45")])
    for one in read["scanned"]:
        # No key is known, so what is a voucher by steps 1 and 2 goes as far as step 3.
        want = "unknown-key" if "voucher" in one["expect"] else refusal(one["expect"])
        yield case(f"scanned: {one['name']}", [("keys x 1 0 0 0", "ok"), (f"voucher 0 0 - x{one['octets']}", want)])
    for one in read["phones"]:
        yield case(f"phone {one['number']}", [(f"phone {octets(one['number'])}", str(one["hash"]))])
    for one in read["signatures"]:
        line = f"signature x{one['publicKey']} x{one['signature']} x{one['message']}"
        yield case(f"signature: {one['name']}", [(line, one["expect"])])


def vouchers(files, given):
    """Each whose question names no manifest, by a bare set or a signed list."""
    for one in files["vouchers-valid"] + files["vouchers-refused"]:
        if "manifest" in one["question"]:
            continue
        want = refusal(one["expect"]) if "code" in one["expect"] else valid(one)
        yield case(one["name"], question(given, one["question"]) + [(ask(one), want)])


def misuse(files, given):
    for one in files["misuse"]["questions"]:
        now, seen = one["question"]["now"], one["question"].get("seen", 0)
        phones = one["question"].get("phones", [])
        # A uint32_t holds no other time: such a case has passed. What is no E.164 number has no hash to ask for.
        typed = not (0 <= now <= UINT_MAX and 0 <= seen <= UINT_MAX)
        answers = [(f"phone {octets(number)}", "-1") for number in phones if not e164(number)]
        assert typed or answers, one["name"]
        yield case(one["name"], answers)
    for one in files["misuse"]["phones"]:
        yield case(one["name"], [(f"phone {octets(one['number'])}", "-1")])


def documents(files, given):
    for one in files["documents"] + files["documents-large"]:
        if one["read"] != "revocations":
            continue
        lines = keys(given, one["given"]["keys"])
        for kid, held in one["given"].get("held", {}).items():
            lines.append((f"held x{kid} x{held['document'][-128:]} {held['version']} 0", "ok"))
        accepted = one["expect"].get("accepted")
        want = f"valid {accepted['issuer']} {accepted['version']} {accepted['issuedAt']}" if accepted else None
        stated = one["given"].get("issuerTime", "-")
        lines.append((f"revocations {stated} x{whole(one['document'])}", want or refusal(one["expect"])))
        yield case(one["name"], lines)


def locker(files, given):
    """What no vector asks of, and so not counted: the used-set's room, a list held that lies ahead of both clocks."""
    now, delivery = 1800000000, ["D1", "D2", "D3", "D4", "D5"]
    used = [f"used x00000000 x{i:016x} {octets(delivery[i])}" for i in range(5)]
    full = keys(given, "listed") + [(f"now {now}", "ok")] + [(f"{used[i]} {now + 9}", "ok") for i in range(4)]
    yield case("a full used-set takes no more", full + [(f"{used[4]} {now + 9}", "full")], 0)
    later = [(f"now {UINT_MAX}", "ok"), (f"{used[4]} {now + 9}", "full")]
    yield case("a clock alone makes no room in it", full + later, 0)
    listed = cbor2.loads(bytes.fromhex(given["keySets"]["listed"]["keyList"])).value[2]
    _, _, floor, _, grace, _, _ = cbor2.loads(listed)

    def after(exp, clock, want):
        recorded = [("now 0", "ok")] + [(f"{used[i]} {exp}", "ok") for i in range(4)]
        return keys(given, "listed") + recorded + [(f"now {clock}", "ok"), (f"{used[4]} {now}", want)]

    yield case("the grace's last second makes no room", after(floor - grace, now, "full"), 0)
    yield case("past it, what expired leaves", after(floor - grace - 1, now, "ok"), 0)
    yield case("not by a clock that has not seen it expire", after(floor - grace - 1, floor - grace - 2, "full"), 0)
    one = next(c for c in files["documents"] if c["name"] == "revocations: an older one")
    (kid, held), = one["given"]["held"].items()
    for name, at, clock, want in [
        ("a list held that is ahead of both clocks gives way", now + 301, now, "valid"),
        ("one that this clock does not find ahead stays", now + 301, now + 1, "older-document"),
        ("one that the issuer does not find ahead stays", now + 300, now, "older-document"),
    ]:
        mark = f"held x{kid} x{held['document'][-128:]} {held['version']} {at}"
        document = cbor2.loads(cbor2.loads(bytes.fromhex(one["document"])).value[2])
        want = f"valid {document[0]} {document[1]} {document[2]}" if want == "valid" else want
        lines = [(mark, "ok"), (f"now {clock}", "ok"), (f"revocations {now} x{one['document']}", want)]
        yield case(name, keys(given, one["given"]["keys"]) + lines, 0)
    first = keys(given, "jwks")
    yield case("a kid twice", first + [(first[-1][0], "malformed keys")], 0)


def question(given, asked):
    lines = keys(given, asked["keys"])
    if "revocations" in asked:
        document = given["revocations"][asked["revocations"]]
        signed = cbor2.loads(cbor2.loads(bytes.fromhex(document)).value[2])
        lines.append((f"revocations - x{document}", f"valid {signed[0]} {signed[1]} {signed[2]}"))
    for used in asked.get("used", []):
        lines.append((f"used x{used['kid']} x{used['cti']} {octets(used['deliveryId'])} {UINT_MAX}", "ok"))
    if "phones" in asked:
        hashes = [phone_hash(number) for number in asked["phones"]]
        lines.append((" ".join(["phones", str(len(hashes)), *map(str, hashes)]), "ok"))
    return lines


def ask(one):
    asked = one["question"]
    delivery = "-" if asked["delivery"] is None else octets(asked["delivery"])
    return f"voucher {asked['now']} {asked.get('seen', 0)} {delivery} {octets(one['text'])}"


def valid(one):
    expect, phone = one["expect"], one["stages"]["claims"]["phoneHash"]
    claims = [expect["issuer"], expect["kid"], expect["cti"], expect["deliveryId"], str(expect["expiresAt"])]
    return " ".join(["valid", *claims, "-1" if phone is None else str(phone), *expect["notes"]])


def keys(given, name):
    """A key set as a locker is handed it by whoever provisions it: 32 bytes, a kid, a use and a window each."""
    source = given["keySets"][name]
    if "keyList" in source:
        signed = cbor2.loads(cbor2.loads(bytes.fromhex(source["keyList"])).value[2])
        _, _, iat, exp, grace, listed, _ = signed
        head = f"keys {octets(given['issuer'])} 0 {iat} {exp} {grace}"
        taken = [(key, use, start, end) for use, key, start, end in listed if use in (1, 2)]
    else:
        head = f"keys {octets(given['issuer'])} 1 0 0 0"
        taken = [(key, 1, 0, 0) for key in bare(source)]
    lines = [(head, "ok")]
    for key, use, start, end in taken:
        kid = hashlib.sha256(bytes.fromhex("a301012006215820") + key).hexdigest()[:8]
        lines.append((f"key x{key.hex()} x{kid} {use} {start} {end}", "valid"))
    return lines


def bare(source):
    if "jwks" in source:
        for key in source["jwks"]["keys"]:
            if isinstance(key, dict) and key.get("kty") == "OKP" and key.get("crv") == "Ed25519":
                yield base64.urlsafe_b64decode(key["x"] + "=")
    else:
        for key in cbor2.loads(bytes.fromhex(whole(source["coseKeys"]))):
            if isinstance(key, dict) and key.get(1) == 1 and key.get(-1) == 6:
                yield key[-2]


def whole(value):
    if isinstance(value, str):
        return value
    return "".join(map(part, value))


def part(one):
    hex_, times = one["hex"], one.get("times", 1)
    if "countAt" in one:
        at = 2 * one["countAt"]
        return "".join(f"{hex_[:at]}{i:08x}{hex_[at + 8 :]}" for i in range(times))
    if "digitsAt" in one:
        at = 2 * one["digitsAt"]
        return "".join(hex_[:at] + f"{i:04d}".encode().hex() + hex_[at + 8 :] for i in range(times))
    return hex_ * times


def octets(text):
    return f"x{text.encode('utf-8', 'surrogatepass').hex()}"


def refusal(expect):
    return f"{expect['code']} {expect['step']}" if "step" in expect else expect["code"]


def e164(number):
    return re.fullmatch(r"\+[1-9][0-9]{6,14}", number) is not None


def phone_hash(number):
    digest = hmac.digest(b"doorproof-phone-v1", number.encode(), "sha256")
    return digest[0] << 4 | digest[1] >> 4


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
