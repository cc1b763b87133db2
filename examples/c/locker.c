#include "locker.h"
#include <string.h>

enum doorproof_verdict doorproof_import(doorproof_sound *sound, const struct doorproof_keys *keys) {
  for (size_t i = 0; i < keys->count; i++) {
    if (!sound(keys->keys[i].public_key)) return DOORPROOF_KEYS;
    for (size_t j = 0; j < i; j++)
      if (memcmp(keys->keys[i].kid, keys->keys[j].kid, 4) == 0) return DOORPROOF_KEYS;
  }
  return DOORPROOF_VALID;
}

bool doorproof_is_listed(const uint8_t *items, uint32_t count, size_t width, const uint8_t *item) {
  while (count > 0) {
    const uint8_t *middle = items + count / 2 * width;
    int order = memcmp(item, middle, width);
    if (order == 0) return true;
    if (order > 0) {
      items = middle + width;
      count--;
    }
    count /= 2;
  }
  return false;
}

uint32_t doorproof_floor(const struct doorproof_question *asked) {
  uint32_t keys = asked->keys->bare ? 0 : asked->keys->iat, list = asked->revocations ? asked->revocations->iat : 0;
  return keys > list ? keys : list;
}

bool doorproof_is_used(const struct doorproof_used_set *used, const struct doorproof_voucher *voucher) {
  for (const struct doorproof_used *u = used->entries; u < used->entries + used->count; u++)
    if ((memcmp(u->kid, voucher->kid, 4) == 0 && memcmp(u->cti, voucher->cti, 8) == 0) ||
        strcmp(u->delivery, voucher->delivery) == 0)
      return true;
  return false;
}

bool doorproof_record(const struct doorproof_question *asked, struct doorproof_used_set *used,
                      const struct doorproof_voucher *voucher) {
  uint32_t floor = doorproof_floor(asked), grace = asked->keys->bare ? 0 : asked->keys->grace;
  for (size_t i = used->count; i-- > 0;) {
    const struct doorproof_used *u = &used->entries[i];
    if (floor > (uint64_t)u->exp + grace && asked->now >= u->exp) used->entries[i] = used->entries[--used->count];
  }
  if (used->count >= used->capacity) return false;
  struct doorproof_used *u = &used->entries[used->count++];
  memcpy(u->kid, voucher->kid, 4);
  memcpy(u->cti, voucher->cti, 8);
  memcpy(u->delivery, voucher->delivery, sizeof u->delivery);
  u->exp = voucher->exp;
  u->at = asked->now > floor ? asked->now : floor;
  return true;
}

/* A list of `width` octets an item, each greater than the one before it. */
static const uint8_t *ascending(struct doorproof_cbor *c, size_t width, uint32_t *count) {
  uint32_t length;
  const uint8_t *items = doorproof_string(c, 2, &length);
  if (items == NULL || length % width != 0) return NULL;
  for (size_t i = width; i < length; i += width)
    if (memcmp(items + i - width, items + i, width) >= 0) return NULL;
  *count = length / (uint32_t)width;
  return items;
}

static bool payload(struct doorproof_cbor c, struct doorproof_cbor *issuer, struct doorproof_revocations *list) {
  uint32_t items, n;
  if (!doorproof_head(&c, 4, &items) || items != 6) return false;
  const uint8_t *name = doorproof_string(&c, 3, &n);
  if (name == NULL || n < 1 || n > 64 || name[0] == ' ' || name[n - 1] == ' ') return false;
  for (uint32_t i = 0; i < n; i++)
    if (name[i] < ' ' || name[i] > '~') return false;
  *issuer = (struct doorproof_cbor){name, name + n};
  return doorproof_head(&c, 0, &list->version) && doorproof_head(&c, 0, &list->iat) &&
         doorproof_head(&c, 0, &list->next) && (list->kids = ascending(&c, 4, &list->kid_count)) != NULL &&
         (list->ctis = ascending(&c, 8, &list->cti_count)) != NULL && c.at == c.end;
}

