import Type, { type Static } from "typebox";
import { Country, CourierName, DeliveryId, Duration, Phone, Time, VoucherId } from "./fields.ts";
import { SMS_STATUSES, VOUCHER_STATUSES } from "./lists.ts";
import { named, nullable, ref } from "./named.ts";
import { page, pageQuery } from "./paging.ts";
import { Asks, Call, NewLabel, Parcels, StopLabel, Takers } from "./stops.ts";

const CLOSED = { additionalProperties: false };
const ONE_EXPIRY = { oneOf: [{ required: ["expiresAt"] }, { required: ["expiresIn"] }] };
const EXPIRY = { expiresAt: Type.Optional(Time), expiresIn: Type.Optional(Duration) };

export const TimeWindow = named(
  "TimeWindow",
  Type.Object(
    { from: Time, to: Time },
    { ...CLOSED, description: "When it is expected at the door: shown to the driver" },
  ),
);
export type TimeWindow = Static<typeof TimeWindow>;

/** The body of `POST /v1/vouchers`. */
export const NewVoucher = named(
  "NewVoucher",
  Type.Object(
    {
      deliveryId: DeliveryId,
      phone: Phone,
      ...EXPIRY,
      country: Type.Optional(Country),
      sendAt: Type.Optional(Time),
      sms: Type.Optional(Type.Boolean({ description: "false: no message is sent; the link is yours to pass on" })),
      locale: Type.Optional(
        Type.String({
          description: "BCP 47: of the message, and of the page unless the reader's own is known",
          examples: ["de"],
        }),
      ),
      label: Type.Optional(ref(NewLabel)),
      parcels: Type.Optional(Parcels),
      call: Type.Optional(Call),
      asks: Type.Optional(Asks),
      takers: Type.Optional(Takers),
      route: Type.Optional(
        Type.String({
          description: "Puts the delivery at the end of this route; made if there is none",
          examples: ["north-1"],
        }),
      ),
      window: Type.Optional(ref(TimeWindow)),
      courier: Type.Optional(CourierName),
    },
    {
      ...CLOSED,
      ...ONE_EXPIRY,
      description: "Give expiresAt or expiresIn, one of them",
      examples: [
        { deliveryId: "RR123456785DE", phone: "+447700900123", expiresIn: "48h", locale: "en" },
        {
          deliveryId: "RR123456785DE",
          phone: "07700 900123",
          country: "GB",
          expiresIn: "48h",
          label: { name: "Y. Tan", address: "Flat 3, 12 High Street", hint: "ring twice" },
          parcels: ["JD014600006281230001"],
          call: "tel:+442079460000",
          asks: ["signature"],
          takers: ["recipient", "neighbour"],
          route: "north-1",
          window: { from: "2026-12-01T09:00:00Z", to: "2026-12-01T11:00:00Z" },
        },
      ],
    },
  ),
);
export type NewVoucher = Static<typeof NewVoucher>;

/** The body of `POST /v1/vouchers/{id}/reissue`. */
export const Reissue = named(
  "Reissue",
  Type.Object(
    {
      ...EXPIRY,
      phone: Type.Optional(Phone),
      country: Type.Optional(Country),
      sms: Type.Optional(Type.Boolean()),
    },
    {
      ...CLOSED,
      ...ONE_EXPIRY,
      description: "What is left out stays as it is. Give expiresAt or expiresIn, one of them",
      examples: [{ expiresIn: "24h" }],
    },
  ),
);
export type Reissue = Static<typeof Reissue>;

/** The body of `POST /v1/vouchers/{id}/resend`: nothing, or an empty object. */
export const Resend = named(
  "Resend",
  Type.Object({}, { ...CLOSED, description: "Nothing can be changed", examples: [{}] }),
);
export type Resend = Static<typeof Resend>;

/** The body of `POST /v1/vouchers/{id}/revoke`. */
export const Withdrawal = named(
  "Withdrawal",
  Type.Object(
    {
      cancel: Type.Optional(
        Type.Boolean({ description: "true: the delivery is cancelled, nothing is issued for it again" }),
      ),
      reason: Type.Optional(Type.String({ maxLength: 200, description: "For the audit trail" })),
    },
    { ...CLOSED, examples: [{ cancel: true, reason: "lost in the depot" }] },
  ),
);
export type Withdrawal = Static<typeof Withdrawal>;

