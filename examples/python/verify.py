#!/usr/bin/python3
"""Runs every case of the test vectors through a reader written from docs/format.md: verify.py FOLDER"""
import json
import pathlib
import sys

import cases
import voucher

SHOWN = 5
MISUSE = "misuse"


def main(folder):
    cases.GIVEN.update(json.loads((folder / "given.json").read_text()))
    count, wrong = 0, 0
    for path in sorted(set(folder.glob("*.json")) - {folder / "given.json"}):
        found = json.loads(path.read_text())
        several = isinstance(found, dict)
        groups = {f"{path.stem}/{name}": found[name] for name in found} if several else {path.stem: found}
        for where, group in groups.items():
            for case in group:
                got = outcome(cases.RUN.get(where), case)
                count += 1
                if got != (want := wanted(where, case, got)):
                    wrong += 1
                    if wrong <= SHOWN:
                        print(f"{where}: {case.get('name', case)}\n  expected {want}\n  got      {got}")
    print(f"{count} cases, {wrong} wrong" if wrong or not count else f"{count} cases, 0 skipped")
    return 1 if wrong or not count else 0


def outcome(run, case):
    try:
        return run(case)
    except voucher.Refusal as refusal:
        return {"expect": refusal.verdict} | ({"reading": refusal.at} if "reading" in case else {})
    except ValueError:  # the caller's mistake
        return {"expect": MISUSE}
    except Exception as error:  # a case that cannot be read is a failure, and says why
        return {"expect": repr(error)}


def wanted(where, case, got):
    expect = {"code": "malformed", "step": "base45"} if where == "primitives/base45Refused" else None
    expect = MISUSE if where.startswith("misuse/") else expect
    return {name: case.get(name, expect) for name in got}


sys.exit(main(pathlib.Path(sys.argv[1])))
