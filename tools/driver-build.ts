import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * Before the first system test: the driver's app as people get it. It is built only when its sources have changed since
 * the last time.
 */
export default function buildDriver(): void {
  const script = join(import.meta.dirname, "..", "apps", "driver", "build.ts");
  // Talk goes to stderr: a run's stdout may be data.
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the driver's app does not build");
}
