import type { DocumentCase, ForRole, QuestionData } from "../schema.ts";
import { GIVEN } from "./given.ts";

// For whom a case is: the first of the README's four roles that has to agree, and all after it.

type Role = ForRole["role"];

export const COURIER = 1;
export const ROOT_PINNED = 2;
export const DRIVER = 3;
export const ISSUER = 4;

/** Of a voucher: what its question takes for granted. */
export function byQuestion({ question }: { question: QuestionData }): Role {
  if ("manifest" in question) return DRIVER;
  return "keyList" in (GIVEN.keySets[question.keys] ?? {}) ? ROOT_PINNED : COURIER;
}

export function byKind({ read }: Pick<DocumentCase, "read">): Role {
  return read === "manifest" ? DRIVER : ROOT_PINNED;
}

/** The cases, each with its role. */
export function forRole<Case extends object>(
  cases: readonly Case[],
  role: Role | ((one: Case) => Role),
): (ForRole & Case)[] {
  return cases.map((one) => ({ role: typeof role === "function" ? role(one) : role, ...one }));
}

/** The same, of a file that holds several lists. */
export function eachForRole<Lists extends Readonly<Record<string, readonly object[]>>>(
  lists: Lists,
  roles: { readonly [Name in keyof Lists]: Role | ((one: Lists[Name][number]) => Role) },
): Record<string, readonly object[]> {
  return Object.fromEntries(
    Object.entries(lists).map(([name, cases]) => [name, forRole(cases, roles[name] as Role | ((one: object) => Role))]),
  );
}
