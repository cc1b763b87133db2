/* A reader of Doorproof vouchers in C11, for a locker or a scanner: docs/format.md, sections 1 and 6.
 * No heap, no state of its own, nothing but memcmp and its like: the curve and every buffer are the caller's.
 * What such a device keeps, its used-set and its revocation list, is in locker.h. */
#ifndef DOORPROOF_VOUCHER_H
#define DOORPROOF_VOUCHER_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The verdicts of section 6 that are given here; from TEXT to KEYS the steps of `malformed`. Zeroed memory is none. */
enum doorproof_verdict {
  DOORPROOF_NONE, DOORPROOF_VALID, DOORPROOF_TEXT, DOORPROOF_BASE45, DOORPROOF_LENGTH, DOORPROOF_PAYLOAD,
  DOORPROOF_FRAME, DOORPROOF_KEYS, DOORPROOF_UNKNOWN_KEY, DOORPROOF_KEY_REVOKED, DOORPROOF_KEY_NOT_VALID,
  DOORPROOF_BAD_SIGNATURE, DOORPROOF_CLOCK_BEHIND, DOORPROOF_STALE_KEYS, DOORPROOF_STALE_REVOCATIONS,
  DOORPROOF_WRONG_DELIVERY, DOORPROOF_ALREADY_USED, DOORPROOF_REVOKED, DOORPROOF_EXPIRED, DOORPROOF_PHONE_MISMATCH,
  DOORPROOF_FOREIGN_DOCUMENT, DOORPROOF_FUTURE_DOCUMENT, DOORPROOF_OLDER_DOCUMENT
};
/* The notes of a valid verdict: bits, in the order of section 6. */
enum { DOORPROOF_KEYS_UNSIGNED = 1, DOORPROOF_KEYS_OLD = 2, DOORPROOF_NO_REVOCATIONS = 4, DOORPROOF_REVOCATIONS_OLD = 8,
  DOORPROOF_DELIVERY_NOT_COMPARED = 16, DOORPROOF_ASSIGNMENT_NOT_CHECKED = 32, DOORPROOF_PHONE_NOT_IN_VOUCHER = 64 };
enum { DOORPROOF_NO_PHONE = 0xffff };

/* RFC 8032's equation without cofactor, R compared byte by byte. That S < L and R is no identity is checked here. */
typedef bool doorproof_ed25519(const uint8_t *signature, const uint8_t *message, size_t length, const uint8_t *key);

/* `use`: 1 signs vouchers, 2 documents. The kid comes with the key, so that no SHA-256 is needed here. */
struct doorproof_key { uint8_t public_key[32], kid[4]; uint32_t use, from, to; };
/* Of one issuer. `bare`: from a JWKS or a COSE_KeySet, which has neither windows nor times. */
struct doorproof_keys { const char *issuer; const struct doorproof_key *keys; size_t count; bool bare;
  uint32_t iat, exp, grace; };
/* Points into the buffer from which the list was read (locker.h). */
struct doorproof_revocations { const uint8_t *kids, *ctis; uint32_t kid_count, cti_count, version, iat, next; };
struct doorproof_used { uint8_t kid[4], cti[8]; uint32_t exp, at; char delivery[65]; };
struct doorproof_used_set { struct doorproof_used *entries; size_t count, capacity; };

struct doorproof_question {
  doorproof_ed25519 *ed25519;
  const struct doorproof_keys *keys;
  const struct doorproof_revocations *revocations; /* NULL: none is held */
  const struct doorproof_used_set *used;
  const char *delivery;   /* NULL: nobody compares, and a note says so */
  const uint16_t *phones; /* hashes of the numbers asked for, one of which must fit; NULL: none was asked for */
  size_t phone_count;
  uint32_t now, seen; /* this clock; the latest time seen: of a record, a sync, or a list since replaced */
};
struct doorproof_voucher { const char *issuer; uint8_t kid[4], cti[8]; uint16_t phone; char delivery[65];
  uint32_t exp, notes; };

/* `text`: the scanner's octets as they are. `voucher` is filled where the verdict is VALID, else zeroed. */
enum doorproof_verdict doorproof_verify(const struct doorproof_question *asked, const char *text, size_t length,
                                        struct doorproof_voucher *voucher);

/* Parts of it that have vectors of their own, or that locker.c shares. Of base45: the length of the bytes, or -1. */
int doorproof_base45(const char *text, size_t length, uint8_t *bytes, size_t capacity);
bool doorproof_signature(doorproof_ed25519 *ed25519, const uint8_t *signature, const uint8_t *message, size_t length,
                         const uint8_t *key);
const struct doorproof_key *doorproof_find(const struct doorproof_keys *keys, const uint8_t *kid, uint32_t use);
/* Writes the beginning of a Sig_structure, up to its protected header: 64 bytes for a voucher, 68 for revocations. */
size_t doorproof_protect(uint8_t *out, const uint8_t *kid, const char *kind);
/* CBOR in its shortest forms: the head of an item (major type 0 to 5), and a byte string (2) or text (3), or NULL. */
struct doorproof_cbor { const uint8_t *at, *end; };
bool doorproof_head(struct doorproof_cbor *c, uint8_t major, uint32_t *value);
const uint8_t *doorproof_string(struct doorproof_cbor *c, uint8_t major, uint32_t *length);
#endif
