import type { Page } from "playwright-core";

/** An entry, as it lies there. */
export interface Row {
  readonly id: string;
  readonly kind: string;
  readonly deliveryId?: string;
  readonly answer?: { readonly status: string; readonly by?: { readonly reporter?: string } };
}

/** What stands in the ledger, by another connection. */
export async function ledger(page: Page): Promise<{ redemptions: Row[]; used: { deliveryId: string }[] }> {
  const all = await page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await asked(indexedDB.open("doorproof"));
    const tx = db.transaction(["entries", "used"]);
    const rows: [Row[], { deliveryId: string }[]] = [
      await asked(tx.objectStore("entries").getAll()),
      await asked(tx.objectStore("used").getAll()),
    ];
    db.close();
    return rows;
  });
  return { redemptions: all[0].filter(({ kind }) => kind === "redemption"), used: all[1] };
}
