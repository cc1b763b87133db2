#include "voucher.h"
#include <string.h>
#include "locker.h"

bool doorproof_head(struct doorproof_cbor *c, uint8_t major, uint32_t *value) {
  static const uint32_t least[] = {24, 0x100, 0x10000};
  if (c->at == c->end || *c->at >> 5 != major) return false;
  unsigned info = *c->at++ & 31U;
  *value = info;
  if (info < 24) return true;
  if (info > 26 || c->end - c->at < 1 << (info - 24)) return false;
  *value = 0;
  for (int i = 1 << (info - 24); i > 0; i--) *value = *value << 8 | *c->at++;
  return *value >= least[info - 24];
}

const uint8_t *doorproof_string(struct doorproof_cbor *c, uint8_t major, uint32_t *length) {
  if (!doorproof_head(c, major, length) || (size_t)(c->end - c->at) < *length) return NULL;
  c->at += *length;
  return c->at - *length;
}

int doorproof_base45(const char *text, size_t length, uint8_t *bytes, size_t capacity) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  size_t n = length / 3 * 2 + length % 3 / 2;
  if (length % 3 == 1 || n > capacity) return -1;
  for (size_t i = 0; i < length; i += 3) {
    bool pair = length - i == 2;
    uint32_t value = 0, weight = 1;
    for (size_t j = i; j < i + (pair ? 2 : 3); j++, weight *= 45) {
      const char *digit = memchr(digits, text[j], 45);
      if (digit == NULL) return -1;
      value += (uint32_t)(digit - digits) * weight;
    }
    if (value > (pair ? 0xff : 0xffff)) return -1;
    if (!pair) *bytes++ = (uint8_t)(value >> 8);
    *bytes++ = (uint8_t)value;
  }
  return (int)n;
}

bool doorproof_signature(doorproof_ed25519 *ed25519, const uint8_t *signature, const uint8_t *message, size_t length,
                         const uint8_t *key) {
  static const uint8_t identity[32] = {1};
  static const uint8_t L[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9,
                                0xde, 0x14, [31] = 0x10};
  int i = 31;
  while (i > 0 && signature[32 + i] == L[i]) i--;
  return memcmp(signature, identity, 32) != 0 && signature[32 + i] < L[i] && ed25519(signature, message, length, key);
}

const struct doorproof_key *doorproof_find(const struct doorproof_keys *keys, const uint8_t *kid, uint32_t use) {
  for (size_t i = 0; i < keys->count; i++)
    if (keys->keys[i].use == use && memcmp(keys->keys[i].kid, kid, 4) == 0) return &keys->keys[i];
  return NULL;
}

size_t doorproof_protect(uint8_t *out, const uint8_t *kid, const char *kind) {
  size_t n = strlen(kind);
  memcpy(out, "\x84\x6aSignature1\x58 \xa3\x01\x27\x04\x44", 19);
  out[13] = (uint8_t)(n + 43);
  memcpy(out + 19, kid, 4);
  memcpy(out + 23, "\x10\x78 application/vnd.doorproof.", 29);
  out[25] = (uint8_t)(n + 31);
  memcpy(out + 52, kind, n);
  memcpy(out + 52 + n, "+cbor", 5);
  return 57 + n;
}

