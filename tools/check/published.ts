// A private key that was committed once is known to everybody for ever. So no key in a form that software loads is in
// version control. The published test keys are bare hex in the vectors, and a deny-list refuses them in production. The
// one exception is an earlier version's KEYS_DIR, which tests open: exact files, with the keys of a trial, which guard
// nothing and which no production starts with.

import type { Finding, Tree } from "./tree.ts";

const ARMOUR = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]+-----END/;

/** The same in base64, as JSON carries a file. */
const ENCODED = /LS0tLS1CRUdJTi[B]QUklWQVRF/;

/** Made by `start` on a developer's machine, for nothing but this: see apps/issuer/test/fixtures/README.md. */
const MADE_FOR_TESTS = ["apps/issuer/test/fixtures/be8a529/keys.json"];

export function checkPublished(tree: Tree): Finding {
  const faults = tree.files.flatMap((path) => {
    if (/(^|\/)private\//.test(path)) return [`${path}: lies in a folder of private keys`];
    if (/\.(pem|p8|key)$|(^|\/)(secrets\.env|\.env)$/.test(path)) return [`${path}: is named like a key or a secret`];
    const text = tree.read(path);
    if (MADE_FOR_TESTS.includes(path)) return [];
    if (ENCODED.test(text)) return [`${path}: holds a private key in base64`];
    if (ARMOUR.test(text)) return [`${path}: holds a private key in PEM`];
    if (path.startsWith("keys/") && /"(d|k)"\s*:/.test(text)) return [`${path}: holds the private member of a JWK`];
    return [];
  });
  return { faults, note: `${tree.files.length} files, none of them private` };
}
