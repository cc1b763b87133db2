import { makeConsumers } from "./consumer.ts";

// `node consumer.main.ts LIBRARIES COMMAND`, for tools/runtimes.
const [, , libraries = "libraries", command = "command"] = process.argv;
await makeConsumers({ libraries, command });
