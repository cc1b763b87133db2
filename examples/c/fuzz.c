/* For libFuzzer: the reader on a scanner's octets, on a payload and a list that a key did sign, and what must hold of
 * whatever they say. The curve says yes to all but a signature that begins with 0xff, so that nothing behind it is safe
 * from these inputs. */
#include <stdlib.h>
#include <string.h>
#include "locker.h"

static bool any_ed25519(const uint8_t *signature, const uint8_t *message, size_t length, const uint8_t *key) {
  (void)key;
  unsigned sum = 0;
  for (size_t i = 0; i < length; i++) sum += message[i]; /* reads all of it, for the sanitizer */
  return signature[0] != 0xff && sum > 0;
}

/* As the vectors name them, from which the inputs begin (seeds.py). */
static const struct doorproof_key key_list[] = {
  {.kid = {0xa3, 0x5b, 0x73, 0x46}, .use = 1, .from = 1000, .to = 4000000000},
  {.kid = {0x23, 0xe2, 0x52, 0x0f}, .use = 2, .from = 1000, .to = 4000000000}};

static void need(bool holds) {
  if (!holds) abort();
}

static size_t encode(const uint8_t *bytes, size_t length, char *text) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  char *at = text;
  for (size_t i = 0; i < length; i += 2) {
    bool pair = i + 1 < length;
    unsigned value = pair ? bytes[i] * 256U + bytes[i + 1] : bytes[i];
    *at++ = digits[value % 45];
    *at++ = digits[value / 45 % 45];
    if (pair) *at++ = digits[value / 2025];
  }
  return (size_t)(at - text);
}

static uint8_t *write_head(uint8_t *at, unsigned major, uint32_t value) {
  unsigned more = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
  *at++ = (uint8_t)(major << 5 | (more == 0 ? value : more == 4 ? 26 : 23 + more));
  while (more-- > 0) *at++ = (uint8_t)(value >> 8 * more);
  return at;
}

/* What was read is what was signed, byte for byte, when it is written again. */
static void write_again(const struct doorproof_voucher *v, const uint8_t *payload, size_t length) {
  uint8_t again[90], *at = write_head(again, 4, 4);
  size_t n = strlen(v->delivery);
  if (length > 1 && payload[1] == 0x50) {
    char hex[3] = "";
    *at++ = 0x50;
    for (size_t i = 0; i < n; i += 2, *at++ = (uint8_t)strtoul(hex, NULL, 16)) {
      if (v->delivery[i] == '-') i++;
      memcpy(hex, v->delivery + i, 2);
    }
  } else {
    at = write_head(at, 3, (uint32_t)n);
    memcpy(at, v->delivery, n);
    at += n;
  }
  at = write_head(write_head(at, 0, v->exp), 2, 8);
  memcpy(at, v->cti, 8);
  at += 8;
  if (v->phone == DOORPROOF_NO_PHONE) *at++ = 0xf6;
  else at = write_head(at, 0, v->phone);
  need((size_t)(at - again) == length && memcmp(again, payload, length) == 0);
}

/* Valid once, then used; and nothing is left in the result of what is refused. */
static void verify(struct doorproof_question *asked, const uint8_t *text, size_t length, const uint8_t *payload,
                   size_t payload_length) {
  struct doorproof_used entries[1];
  struct doorproof_used_set used = {.entries = entries, .capacity = 1};
  struct doorproof_voucher v, zero, again;
  memset(&zero, 0, sizeof zero);
  asked->used = &used;
  char *exact = malloc(length + 1);
  need(exact != NULL);
  memcpy(exact, text, length);
  enum doorproof_verdict verdict = doorproof_verify(asked, exact, length, &v);
  need(verdict != DOORPROOF_NONE && verdict <= DOORPROOF_PHONE_MISMATCH);
  if (verdict == DOORPROOF_VALID) {
    size_t id = strlen(v.delivery);
    need(id >= 1 && id <= 64 && v.exp > asked->now && v.notes != 0);
    if (payload != NULL) write_again(&v, payload, payload_length);
    need(doorproof_record(asked, &used, &v) && !doorproof_record(asked, &used, &v));
    need(doorproof_verify(asked, exact, length, &again) == DOORPROOF_ALREADY_USED);
  } else {
    need(memcmp(&v, &zero, sizeof v) == 0);
  }
  free(exact);
}

