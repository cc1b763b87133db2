import { expect, it } from "vitest";
import { keyFolder } from "../src/key-folder.ts";

it.each([
  ["nothing said", {}, undefined, "keys"],
  ["by the environment", { KEYS_DIR: "elsewhere" }, undefined, "elsewhere"],
  ["a line in a .env file that says nothing", { KEYS_DIR: "" }, undefined, "keys"],
  ["by an option", { KEYS_DIR: "elsewhere" }, "here", "here"],
])("%s", (_, environment, named, expected) => expect(keyFolder(environment, named)).toBe(expected));
