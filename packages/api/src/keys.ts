import Type, { type Static } from "typebox";
import { named, ref } from "./named.ts";

/** An Ed25519 public key (RFC 8037). Readers skip keys of types that they do not know. */
export const Jwk = named(
  "Jwk",
  Type.Object({
    kty: Type.Literal("OKP"),
    crv: Type.Literal("Ed25519"),
    use: Type.Literal("sig"),
    alg: Type.Literal("EdDSA"),
    kid: Type.String({ pattern: "^[0-9a-f]{8}$", description: "The first 4 bytes of the key's thumbprint, in hex" }),
    x: Type.String({ description: "The public key, 32 bytes in base64url" }),
  }),
);
export type Jwk = Static<typeof Jwk>;

/** `GET /.well-known/jwks.json` (RFC 7517). */
export const Jwks = named(
  "Jwks",
  Type.Object(
    {
      issuer: Type.String({
        description:
          "What the issuer calls itself. Whoever serves this file could write any name: be told it another way",
      }),
      keys: Type.Array(ref(Jwk)),
    },
    {
      examples: [
        {
          issuer: "Parcel Co",
          keys: [
            {
              kty: "OKP",
              crv: "Ed25519",
              use: "sig",
              alg: "EdDSA",
              kid: "90facafe",
              x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            },
          ],
        },
      ],
    },
  ),
);
export type Jwks = Static<typeof Jwks>;
