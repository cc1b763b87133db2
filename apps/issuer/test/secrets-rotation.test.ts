import { expect, test } from "vitest";
import { decrypt, encrypt, phoneRow, tryDecrypt } from "../src/domain/encryption.ts";
import { withIdempotency } from "../src/domain/vouchers/idempotency.ts";
import type { Outcome } from "../src/domain/vouchers/issue.ts";
import { viewPage } from "../src/domain/vouchers/page.ts";
import { showWithSecrets } from "../src/domain/vouchers/show.ts";
import type { StoreDeps } from "../src/store/store.ts";
import { makeMemoryWorld } from "./memory-world.ts";
import { BACK_OFFICE, issueOne, listeningGateway, order, sendAll } from "./world.ts";

// A secret is rotated by putting a new one before it; when nothing needs the old one any more, it goes.

type Lists = Partial<StoreDeps["secrets"]>;

async function rotate() {
  const { deps } = await makeMemoryWorld();
  const { links, data } = deps.secrets;
  const under = (lists: Lists): StoreDeps => ({ ...deps, secrets: { ...deps.secrets, ...lists } });
  const [link, secret] = [deps.random(32), deps.random(32)];
  const both = under({ links: [link, ...links], data: [secret, ...data] });
  return { before: deps, both, alone: under({ links: [link], data: [secret] }) };
}

test("what is new is made with the newest, and what is there opens with the older one", async () => {
  const { before, both, alone } = await rotate();
  const row = phoneRow("D");
  const old = encrypt(before, row, "+447700900123");
  expect(decrypt(both, row, old)).toBe("+447700900123");
  expect([before, both, alone].map((deps) => tryDecrypt(deps, row, old)?.age)).toEqual([0, 1, undefined]);
  expect(decrypt(alone, row, encrypt(both, row, "+447700900123"))).toBe("+447700900123");
  expect(() => decrypt(alone, row, old)).toThrow(/cannot be opened/);
});

test("a link that was sent goes on opening its page, and a message that waits is sent with it", async () => {
  const { before, both, alone } = await rotate();
  const { view } = await issueOne(before, order("D"), BACK_OFFICE);
  const gateway = listeningGateway();
  await sendAll(both, gateway);
  expect(gateway.received.map(({ text }) => text.endsWith(view.link ?? "none"))).toEqual([true]);
  expect((await showWithSecrets(both, view.id)).link).toBe(view.link);
  expect((await issueOne(both, order("E"), BACK_OFFICE)).view.link).toMatch(/\/v\/[\w-]{22}$/);
  expect(await viewPage(alone, view.link?.slice(-22) ?? "")).toMatchObject({ state: "ready" });
  expect(
    (await showWithSecrets({ ...alone, secrets: { ...alone.secrets, data: before.secrets.data } }, view.id)).link,
  ).toBeNull();
});

test("a request that came before the rotation is recognised after it", async () => {
  const { before, both } = await rotate();
  const { view } = await issueOne(before, order("D"), BACK_OFFICE);
  expect(await issueOne(both, order("D"), BACK_OFFICE)).toMatchObject({ created: false, view: { id: view.id } });
  const request = { actor: BACK_OFFICE, key: "k", route: "POST /v1/vouchers", bodyHash: "hash" };
  const write = ({ view }: Outcome) => view.id;
  const issue = (deps: Parameters<typeof issueOne>[0]) => issueOne(deps, order("E"), BACK_OFFICE);
  const first = await withIdempotency(before, request, { verb: issue, write });
  const again = await withIdempotency(both, request, { verb: () => Promise.reject(new Error("done twice")), write });
  expect(again).toEqual({ answer: first.answer, replayed: true });
});