/* Where what this key signed is remembered: its own entry, else one that is free or of a key that is listed no more. */
static struct doorproof_held *place(const struct doorproof_keys *keys, const uint8_t *kid, struct doorproof_held *held,
                                    size_t count) {
  struct doorproof_held *free = NULL;
  for (struct doorproof_held *h = held; h < held + count; h++) {
    if (h->taken && memcmp(h->kid, kid, 4) == 0) return h;
    if (!h->taken || doorproof_find(keys, h->kid, 2) == NULL) free = h;
  }
  if (free != NULL) free->taken = false;
  return free;
}

enum doorproof_verdict doorproof_revocations(const struct doorproof_question *asked, uint8_t *buffer, size_t length,
                                             const uint32_t *stated, struct doorproof_held *held, size_t held_count,
                                             struct doorproof_revocations *list) {
  uint8_t *document = buffer + DOORPROOF_ROOM, expected[68];
  struct doorproof_revocations read = {0};
  struct doorproof_cbor issuer;
  uint32_t n;
  /* 1 length */
  if (length > 16 * 1024 * 1024) return DOORPROOF_LENGTH;
  /* 2 frame: on the wire the protected header lies as in what is signed, 10 octets further on */
  if (length < 59) return DOORPROOF_FRAME;
  const uint8_t *kid = document + 9;
  struct doorproof_cbor c = {document + 59, document + length};
  doorproof_protect(expected, kid, "revocations");
  if (memcmp(document, "\xd2\x84", 2) != 0 || memcmp(document + 2, expected + 12, 56) != 0 || document[58] != 0xa0)
    return DOORPROOF_FRAME;
  const uint8_t *payload_at = doorproof_string(&c, 2, &n);
  if (payload_at == NULL || c.end - c.at != 66 || memcmp(c.at, "\x58\x40", 2) != 0) return DOORPROOF_FRAME;
  const uint8_t *signature = c.at + 2;
  /* 3 key */
  const struct doorproof_key *key = doorproof_find(asked->keys, kid, 2);
  if (key == NULL) return DOORPROOF_UNKNOWN_KEY;
  /* 4 signature: the Sig_structure is made in place, and undone */
  memcpy(buffer, expected, 12);
  document[58] = 0x40;
  bool genuine = doorproof_signature(asked->ed25519, signature, buffer, (size_t)(c.at - buffer), key->public_key);
  memcpy(document, "\xd2\x84", 2);
  document[58] = 0xa0;
  if (!genuine) return DOORPROOF_BAD_SIGNATURE;
  /* 5 payload, 6 issuer, 7 window, 8 the issuer's time */
  if (!payload((struct doorproof_cbor){payload_at, c.at}, &issuer, &read)) return DOORPROOF_PAYLOAD;
  n = (uint32_t)(issuer.end - issuer.at);
  if (strlen(asked->keys->issuer) != n || memcmp(asked->keys->issuer, issuer.at, n) != 0)
    return DOORPROOF_FOREIGN_DOCUMENT;
  if (read.iat < key->from || read.iat >= key->to) return DOORPROOF_KEY_NOT_VALID;
  if (stated != NULL && read.iat > (uint64_t)*stated + 300) return DOORPROOF_FUTURE_DOCUMENT;
  /* 9 version. One that is held and lies ahead of both clocks does not count (section 6, Time) */
  struct doorproof_held *before = place(asked->keys, kid, held, held_count);
  if (before == NULL) return DOORPROOF_NONE;
  bool ahead = stated != NULL && before->iat > (uint64_t)*stated + 300 && before->iat > (uint64_t)asked->now + 300;
  if (before->taken && !ahead && read.version <= before->version && memcmp(before->signature, signature, 64) != 0)
    return DOORPROOF_OLDER_DOCUMENT;
  *before = (struct doorproof_held){.taken = true, .version = read.version, .iat = read.iat};
  memcpy(before->kid, kid, 4);
  memcpy(before->signature, signature, 64);
  *list = read;
  return DOORPROOF_VALID;
}

int doorproof_phone(doorproof_hmac_sha256 *hmac, const char *number, size_t length) {
  uint8_t digest[32];
  if (length < 8 || length > 16 || number[0] != '+' || number[1] == '0') return -1;
  for (size_t i = 1; i < length; i++)
    if (number[i] < '0' || number[i] > '9') return -1;
  hmac((const uint8_t *)"doorproof-phone-v1", 18, (const uint8_t *)number, length, digest);
  return digest[0] << 4 | digest[1] >> 4;
}
