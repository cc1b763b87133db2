// The root is replaced, by two lists, and the run is killed before any change that it makes to a file: thirty processes for
// each list.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint } from "@doorproof/voucher/codec";
import { describe, expect, test } from "vitest";
import { checkPublished } from "../src/keys/check.ts";
import { openKeyring } from "../src/keys/keyring.ts";
import { rotateKeys } from "../src/keys/rotate.ts";
import { fingerprintIn, makeSticks, namedIn, pinnedIn } from "./keys-world.ts";
import { PROCESSES } from "./processes.ts";
import { DAY, makeFolder } from "./world.ts";

const KILLED = join(import.meta.dirname, "keys-killed.ts");

describe("killed before any of its changes, and run again", () => {
  test.each(["names the next root", "is signed by the next root", "is, while root.pub.pem knows nothing of it yet"])(
    "the list that %s",
    async (which) => {
      const { rotate, clock, next, keys, old } = await makeSticks();
      const isSwitch = which !== "names the next root";
      const before = readFileSync(join(keys, "root.pub.pem"));
      if (isSwitch) await rotate({ nextRootFolder: next });
      // As the run that named it leaves it when it is killed before its last step.
      if (which.includes("yet")) writeFileSync(join(keys, "root.pub.pem"), before);
      clock.now += DAY;
      let kills = 0;
      for (let n = 1, isOver = false; !isOver; n++) {
        const base = makeFolder();
        cpSync(join(keys, ".."), base, { recursive: true });
        const [here, stick, stick2] = [join(base, "keys"), join(base, "keys", "private"), join(base, "stick2")];
        const running = openKeyring(here);
        const options = { now: clock.now, prune: false, ...(isSwitch ? {} : { nextRootFolder: stick2 }) };
        const asked = [{ folder: here, rootFolder: isSwitch ? stick2 : stick }, options] as const;
        const { signal, stderr } = spawnSync(process.execPath, [KILLED, `${n}`, JSON.stringify(asked)], {
          encoding: "utf8",
        });
        expect(stderr).toBe("");
        isOver = signal !== "SIGKILL";
        kills += isOver ? 0 : 1;

        // Whoever reads now, for the first time or again, finds files that fit together.
        const made = existsSync(join(stick2, "root.pem")) ? fingerprintIn(stick2) : null;
        const restarted = openKeyring(here);
        expect(restarted.keys.list.version).toBe(running.keys.list.version);
        expect([[old], [old, made], [made]]).toContainEqual(restarted.roots.map(fingerprint));
        expect(running.roots).toEqual(restarted.roots);
        restarted.documentKey({ now: clock.now });

        // Run again it finishes, with the same next root.
        const [left] = pinnedIn(here);
        const { roots } = await rotateKeys(asked[0], { ...asked[1], processes: PROCESSES });
        const after = fingerprintIn(stick2);
        expect(made ?? after).toBe(after);
        expect(readdirSync(stick2)).toEqual(["root.pem"]);
        const expected = isSwitch ? [after] : [old, after];
        expect([roots.signed, pinnedIn(here), namedIn(here)]).toEqual([expected[0], expected, expected]);
        // Whichever run finishes it tells of the switch.
        if (isSwitch) expect(roots.followed?.root).toBe(left === old ? old : undefined);
        expect(readdirSync(join(here, "private"))).not.toContain("lock");
        expect(checkPublished(here, clock.now)).toEqual([]);
      }
      expect(kills).toBeGreaterThan(10);
    },
  );
});