export const SmsState = named(
  "SmsState",
  Type.Object({
    status: Type.Enum(SMS_STATUSES),
    parts: Type.Integer({ description: "As how many messages it is sent and billed" }),
  }),
);
export type SmsState = Static<typeof SmsState>;

/** The body of `POST /v1/vouchers/{id}/reveal`. */
export const Disclosure = named(
  "Disclosure",
  Type.Object(
    {
      reason: Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: "\\S",
        description: "Why somebody needs to see it: for the audit trail, where it is kept encrypted",
      }),
    },
    { ...CLOSED, examples: [{ reason: "customer at the desk, ID checked: the phone is broken" }] },
  ),
);
export type Disclosure = Static<typeof Disclosure>;

/** What is known of a voucher before it is issued. */
const FORESEEN = {
  deliveryId: Type.String(),
  status: Type.Enum(VOUCHER_STATUSES),
  expiresAt: Time,
  sms: ref(SmsState),
  label: nullable(ref(StopLabel)),
  parcels: Parcels,
  call: nullable(Call),
  asks: Asks,
  takers: Takers,
  locale: Type.String(),
};

const LISTED = { id: VoucherId, ...FORESEEN, issuedAt: Time };

const FORESEEN_EXAMPLE = {
  deliveryId: "RR123456785DE",
  status: "live",
  expiresAt: "2026-12-01T18:00:00Z",
  sms: { status: "waiting", parts: 1 },
  label: null,
  parcels: [],
  call: null,
  asks: [],
  takers: ["recipient", "neighbour", "safe-place", "reception"],
  locale: "en",
} as const;

const EXAMPLE = { id: "1f6b77d00a0b0c0d01020304", ...FORESEEN_EXAMPLE, issuedAt: "2026-11-29T18:00:00Z" } as const;

/** A voucher as lists show it: nothing in it opens a door. */
export const Voucher = named("Voucher", Type.Object(LISTED, { examples: [EXAMPLE] }));
export type Voucher = Static<typeof Voucher>;

/** A voucher as it is answered to whoever has made it, and to whom it is revealed. */
export const IssuedVoucher = named(
  "IssuedVoucher",
  Type.Object(
    {
      ...LISTED,
      voucher: nullable(Type.String(), "What the QR carries; null once its key is gone"),
      shortCode: nullable(Type.String(), "As shown and spoken; null once its secret is gone"),
      link: nullable(Type.String({ format: "uri" }), "The customer's page; null once its secret is gone"),
    },
    {
      description: "With what opens a door: keep it out of logs, and no longer than you need it",
      examples: [
        {
          ...EXAMPLE,
          voucher: "DP1:KB49M$O9H.N14PO-PI1$KF1S…",
          shortCode: "7KQ4M-2XN8P",
          link: "http://localhost:8080/v/gk3Tt0m1mDkq7b9vWn2xQA",
        },
      ],
    },
  ),
);
export type IssuedVoucher = Static<typeof IssuedVoucher>;

/** What `POST /v1/vouchers?dryRun=true` answers: nothing in it exists. */
export const DryRun = named(
  "DryRun",
  Type.Object(
    {
      dryRun: Type.Literal(true),
      created: Type.Boolean({ description: "true: a voucher would be issued; false: this one stands already" }),
      ...FORESEEN,
    },
    {
      description: "What issuing would come to. Without text, code, link or ID, since nothing was issued",
      examples: [{ dryRun: true, created: true, ...FORESEEN_EXAMPLE }],
    },
  ),
);
export type DryRun = Static<typeof DryRun>;

/** A query has nothing but text. */
export const IssueQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Enum(["true", "false"], {
        description:
          "true: all is checked, and nothing is issued, sent, written or kept; an Idempotency-Key is not used up",
      }),
    ),
  },
  { additionalProperties: false },
);
export type IssueQuery = Static<typeof IssueQuery>;

export const VoucherPage = page("VoucherPage", Voucher);
export type VoucherPage = Static<typeof VoucherPage>;

/** `after` is a voucher's ID. */
export const VoucherQuery = pageQuery({
  delivery: Type.Optional(DeliveryId),
  status: Type.Optional(Type.Enum(VOUCHER_STATUSES)),
});
export type VoucherQuery = Static<typeof VoucherQuery>;
