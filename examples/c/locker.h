/* What a locker keeps beside its keys (docs/format.md, sections 4 to 6): a used-set and a revocation list, each in a
 * buffer of the caller's. */
#ifndef DOORPROOF_LOCKER_H
#define DOORPROOF_LOCKER_H
#include "voucher.h"

/* Whether a public key is canonical, not of small order, and torsion-free. */
typedef bool doorproof_sound(const uint8_t key[32]);
typedef void doorproof_hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *message, size_t length,
                                   uint8_t digest[32]);
/* What was accepted from a document key. Its signature stands for the bytes: under one key no others have it. */
struct doorproof_held { uint8_t kid[4], signature[64]; bool taken; uint32_t version, iat; };
/* Octets that a list's buffer has before the list. */
enum { DOORPROOF_ROOM = 10 };

/* Once for each set of keys, before any verdict: VALID, or KEYS where one is not sound or a kid stands twice. */
enum doorproof_verdict doorproof_import(doorproof_sound *sound, const struct doorproof_keys *keys);

/* After VALID, and written where power cannot take it, before the door opens. False, and it stays shut, where the set
 * is full: only what the signed floor and the clock both saw expire makes room. */
bool doorproof_record(const struct doorproof_question *asked, struct doorproof_used_set *used,
                      const struct doorproof_voucher *voucher);

/* Reads a list of `length` octets that lie in `buffer` from DOORPROOF_ROOM on; of `asked` its curve, keys and clock.
 * `stated`: the issuer's time as it handed the list out; NULL: it came as a file. Where VALID, `list` (in another
 * buffer than the one held until now) and an entry of `held` are written; else neither. NONE: `held` has no room. */
enum doorproof_verdict doorproof_revocations(const struct doorproof_question *asked, uint8_t *buffer, size_t length,
                                             const uint32_t *stated, struct doorproof_held *held, size_t held_count,
                                             struct doorproof_revocations *list);

/* The hash of an E.164 number, 0 to 4095; -1 where it is none, which is the caller's mistake. */
int doorproof_phone(doorproof_hmac_sha256 *hmac, const char *number, size_t length);

bool doorproof_is_listed(const uint8_t *items, uint32_t count, size_t width, const uint8_t *item);
bool doorproof_is_used(const struct doorproof_used_set *used, const struct doorproof_voucher *voucher);
/* The latest time that somebody signed. */
uint32_t doorproof_floor(const struct doorproof_question *asked);
#endif
