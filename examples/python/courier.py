#!/usr/bin/python3
"""A courier's check by a published key set, offline: courier.py JWKS DELIVERY < vouchers, one a line. Exits with 0 if all are valid, with 3 if nothing can be decided."""
import pathlib
import sys
import time

import jwks_file
import key_sets
import voucher


def main(path, delivery):
    try:
        jwks, issuer = jwks_file.read_jwks_file(pathlib.Path(path).read_bytes())
        keys = key_sets.key_set({"jwks": jwks}, issuer)
    except voucher.Refusal as refusal:
        print(f"undecided: {path}: {' '.join(refusal.verdict.values())}")
        return 3
    if issuer is None:
        print(f"undecided: {path}: issuer unknown")
        return 3
    said = [check(line.rstrip("\n"), delivery, keys) for line in sys.stdin]
    print("\n".join(said))
    return 0 if said and all(line.startswith("valid") for line in said) else 1


def check(text, delivery, keys):
    try:
        accepted = voucher.verify(text, now=int(time.time()), delivery=delivery, keys=keys)
        return f"valid {accepted['deliveryId']} of {accepted['issuer']}, notes: {' '.join(accepted['notes'])}"
    except voucher.Refusal as refusal:
        return "refused " + " ".join(refusal.verdict.values())


sys.exit(main(*sys.argv[1:]))
