/**
 * Rows by their key, in the order in which they came. What a database would refuse is refused here too, by throwing.
 */
export class Table<Row extends object> {
  readonly #journal: Journal;
  readonly #name: string;
  readonly #keyOf: (row: Row) => string;
  readonly #indexes: readonly Index<Row>[];
  readonly #rows: Map<string, Row> = new Map();

  /**
   * @param unique what no two rows may have in common, by the rule's name; null: the rule says nothing of this row
   * @param lookups by what else rows are found
   */
  constructor(
    journal: Journal,
    name: string,
    keyOf: (row: Row) => string,
    { unique = {}, lookups = {} }: { unique?: Columns<Row>; lookups?: Columns<Row> } = {},
  ) {
    this.#journal = journal;
    this.#name = name;
    this.#keyOf = keyOf;
    const indexOf = (isUnique: boolean) => (entry: [string, Columns<Row>[string]]) => ({
      name: entry[0],
      columnOf: entry[1],
      isUnique,
      keys: new Map<string, Set<string>>(),
    });
    this.#indexes = [...Object.entries(unique).map(indexOf(true)), ...Object.entries(lookups).map(indexOf(false))];
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** In the order of insertion. */
  all(): readonly Row[] {
    return [...this.#rows.values()];
  }

  /** @param name of a rule or a lookup */
  by(name: string, value: string): readonly Row[] {
    const index = this.#indexes.find((one) => one.name === name);
    if (!index) throw new Error(`${this.#name}: nothing is looked up by ${name}`);
    return [...(index.keys.get(value) ?? [])].flatMap((key) => this.#rows.get(key) ?? []);
  }

  /** @throws {Error} there is one of this key, or another of the rules is broken */
  insert(row: Row): void {
    const key = this.#keyOf(row);
    if (this.#rows.has(key)) throw new Error(`${this.#name}: ${key} is there already`);
    this.#requireUnique(row, key);
    this.#write(key, Object.freeze({ ...row }));
  }

  /** Nothing happens where there is no such row. */
  update(key: string, change: Partial<Row>): void {
    const before = this.#rows.get(key);
    if (!before) return;
    const after = { ...before, ...change };
    this.#requireUnique(after, key);
    this.#write(key, Object.freeze(after));
  }

  delete(key: string): void {
    this.#write(key, undefined);
  }

  /** @throws {Error} there is no such row: a foreign key leads nowhere */
  require(key: string): void {
    if (!this.#rows.has(key)) throw new Error(`${this.#name}: there is no ${key}`);
  }

  #requireUnique(row: Row, key: string): void {
    for (const { name, columnOf, isUnique, keys } of this.#indexes) {
      const value = isUnique ? columnOf(row) : null;
      if (value === null) continue;
      for (const other of keys.get(value) ?? []) if (other !== key) throw new Error(`${this.#name}: ${name} is broken`);
    }
  }

  #write(key: string, row: Row | undefined): void {
    const before = this.#rows.get(key);
    this.#put(key, row);
    this.#journal.push(() => this.#put(key, before));
  }

  #put(key: string, row: Row | undefined): void {
    const before = this.#rows.get(key);
    for (const { columnOf, keys } of this.#indexes) {
      const [old, value] = [before ? columnOf(before) : null, row ? columnOf(row) : null];
      if (old === value) continue;
      if (old !== null) keys.get(old)?.delete(key);
      if (value !== null) keys.set(value, (keys.get(value) ?? new Set()).add(key));
    }
    if (row) this.#rows.set(key, row);
    else this.#rows.delete(key);
  }
}

/** How to take back what a transaction wrote, in the order in which it was written. */
export type Journal = (() => void)[];

/** What of a row is looked up; null: this row is not found by it. */
type Columns<Row> = Readonly<Record<string, (row: Row) => string | null>>;

interface Index<Row> {
  readonly name: string;
  readonly columnOf: (row: Row) => string | null;
  readonly isUnique: boolean;
  readonly keys: Map<string, Set<string>>;
}
