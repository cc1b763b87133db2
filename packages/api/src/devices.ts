import Type, { type Static } from "typebox";
import { Country, Time } from "./fields.ts";
import { named, nullable } from "./named.ts";

/** The body of `POST /v1/routes/{route}/devices`. */
export const NewDevice = named(
  "NewDevice",
  Type.Object({ country: Type.Optional(Country) }, { additionalProperties: false, examples: [{ country: "GB" }] }),
);
export type NewDevice = Static<typeof NewDevice>;

/** What a dispatcher shows to a driver. */
export const EnrolmentLink = named(
  "EnrolmentLink",
  Type.Object(
    {
      link: Type.String({
        format: "uri",
        description: "Enrols one device, once: it goes to the driver's phone and nowhere else",
      }),
      qr: Type.String({ description: "The link as an SVG, for the dispatcher's screen" }),
      expiresAt: Time,
      replaces: nullable(Type.String(), "The device that the new one will replace"),
    },
    {
      examples: [
        {
          link: "http://localhost:8080/driver/#gk3Tt0m1mDkq7b9vWn2xQA",
          qr: '<svg xmlns="http://www.w3.org/2000/svg" …',
          expiresAt: "2026-12-01T06:15:00Z",
          replaces: null,
        },
      ],
    },
  ),
);
export type EnrolmentLink = Static<typeof EnrolmentLink>;

/** The body of `POST /v1/enrolments`. */
export const EnrolmentToken = named(
  "EnrolmentToken",
  Type.Object(
    { token: Type.String({ maxLength: 100, description: "What stands behind the # of the enrolment link" }) },
    { additionalProperties: false, examples: [{ token: "gk3Tt0m1mDkq7b9vWn2xQA" }] },
  ),
);
export type EnrolmentToken = Static<typeof EnrolmentToken>;

/** What an enrolment link's token is exchanged for. */
export const Enrolment = named(
  "Enrolment",
  Type.Object(
    {
      deviceToken: Type.String({ description: "Shown this once. It opens and signs nothing, and can be revoked" }),
      deviceId: Type.String({ description: "Names the device in reports" }),
      issuer: Type.String(),
      route: Type.String(),
      country: Type.String({ description: "Calling code of numbers without +" }),
      roots: Type.Array(Type.String({ pattern: "^[0-9a-f]{64}$" }), { description: "Root keys to pin, in hex" }),
      now: Time,
    },
    {
      examples: [
        {
          deviceToken: "dpd_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          deviceId: "9f86d081884c7d65",
          issuer: "Parcel Co",
          route: "north-1",
          country: "44",
          roots: ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
          now: "2026-12-01T06:02:00Z",
        },
      ],
    },
  ),
);
export type Enrolment = Static<typeof Enrolment>;