static bool is_uuid(const char *id, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((id[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23) || !memchr("-0123456789abcdef", id[i], 17))
      return false;
  return length == 36;
}

static bool payload(struct doorproof_cbor c, struct doorproof_voucher *v) {
  uint32_t items, n, cti_length, phone = DOORPROOF_NO_PHONE;
  if (!doorproof_head(&c, 4, &items) || items != 4 || c.at == c.end) return false;
  bool uuid = *c.at >> 5 == 2;
  const uint8_t *sub = doorproof_string(&c, uuid ? 2 : 3, &n);
  if (sub == NULL || n < 1 || n > 64 || (uuid && n != 16)) return false;
  char *id = v->delivery;
  for (uint32_t i = 0; i < n; i++) {
    if (uuid && (i == 4 || i == 6 || i == 8 || i == 10)) *id++ = '-';
    if (uuid) *id++ = "0123456789abcdef"[sub[i] >> 4], *id++ = "0123456789abcdef"[sub[i] & 15];
    else if (sub[i] < '!' || sub[i] > '~') return false;
    else *id++ = (char)sub[i];
  }
  if (!uuid && is_uuid(v->delivery, n)) return false;
  const uint8_t *cti = doorproof_head(&c, 0, &v->exp) ? doorproof_string(&c, 2, &cti_length) : NULL;
  if (cti == NULL || cti_length != 8 || c.at == c.end) return false;
  memcpy(v->cti, cti, 8);
  if (*c.at == 0xf6) c.at++;
  else if (!doorproof_head(&c, 0, &phone) || phone > 4095) return false;
  v->phone = (uint16_t)phone;
  return c.at == c.end;
}

/* Step 6: the rest, in the order of section 6. Sums of times pass 2^32. */
static enum doorproof_verdict rest(const struct doorproof_question *asked, const struct doorproof_key *key, bool behind,
                                   struct doorproof_voucher *v) {
  const struct doorproof_keys *keys = asked->keys;
  const struct doorproof_revocations *list = asked->revocations;
  bool phone_asked = asked->phones != NULL, phone_known = v->phone != DOORPROOF_NO_PHONE;
  bool fits = !phone_asked || !phone_known;
  for (size_t i = 0; i < asked->phone_count && !fits; i++) fits = asked->phones[i] == v->phone;
  uint64_t now = asked->now;
  if (!keys->bare && v->exp > key->to) return DOORPROOF_KEY_NOT_VALID;
  if (behind) return DOORPROOF_CLOCK_BEHIND;
  if (!keys->bare && now >= (uint64_t)keys->exp + keys->grace) return DOORPROOF_STALE_KEYS;
  if (list && now >= (uint64_t)list->next + keys->grace) return DOORPROOF_STALE_REVOCATIONS;
  if (asked->delivery && strcmp(asked->delivery, v->delivery) != 0) return DOORPROOF_WRONG_DELIVERY;
  if (doorproof_is_used(asked->used, v)) return DOORPROOF_ALREADY_USED;
  if (list && doorproof_is_listed(list->ctis, list->cti_count, 8, v->cti)) return DOORPROOF_REVOKED;
  if (now >= v->exp) return DOORPROOF_EXPIRED;
  if (!fits) return DOORPROOF_PHONE_MISMATCH;
  v->notes = (uint32_t)DOORPROOF_ASSIGNMENT_NOT_CHECKED |
             (keys->bare ? DOORPROOF_KEYS_UNSIGNED : now >= keys->exp ? DOORPROOF_KEYS_OLD : 0) |
             (!list ? DOORPROOF_NO_REVOCATIONS : now >= list->next ? DOORPROOF_REVOCATIONS_OLD : 0) |
             (asked->delivery ? 0 : DOORPROOF_DELIVERY_NOT_COMPARED) |
             (phone_asked && !phone_known ? DOORPROOF_PHONE_NOT_IN_VOUCHER : 0);
  return DOORPROOF_VALID;
}

enum doorproof_verdict doorproof_verify(const struct doorproof_question *asked, const char *text, size_t length,
                                        struct doorproof_voucher *voucher) {
  const struct doorproof_keys *keys = asked->keys;
  const struct doorproof_revocations *list = asked->revocations;
  uint8_t bytes[152], message[64 + 3 + 84];
  struct doorproof_voucher v = {.issuer = keys->issuer};
  memset(voucher, 0, sizeof *voucher);
  /* 1 text */
  if (length < 4 || length > 232 || memcmp(text, "DP1:", 4) != 0) return DOORPROOF_TEXT;
  for (size_t i = 0; i < length; i++) if ((uint8_t)text[i] > 0x7f) return DOORPROOF_TEXT;
  int n = doorproof_base45(text + 4, length - 4, bytes, sizeof bytes);
  if (n < 0) return DOORPROOF_BASE45;
  /* 2 bytes: 232 octets hold at most the 152 */
  if (n < 82) return DOORPROOF_LENGTH;
  /* 3 key */
  const struct doorproof_key *key = doorproof_find(keys, bytes, 1);
  if (key == NULL) return DOORPROOF_UNKNOWN_KEY;
  if (list && doorproof_is_listed(list->kids, list->kid_count, 4, bytes)) return DOORPROOF_KEY_REVOKED;
  uint32_t floor = doorproof_floor(asked);
  bool behind = (uint64_t)asked->now + 300 < (floor > asked->seen ? floor : asked->seen);
  if (!keys->bare && ((asked->now < key->from && !behind) || asked->now >= key->to)) return DOORPROOF_KEY_NOT_VALID;
  /* 4 signature */
  size_t signed_length = (size_t)n - 68, at = doorproof_protect(message, bytes, "voucher");
  memcpy(message + at, signed_length < 24 ? "\x40\x40" : "\x40\x58", 2);
  at += signed_length < 24 ? 1 : 2;
  message[at++] = (uint8_t)(signed_length < 24 ? 0x40 + signed_length : signed_length);
  memcpy(message + at, bytes + 68, signed_length);
  if (!doorproof_signature(asked->ed25519, bytes + 4, message, at + signed_length, key->public_key))
    return DOORPROOF_BAD_SIGNATURE;
  /* 5 payload */
  memcpy(v.kid, bytes, 4);
  if (!payload((struct doorproof_cbor){bytes + 68, bytes + n}, &v)) return DOORPROOF_PAYLOAD;
  /* 6 the rest */
  enum doorproof_verdict verdict = rest(asked, key, behind, &v);
  if (verdict == DOORPROOF_VALID) *voucher = v;
  return verdict;
}
