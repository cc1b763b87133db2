"""Inputs from which fuzz.c starts, of the vectors: seeds.py packages/voucher/vectors FOLDER."""

import json
import sys
from pathlib import Path


DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def main(vectors, folder):
    texts = [one["text"] for name in ("vouchers-valid", "vouchers-refused") for one in read(vectors, name)]
    lists = [bytes.fromhex(one["document"]) for one in read(vectors, "documents") if one["read"] == "revocations"]
    seeds = [(0, text.encode("utf-8", "surrogatepass")) for text in texts]
    seeds += [(1, base45(text[4:])[68:]) for text in texts if set(text[4:]) <= set(DIGITS)]
    seeds += [(2, document[61:-66]) for document in lists if len(document) > 61 + 66]
    seeds += [(3, document) for document in lists]
    seeds += [(4, octets) for kind, octets in seeds if kind in (1, 2)]
    for number, (kind, octets) in enumerate(seeds):
        Path(folder, f"{number:04d}").write_bytes(bytes([kind, 1]) + octets)


def read(folder, name):
    return json.loads(Path(folder, f"{name}.json").read_text())


def base45(text):
    """As it comes: what is no base45 only makes another seed."""
    groups = [text[i : i + 3] for i in range(0, len(text), 3)]
    values = [sum(DIGITS.index(digit) * 45**i for i, digit in enumerate(group)) for group in groups]
    return b"".join((value & 0xFFFF).to_bytes(2, "big")[-(len(group) - 1) :] for group, value in zip(groups, values))


main(*sys.argv[1:])
