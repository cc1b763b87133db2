"""Bytes as the vectors have them: in hex, or in parts where they are long."""


def octets(said):
    return bytes.fromhex(said) if isinstance(said, str) else b"".join(repeat(**part) for part in said)


def repeat(hex, times=1, countAt=None, digitsAt=None):
    once = bytes.fromhex(hex)
    if countAt is None and digitsAt is None:
        return once * times
    at, written = (countAt, lambda i: i.to_bytes(4, "big")) if digitsAt is None else (digitsAt, lambda i: b"%04d" % i)
    return b"".join(once[:at] + written(i) + once[at + 4:] for i in range(times))
