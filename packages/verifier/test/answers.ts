import {
  type KeySet,
  openKeyList,
  openManifest,
  openRevocations,
  openShortCode,
  type Question,
  readCoseKeys,
  readJwksFile,
  readJwksKeys,
  type Scrypt,
  verifyVoucher,
} from "@doorproof/verifier";
import {
  expandVoucher,
  hashPhone,
  Refusal,
  type RevocationList,
  readPhone,
  readShortCode,
  readText,
  writeJwks,
} from "@doorproof/voucher";
import { decodeBase45, encodeBase45, joinVoucher, toHex, writePayload, writeText } from "@doorproof/voucher/codec";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { VectorFiles } from "../../voucher/test/vector-files.ts";
import { bytesOf } from "../../voucher/vectors/octets.ts";
import type { DocumentCase, KeySetCase, KeySource, QuestionData, Stages } from "../../voucher/vectors/schema.ts";

// Everything here goes through the packages' doors and asks nothing of the platform, so that the same file is run from
// source, from the published packages, on every Node, in a browser and on whatever else they are said to work on.

/** What one engine says to every vector: the case's `expect`, or what went wrong. */
export type Answers = Record<string, Record<string, unknown>>;

type Opening = VectorFiles["misuse"]["seals"][number] & Pick<VectorFiles["seals"][number], "kdf">;

/** All vectors but `derived` of the short codes, which are the signer's to make. */
export async function answerAll(vectors: VectorFiles, { scrypt }: { scrypt: Scrypt }): Promise<Answers> {
  const { given, primitives } = vectors;
  const sets = new Map(Object.entries(given.keySets).map(([name, source]) => [name, openKeys(source, given.issuer)]));
  const keysNamed = (name: string): KeySet => sets.get(name) ?? missing(`key set ${name}`);
  const ask = (data: QuestionData): Question => openQuestion(data, { keys: keysNamed(data.keys), vectors });
  const vouchers = (cases: readonly { name: string; text: string; question: QuestionData }[]) =>
    answers(cases, ({ text, question }) => verifyVoucher(text, ask(question)));
  const documents = (cases: readonly DocumentCase[]) =>
    answers(cases, (read) => ({ accepted: readDocument(read, keysNamed) }));
  const open = async ({ name, typed, logN, stop, kdf }: Opening) => {
    const { deliveryId, salt, sealed } = stop;
    const opened = { deliveryId, salt: hexToBytes(salt), sealed: hexToBytes(sealed), label: null, window: null };
    const noMemory: Scrypt = () => Promise.reject(new RangeError("out of memory"));
    const answer = openShortCode(typed, { stop: opened, logN, scrypt: kdf ? noMemory : scrypt });
    return [name, await answer.then((text) => ({ text }), refusal)] as const;
  };
  return {
    valid: vouchers(vectors.valid),
    refused: vouchers(vectors.refused),
    documents: documents(vectors.documents),
    documentsLarge: documents(vectors.documentsLarge),
    keySets: answers(vectors.keySets, ({ keys }) => readAlone(keys, given.issuer)),
    seals: Object.fromEntries(await Promise.all(vectors.seals.map(open))),
    misusedQuestions: vouchers(vectors.misuse.questions),
    misusedPhones: answers(vectors.misuse.phones, ({ number }) => hashPhone(number)),
    misusedSeals: Object.fromEntries(await Promise.all(vectors.misuse.seals.map(open))),
    signatures: answers(primitives.signatures, checkSignature),
    written: answers(vectors.valid, ({ stages }) => write(stages)),
    typed: answers(named(vectors.shortCodes.typed, "typed"), ({ typed }) => ({ code: readShortCode(typed) })),
    base45: answers(named(primitives.base45, "text"), ({ text }) => transcode(text)),
    base45Refused: answers(primitives.base45Refused, ({ text }) => transcode(text)),
    scanned: answers(primitives.scanned, ({ octets }) => ({ voucher: toHex(readText(scan(hexToBytes(octets)))) })),
    phones: answers(named(primitives.phones, "number"), ({ number }) => hashPhone(number)),
    phonesTyped: answers(byTyping(primitives), ({ typed, country }) => readPhone(typed, country)),
  };
}

/** What {@link answerAll} is to answer, in the same shape. */
export function expectedAnswers({
  valid,
  refused,
  documents,
  documentsLarge,
  keySets,
  seals,
  shortCodes,
  primitives,
  misuse,
}: VectorFiles): Answers {
  return {
    valid: expected(valid),
    refused: expected(refused),
    documents: expected(documents),
    documentsLarge: expected(documentsLarge),
    keySets: expected(keySets),
    seals: expected(seals),
    misusedQuestions: misused(misuse.questions),
    misusedPhones: misused(misuse.phones),
    misusedSeals: misused(misuse.seals),
    signatures: expected(primitives.signatures),
    written: expected(valid.map(({ name, text, stages }) => ({ name, expect: { text, coseSign1: stages.coseSign1 } }))),
    typed: expected(named(shortCodes.typed, "typed")),
    base45: expected(primitives.base45.map(({ bytes, text }) => ({ name: text, expect: { bytes, text } }))),
    base45Refused: expected(primitives.base45Refused.map((one) => ({ ...one, expect: MALFORMED_BASE45 }))),
    scanned: expected(primitives.scanned),
    phones: expected(primitives.phones.map(({ number, hash }) => ({ name: number, expect: hash }))),
    phonesTyped: expected(byTyping(primitives).map(({ name, numbers }) => ({ name, expect: numbers }))),
  };
}

