"""Bytes as the vectors have them: in hex, or in parts where they are long."""


def octets(said):
    return bytes.fromhex(said) if isinstance(said, str) else b"".join(repeat(**part) for part in said)


def repeat(hex, times=1, countAt=None):
    once = bytes.fromhex(hex)
    if countAt is None:
        return once * times
    before, after = once[:countAt], once[countAt + 4:]
    return b"".join(before + i.to_bytes(4, "big") + after for i in range(times))
