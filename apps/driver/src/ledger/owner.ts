/** Web Locks, as far as they are used; null where a browser has none. */
export type Locks = Pick<LockManager, "request"> | null;

/**
 * Only one tab writes to a ledger. Two would each judge by their own memory: the ledger would still refuse a second
 * use, but one would show stops as open that the other has closed.
 *
 * @param onOwner called when this tab may write: at once, or when the other one is closed
 * @returns whether it may write now, and a function that gives that up
 */
export async function becomeOwner(
  { locks, ledgerName }: { locks: Locks; ledgerName: string },
  onOwner: () => void,
): Promise<{ readonly owner: boolean; release(): void }> {
  if (!locks) return { owner: true, release: () => {} };
  const name = `${ledgerName}-driver`;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const owner = await new Promise<boolean>((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : held;
    });
  });
  if (!owner) {
    void locks.request(name, () => {
      onOwner();
      return held;
    });
  }
  return { owner, release };
}
