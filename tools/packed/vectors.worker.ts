import { scryptAsync } from "@noble/hashes/scrypt.js";
import { answerAll } from "../../packages/verifier/test/answers.ts";

// Bundled from a stranger's folder, and asked there by a request that brings the vectors: a Worker, and the same in a
// browser's page.
export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await answerAll(await request.json(), { scrypt }));
  },
};

const scrypt: Parameters<typeof answerAll>[1]["scrypt"] = ({ password, salt, N }) =>
  scryptAsync(password, salt, { N, r: 8, p: 1, dkLen: 32 });
