import { Refusal, type RevocationList } from "@doorproof/voucher";
import { importPublicKey } from "#ed25519";
import { fromHex, type VectorFiles } from "../../voucher/test/vector-files.ts";
import type { DocumentCase, KeySource, QuestionData } from "../../voucher/vectors/schema.ts";
import {
  type KeySet,
  openManifest,
  openShortCode,
  type Question,
  readCoseKeys,
  readJwksKeys,
  readKeyList,
  readRevocations,
  type Scrypt,
  verifyVoucher,
} from "../src/index.ts";

/** What one engine says to every vector: the case's `expect`, or what went wrong. */
export type Answers = Record<string, Record<string, unknown>>;

/** Runs on whatever platform it was bundled for: no test framework here. */
export async function answerAll(vectors: VectorFiles, { scrypt }: { scrypt: Scrypt }): Promise<Answers> {
  const { given, primitives } = vectors;
  const sets = new Map(Object.entries(given.keySets).map(([name, source]) => [name, openKeys(source, given.issuer)]));
  const keysNamed = (name: string): KeySet => sets.get(name) ?? missing(`key set ${name}`);
  const ask = (data: QuestionData): Question => openQuestion(data, { keys: keysNamed(data.keys), vectors });
  const vouchers = (cases: readonly { name: string; text: string; question: QuestionData }[]) =>
    answers(cases, ({ text, question }) => verifyVoucher(text, ask(question)));
  const seals = vectors.seals.map(async ({ name, typed, logN, stop, kdf }) => {
    const { deliveryId, salt, sealed } = stop;
    const opened = { deliveryId, salt: fromHex(salt), sealed: fromHex(sealed), label: null, window: null };
    const noMemory: Scrypt = () => Promise.reject(new RangeError("out of memory"));
    return [
      name,
      await openShortCode(typed, { stop: opened, logN, scrypt: kdf ? noMemory : scrypt }).then(
        (text) => ({ text }),
        refusal,
      ),
    ] as const;
  });
  return {
    valid: vouchers(vectors.valid),
    refused: vouchers(vectors.refused),
    documents: answers(vectors.documents, (read) => ({ accepted: readDocument(read, keysNamed) })),
    keySets: answers(vectors.keySets, ({ keys }) => ({ kids: [...openKeys(keys, given.issuer).keys.keys()] })),
    seals: Object.fromEntries(await Promise.all(seals)),
    signatures: answers(primitives.signatures, (signed) => checkSignature(signed)),
  };
}

function answers<Case extends { name: string }>(
  cases: readonly Case[],
  answer: (one: Case) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    cases.map((one) => {
      try {
        return [one.name, answer(one)];
      } catch (error) {
        return [one.name, refusal(error)];
      }
    }),
  );
}

function refusal(error: unknown): unknown {
  if (!(error instanceof Refusal)) return { crash: String(error) };
  return Refusal.is(error, "malformed") ? { code: error.code, step: error.facts.step } : { code: error.code };
}

function openKeys(source: KeySource, issuer: string): KeySet {
  if ("jwks" in source) return readJwksKeys(source.jwks, { issuer });
  if ("coseKeys" in source) return readCoseKeys(fromHex(source.coseKeys), { issuer });
  return readKeyList(fromHex(source.keyList), { issuer, roots: source.roots.map(fromHex), held: () => null });
}

function openQuestion(data: QuestionData, { keys, vectors }: { keys: KeySet; vectors: VectorFiles }): Question {
  const { now, delivery, phones, seen, used } = data;
  const lists = data.revocations === undefined ? {} : { revocations: openRevocations(data.revocations, keys, vectors) };
  const remembered = used && {
    used: ({ kid, cti, deliveryId }: { kid: string; cti: string; deliveryId: string }) =>
      used.find((before) => (before.kid === kid && before.cti === cti) || before.deliveryId === deliveryId),
  };
  const assigned = data.manifest === undefined ? {} : { manifest: openRoute(data.manifest, keys, vectors) };
  return {
    keys,
    now,
    delivery,
    ...lists,
    ...assigned,
    ...remembered,
    ...(phones && { phones }),
    ...(seen !== undefined && { seen }),
  };
}

function openRevocations(name: string, keys: KeySet, { given }: VectorFiles): RevocationList {
  return readRevocations(fromHex(given.revocations[name] ?? missing(name)), { keys, held: () => null });
}

function openRoute(name: string | null, keys: KeySet, { given }: VectorFiles) {
  if (name === null) return null;
  const { document, route } = given.manifests[name] ?? missing(name);
  return openManifest(fromHex(document), { keys, route, held: () => null });
}

function readDocument({ read, document, given }: DocumentCase, keysNamed: (name: string) => KeySet) {
  const held = (kid: string) => {
    const before = given.held?.[kid];
    return before ? { version: before.version, document: fromHex(before.document) } : null;
  };
  const bytes = fromHex(document);
  if (read === "keys") {
    const { list } = readKeyList(bytes, { issuer: given.issuer ?? "", roots: (given.roots ?? []).map(fromHex), held });
    return summary(list ?? missing("list"));
  }
  const keys = keysNamed(given.keys ?? "");
  if (read === "revocations") return summary(readRevocations(bytes, { keys, held }));
  return summary(openManifest(bytes, { keys, route: given.route ?? "", held }));
}

function summary({ issuer, version, issuedAt }: { issuer: string; version: number; issuedAt: number }) {
  return { issuer, version, issuedAt };
}

function checkSignature({
  publicKey,
  message,
  signature,
}: {
  publicKey: string;
  message: string;
  signature: string;
}): string {
  try {
    return importPublicKey(fromHex(publicKey))(fromHex(message), fromHex(signature)) ? "valid" : "invalid";
  } catch (error) {
    if (Refusal.is(error, "malformed")) return "key-refused";
    throw error;
  }
}

function missing(what: string): never {
  throw new Error(`the vectors name ${what} and do not hold it`);
}
