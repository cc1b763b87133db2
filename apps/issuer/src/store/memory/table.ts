/**
 * Rows by their key, in the order in which they came. What a database would refuse is refused here too, by throwing.
 */
export class Table<Row extends object> {
  readonly #name: string;
  readonly #keyOf: (row: Row) => string;
  readonly #unique: Readonly<Record<string, (row: Row) => string | null>>;
  #rows: Map<string, Row> = new Map();
  #isShared = false;

  /** @param unique what no two rows may have in common, by the rule's name; null: the rule says nothing of this row */
  constructor(
    name: string,
    keyOf: (row: Row) => string,
    unique: Readonly<Record<string, (row: Row) => string | null>> = {},
  ) {
    this.#name = name;
    this.#keyOf = keyOf;
    this.#unique = unique;
  }

  /** The same rows, to be changed without changing these. They are copied at the first change. */
  fork(): Table<Row> {
    const fork = new Table(this.#name, this.#keyOf, this.#unique);
    fork.#rows = this.#rows;
    fork.#isShared = true;
    return fork;
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

  /** @throws {Error} there is one of this key, or another of the rules is broken */
  insert(row: Row): void {
    const key = this.#keyOf(row);
    if (this.#rows.has(key)) throw new Error(`${this.#name}: ${key} is there already`);
    this.#requireUnique(row, key);
    this.#own().set(key, Object.freeze({ ...row }));
  }

  /** Nothing happens where there is no such row. */
  update(key: string, change: Partial<Row>): void {
    const before = this.#rows.get(key);
    if (!before) return;
    const after = { ...before, ...change };
    this.#requireUnique(after, key);
    this.#own().set(key, Object.freeze(after));
  }

  delete(key: string): void {
    this.#own().delete(key);
  }

  /** @throws {Error} there is no such row: a foreign key leads nowhere */
  require(key: string): void {
    if (!this.#rows.has(key)) throw new Error(`${this.#name}: there is no ${key}`);
  }

  #requireUnique(row: Row, key: string): void {
    for (const [rule, columnOf] of Object.entries(this.#unique)) {
      const value = columnOf(row);
      if (value === null) continue;
      for (const [otherKey, other] of this.#rows)
        if (otherKey !== key && columnOf(other) === value) throw new Error(`${this.#name}: ${rule} is broken`);
    }
  }

  #own(): Map<string, Row> {
    if (this.#isShared) {
      this.#rows = new Map(this.#rows);
      this.#isShared = false;
    }
    return this.#rows;
  }
}
