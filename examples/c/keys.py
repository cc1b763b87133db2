"""Keys for courier.c, of a published set: keys.py JWKS > KEYS. The issuer, then a kid and a public key on each line.

What provisions a locker reads key sets and signed lists with a whole reader, here that of ../python.
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "python"))

import jwks_file
import key_sets
import voucher


def main(path):
    try:
        jwks, issuer = jwks_file.read_jwks_file(pathlib.Path(path).read_bytes())
        keys = key_sets.key_set({"jwks": jwks}, issuer)
    except voucher.Refusal as refusal:
        print(f"undecided: {path}: {' '.join(refusal.verdict.values())}", file=sys.stderr)
        return 3
    if issuer is None:
        print(f"undecided: {path}: issuer unknown", file=sys.stderr)
        return 3
    print(issuer)
    for kid, key in keys.vouchers.items():
        print(kid.hex(), key.public.hex())
    return 0


sys.exit(main(*sys.argv[1:]))
