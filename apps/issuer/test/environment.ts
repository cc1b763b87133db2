import { join } from "node:path";

/** The environment of an issuer in this folder; for processes of its own too, which must not load the test runner. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  return {
    PUBLIC_URL: "https://dp.example",
    KEYS_DIR: join(folder, "keys"),
    DATA_DIR: join(folder, "data"),
    DEFAULT_COUNTRY: "GB",
  };
}