const MALFORMED_BASE45 = { code: "malformed", step: "base45" };

const MISUSE = "misuse";

/** Whose answers are the caller's mistake. */
function misused(cases: readonly { name: string }[]): Record<string, unknown> {
  return expected(cases.map(({ name }) => ({ name, expect: MISUSE })));
}

function expected(cases: readonly { name: string; expect: unknown }[]): Record<string, unknown> {
  const byName = Object.fromEntries(cases.map((one) => [one.name, one.expect]));
  // Two cases of one name would be one answer, and the other never looked at.
  if (Object.keys(byName).length !== cases.length) throw new Error("two vectors have one name");
  return byName;
}

/** Cases that have no name go by what they are about. */
function named<Key extends string, Case extends Record<Key, string>>(
  cases: readonly Case[],
  key: Key,
): readonly (Case & { name: string })[] {
  return cases.map((one) => ({ ...one, name: one[key] }));
}

function byTyping({ phonesTyped }: VectorFiles["primitives"]) {
  return phonesTyped.map((one) => ({ ...one, name: `${one.typed} in ${one.country}` }));
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
  if (error instanceof RangeError) return MISUSE;
  if (!(error instanceof Refusal)) return { crash: String(error) };
  return Refusal.is(error, "malformed") ? { code: error.code, step: error.facts.step } : { code: error.code };
}

function openKeys(source: KeySource, issuer: string): KeySet {
  if ("jwks" in source) return readJwksKeys(source.jwks, { issuer });
  if ("coseKeys" in source) return readCoseKeys(bytesOf(source.coseKeys), { issuer });
  return openKeyList(hexToBytes(source.keyList), { issuer, roots: source.roots.map(hexToBytes), held: () => null });
}

function readAlone(keys: KeySetCase["keys"], issuer: string): { kids: readonly string[]; issuer?: string | null } {
  if (!("file" in keys)) return { kids: [...openKeys(keys, issuer).keys.keys()] };
  const file = readJwksFile(bytesOf(keys.file));
  return { kids: [...readJwksKeys(file.jwks, { issuer }).keys.keys()], issuer: file.issuer };
}

function openQuestion(data: QuestionData, { keys, vectors }: { keys: KeySet; vectors: VectorFiles }): Question {
  const { now, delivery, phones, seen, used } = data;
  const lists =
    data.revocations === undefined ? {} : { revocations: revocationsNamed(data.revocations, keys, vectors) };
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

function revocationsNamed(name: string, keys: KeySet, { given }: VectorFiles): RevocationList {
  return openRevocations(hexToBytes(given.revocations[name] ?? missing(name)), { keys, held: () => null });
}

function openRoute(name: string | null, keys: KeySet, { given }: VectorFiles) {
  if (name === null) return null;
  const { document, route } = given.manifests[name] ?? missing(name);
  return openManifest(hexToBytes(document), { keys, route, held: () => null });
}

function readDocument({ read, document, given }: DocumentCase, keysNamed: (name: string) => KeySet) {
  const held = (kid: string) => {
    const before = given.held?.[kid];
    return before ? { version: before.version, document: hexToBytes(before.document) } : null;
  };
  const reception = { held, issuerTime: given.issuerTime };
  const bytes = bytesOf(document);
  if (read === "keys") {
    const { list, roots } = openKeyList(bytes, {
      issuer: given.issuer ?? "",
      roots: (given.roots ?? []).map(hexToBytes),
      ...reception,
    });
    return { ...summary(list), pinned: roots.map(toHex).sort() };
  }
  const keys = keysNamed(given.keys ?? "");
  if (read === "revocations") return summary(openRevocations(bytes, { keys, ...reception }));
  return summary(openManifest(bytes, { keys, route: given.route ?? "", ...reception }));
}

function summary({ issuer, version, issuedAt }: { issuer: string; version: number; issuedAt: number }) {
  return { issuer, version, issuedAt };
}

/** Through the door by which keys come in, as anybody outside the package must. */
function checkSignature(signed: { publicKey: string; message: string; signature: string }): string {
  const [publicKey, message, signature] = [signed.publicKey, signed.message, signed.signature].map(hexToBytes);
  if (!publicKey || !message || !signature) missing("bytes");
  try {
    const { keys } = readJwksKeys(writeJwks("acme.example", [publicKey]), { issuer: "acme.example" });
    const [key = missing("key")] = keys.values();
    return key.verify(message, signature) ? "valid" : "invalid";
  } catch (error) {
    if (Refusal.is(error, "malformed")) return "key-refused";
    throw error;
  }
}

function write({ claims, kid, signature }: Stages) {
  const payload = writePayload({ ...claims, cti: hexToBytes(claims.cti) });
  const voucher = joinVoucher({ kid: hexToBytes(kid), signature: hexToBytes(signature), payload });
  return { text: writeText(voucher), coseSign1: toHex(expandVoucher(voucher)) };
}

function transcode(text: string) {
  const bytes = decodeBase45(text);
  return { bytes: toHex(bytes), text: encodeBase45(bytes) };
}

/** As a scanner does whose bytes are Latin-1: which decoder it is must not matter. */
function scan(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}

function missing(what: string): never {
  throw new Error(`the vectors name ${what} and do not hold it`);
}
