import { makeConsumer } from "./consumer.ts";

// `node consumer.main.ts FOLDER`, for tools/runtimes.
const [, , folder = "."] = process.argv;
await makeConsumer(folder);