/* Each is found, and what is greater than all is not looked for behind the last. */
static void search(const uint8_t *listed, uint32_t count, size_t width) {
  static const uint8_t greatest[8] = {255, 255, 255, 255, 255, 255, 255, 255};
  uint8_t *exact = malloc(count * width + 1), *start = exact + 1; /* the octet is in front, where nothing reads */
  need(exact != NULL);
  memcpy(start, listed, count * width);
  bool has_greatest = count > 0 && memcmp(start + (count - 1) * width, greatest, width) == 0;
  for (uint32_t i = 0; i < count; i++) need(doorproof_is_listed(start, count, width, start + i * width));
  need(doorproof_is_listed(start, count, width, greatest) == has_greatest);
  free(exact);
}

static void list(struct doorproof_question *asked, const uint8_t *data, size_t length, bool framed) {
  struct doorproof_held held[1] = {{.taken = false}};
  struct doorproof_revocations read, twice;
  size_t frame = framed ? 59 + 3 + 66 : 0;
  uint8_t *buffer = malloc(DOORPROOF_ROOM + frame + length + 1), *at = buffer + DOORPROOF_ROOM;
  need(buffer != NULL);
  if (framed) {
    uint8_t header[68];
    need(doorproof_protect(header, key_list[1].kid, "revocations") == 68);
    memcpy(at, "\xd2\x84", 2);
    memcpy(at + 2, header + 12, 56);
    at[58] = 0xa0;
    uint8_t *end = at + 59;
    if (length < 24) *end++ = (uint8_t)(0x40 + length);
    else if (length < 256) *end++ = 0x58, *end++ = (uint8_t)length;
    else *end++ = 0x59, *end++ = (uint8_t)(length >> 8), *end++ = (uint8_t)length;
    memcpy(end, data, length);
    end += length;
    memcpy(end, "\x58\x40", 2);
    memset(end + 2, 0, 64);
    end[2] = 2; /* no identity */
    length = (size_t)(end + 66 - at);
  } else {
    memcpy(at, data, length);
  }
  enum doorproof_verdict verdict = doorproof_revocations(asked, buffer, length, NULL, held, 1, &read);
  need(held[0].taken == (verdict == DOORPROOF_VALID));
  need(!framed || verdict == DOORPROOF_VALID || verdict == DOORPROOF_PAYLOAD || verdict > DOORPROOF_PHONE_MISMATCH ||
       verdict == DOORPROOF_KEY_NOT_VALID);
  if (verdict == DOORPROOF_VALID) {
    need(doorproof_revocations(asked, buffer, length, NULL, held, 1, &twice) == DOORPROOF_VALID);
    search(read.kids, read.kid_count, 4);
    search(read.ctis, read.cti_count, 8);
  }
  free(buffer);
}

/* Items one after the other, in memory that ends where they end: behind a list its signature hides a read too far. */
static void items(const uint8_t *data, size_t length) {
  uint8_t *exact = malloc(length + 1), sum = 0;
  need(exact != NULL);
  uint8_t *start = exact + 1; /* malloc(0) may be NULL; the octet is in front, where nothing reads */
  memcpy(start, data, length);
  struct doorproof_cbor c = {start, start + length};
  uint32_t value;
  bool more = true;
  while (more && c.at < c.end) {
    uint8_t major = *c.at >> 5;
    if (major == 2 || major == 3) {
      const uint8_t *octets = doorproof_string(&c, major, &value);
      more = octets != NULL;
      for (uint32_t i = 0; more && i < value; i++) sum ^= octets[i];
    } else {
      more = doorproof_head(&c, major, &value);
    }
    need(c.at <= c.end);
  }
  start[-1] = sum;
  free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > 4096) return 0;
  struct doorproof_keys keys = {.issuer = "doorproof-test", .keys = key_list, .count = 2, .bare = data[1] & 1,
                                .iat = 1000, .exp = 2000000000, .grace = 86400};
  struct doorproof_question asked = {.ed25519 = any_ed25519, .keys = &keys, .now = data[1] & 2 ? 2000000000 : 1000,
                                     .delivery = data[1] & 4 ? "D" : NULL};
  uint8_t voucher[152] = {0xa3, 0x5b, 0x73, 0x46, 2};
  char text[4 + 228] = "DP1:";
  const uint8_t *rest = data + 2;
  size_t length = size - 2;
  if (data[0] % 5 == 0) {
    verify(&asked, rest, length, NULL, 0);
  } else if (data[0] % 5 == 1) {
    size_t payload = length > 84 ? 84 : length;
    memcpy(voucher + 68, rest, payload);
    verify(&asked, (uint8_t *)text, 4 + encode(voucher, 68 + payload, text + 4), voucher + 68, payload);
  } else if (data[0] % 5 == 4) {
    items(rest, length);
  } else {
    list(&asked, rest, length, data[0] % 5 == 2);
  }
  return 0;
}
