import type { TSchema } from "typebox";
import { HandedOver, Handover } from "./couriers.ts";
import { Enrolment, EnrolmentLink, EnrolmentToken, NewDevice } from "./devices.ts";
import { Actor, AuditEvent, EventPage } from "./events.ts";
import { Jwk, Jwks } from "./keys.ts";
import type { Named } from "./named.ts";
import { Liveness, OpenApi, Readiness, ReadinessChecks } from "./operation.ts";
import { Fault, Problem } from "./problems.ts";
import { Redemption, RedemptionPage, StandingRedemption } from "./redemptions.ts";
import { Assigned, Assignment, Gap, Risk, Route, RouteDevice, RouteManifest, Stop } from "./routes.ts";
import { NewLabel, StopLabel } from "./stops.ts";
import {
  AttemptRecord,
  RecordAnswer,
  RedemptionRecord,
  RefusalRecord,
  StandingRecord,
  UndoRecord,
  Upload,
  UploadAnswer,
  UploadRecord,
} from "./uploads.ts";
import {
  Disclosure,
  DryRun,
  IssuedVoucher,
  NewVoucher,
  Reissue,
  Resend,
  SmsState,
  TimeWindow,
  Voucher,
  VoucherPage,
  Withdrawal,
} from "./vouchers.ts";

/** Every named shape: the components of the OpenAPI document, in its order. */
export const SHAPES: readonly Named<TSchema>[] = [
  Actor,
  Assigned,
  Assignment,
  AttemptRecord,
  AuditEvent,
  Disclosure,
  DryRun,
  Enrolment,
  EnrolmentLink,
  EnrolmentToken,
  EventPage,
  Fault,
  Gap,
  HandedOver,
  Handover,
  IssuedVoucher,
  Jwk,
  Jwks,
  Liveness,
  NewDevice,
  NewLabel,
  NewVoucher,
  OpenApi,
  Problem,
  Readiness,
  ReadinessChecks,
  RecordAnswer,
  Redemption,
  RedemptionPage,
  RedemptionRecord,
  RefusalRecord,
  Reissue,
  Resend,
  Risk,
  Route,
  RouteDevice,
  RouteManifest,
  SmsState,
  StandingRecord,
  StandingRedemption,
  Stop,
  StopLabel,
  TimeWindow,
  UndoRecord,
  Upload,
  UploadAnswer,
  UploadRecord,
  Voucher,
  VoucherPage,
  Withdrawal,
];
