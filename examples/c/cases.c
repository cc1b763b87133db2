/* Answers the lines that cases.py makes of the vectors. A field is "x" and hex, a number, or "-" for null. */
#include <stdio.h>
#include <stdlib.h>
#include "sodium.h"

static const char *const verdicts[] = {
  "none", "valid", "malformed text", "malformed base45", "malformed length", "malformed payload", "malformed frame",
  "malformed keys", "unknown-key", "key-revoked", "key-not-valid", "bad-signature", "clock-behind", "stale-keys",
  "stale-revocations", "wrong-delivery", "already-used", "revoked", "expired", "phone-mismatch", "foreign-document",
  "future-document", "older-document"};
static const char *const notes[] = {"keys-unsigned", "keys-old", "no-revocations", "revocations-old",
                                    "delivery-not-compared", "assignment-not-checked", "phone-not-in-voucher"};

/* The equation of step 4 and nothing more, as a curve without checks of its own computes it: S is reduced, R may be
 * the identity. The rules that the reader adds are only seen beside such a one. */
static bool bare_ed25519(const uint8_t *signature, const uint8_t *message, size_t length, const uint8_t *key) {
  crypto_hash_sha512_state state;
  uint8_t wide[64] = {0}, s[32], k[32], sb[32], ka[32], r[32];
  memcpy(wide, signature + 32, 32);
  crypto_core_ed25519_scalar_reduce(s, wide);
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, signature, 32);
  crypto_hash_sha512_update(&state, key, 32);
  crypto_hash_sha512_update(&state, message, length);
  crypto_hash_sha512_final(&state, wide);
  crypto_core_ed25519_scalar_reduce(k, wide);
  if (crypto_scalarmult_ed25519_base_noclamp(sb, s) != 0) memcpy(sb, (uint8_t[32]){1}, 32);
  if (crypto_scalarmult_ed25519_noclamp(ka, k, key) != 0) return false;
  return crypto_core_ed25519_sub(r, sb, ka) == 0 && memcmp(r, signature, 32) == 0;
}

static void sodium_hmac(const uint8_t *key, size_t key_length, const uint8_t *message, size_t length, uint8_t *digest) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key, key_length);
  crypto_auth_hmacsha256_update(&state, message, length);
  crypto_auth_hmacsha256_final(&state, digest);
}

static char *field(void) {
  char *text = strtok(NULL, " \n");
  if (text == NULL) abort();
  return text;
}

static uint32_t number(void) {
  char *end, *text = field();
  unsigned long long value = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != 0 || value > UINT32_MAX) abort();
  return (uint32_t)value;
}

/* In memory of exactly its length, so that the sanitizer sees one octet too many read. */
static uint8_t *octets(size_t room, size_t *length) {
  const char *hex = field();
  size_t n = (strlen(hex) - 1) / 2;
  uint8_t *bytes = malloc(room + n + (room + n == 0));
  if (bytes == NULL || *hex != 'x') abort();
  if (n > 0 && sodium_hex2bin(bytes + room, n, hex + 1, 2 * n, NULL, NULL, NULL) != 0) abort();
  *length = n;
  return bytes;
}

static void fixed(uint8_t *out, size_t size) {
  size_t length;
  uint8_t *bytes = octets(0, &length);
  if (length != size) abort();
  memcpy(out, bytes, size);
  free(bytes);
}

/* Text for the caller's side of a question; NULL for null. */
static char *text_or_null(const char *from) {
  size_t n = strlen(from);
  char *text = NULL;
  if (*from == 'x') {
    text = calloc(n / 2 + 1, 1);
    if (text == NULL) abort();
    if (n > 1 && sodium_hex2bin((uint8_t *)text, n / 2, from + 1, n - 1, NULL, NULL, NULL) != 0) abort();
  }
  return text;
}

static struct doorproof_key key_list[64];
static struct doorproof_keys keys = {.keys = key_list};
static struct doorproof_used used_entries[4];
static struct doorproof_used_set used = {.entries = used_entries, .capacity = 4};
static struct doorproof_held held[4];
static struct doorproof_revocations list;
static uint16_t phones[4];
static struct doorproof_question asked = {.ed25519 = sodium_ed25519, .keys = &keys, .used = &used};

static bool same(enum doorproof_verdict one, enum doorproof_verdict other) {
  if (one == other) return true;
  printf("differs by the curve: %s, %s\n", verdicts[one], verdicts[other]);
  return false;
}

/* The same question by both curves, which the reader's own rules make one. */
static void voucher_line(void) {
  struct doorproof_voucher v, other;
  size_t length;
  asked.now = number();
  asked.seen = number();
  char *delivery = text_or_null(field());
  asked.delivery = delivery;
  uint8_t *text = octets(0, &length);
  enum doorproof_verdict verdict = doorproof_verify(&asked, (char *)text, length, &v);
  asked.ed25519 = bare_ed25519;
  enum doorproof_verdict by_other = doorproof_verify(&asked, (char *)text, length, &other);
  asked.ed25519 = sodium_ed25519;
  if (!same(verdict, by_other)) return;
  fputs(verdicts[verdict], stdout);
  if (verdict == DOORPROOF_VALID) {
    char kid[9], cti[17];
    sodium_bin2hex(kid, sizeof kid, v.kid, 4);
    sodium_bin2hex(cti, sizeof cti, v.cti, 8);
    printf(" %s %s %s %s %lu %d", v.issuer, kid, cti, v.delivery, (unsigned long)v.exp,
           v.phone == DOORPROOF_NO_PHONE ? -1 : v.phone);
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
      if (v.notes >> i & 1) printf(" %s", notes[i]);
  } else {
    for (size_t i = 0; i < sizeof v; i++)
      if (((uint8_t *)&v)[i] != 0) abort();
  }
  putchar('\n');
  free(text);
  free(delivery);
}

static void revocations_line(void) {
  static uint8_t *buffer;
  size_t length;
  const char *stated_text = field();
  uint32_t stated = (uint32_t)strtoul(stated_text, NULL, 10);
  free(buffer);
  buffer = octets(DOORPROOF_ROOM, &length);
  uint8_t *copy = malloc(length + 1);
  if (copy == NULL) abort();
  memcpy(copy, buffer + DOORPROOF_ROOM, length);
  asked.revocations = NULL;
  enum doorproof_verdict verdict = doorproof_revocations(&asked, buffer, length, *stated_text == '-' ? NULL : &stated,
                                                         held, sizeof held / sizeof *held, &list);
  if (memcmp(copy, buffer + DOORPROOF_ROOM, length) != 0) abort();
  free(copy);
  if (verdict == DOORPROOF_VALID) {
    struct doorproof_revocations twice;
    asked.revocations = &list;
    asked.ed25519 = bare_ed25519;
    verdict = doorproof_revocations(&asked, buffer, length, NULL, held, sizeof held / sizeof *held, &twice);
    asked.ed25519 = sodium_ed25519;
    if (verdict != DOORPROOF_VALID) abort(); /* what is held is taken again */
    printf("valid %s %lu %lu\n", keys.issuer, (unsigned long)list.version, (unsigned long)list.iat);
  } else {
    puts(verdicts[verdict]);
  }
}

static void answer(const char *what) {
  size_t length;
  if (strcmp(what, "base45") == 0) {
    uint8_t *text = octets(0, &length), bytes[64];
    char hex[129];
    int n = doorproof_base45((char *)text, length, bytes, sizeof bytes);
    puts(n < 0 ? "malformed base45" : n == 0 ? "" : sodium_bin2hex(hex, sizeof hex, bytes, (size_t)n));
    free(text);
  } else if (strcmp(what, "signature") == 0) {
    uint8_t key[32], signature[64];
    fixed(key, 32);
    fixed(signature, 64);
    uint8_t *message = octets(0, &length);
    bool one = doorproof_signature(sodium_ed25519, signature, message, length, key);
    bool other = doorproof_signature(bare_ed25519, signature, message, length, key);
    struct doorproof_key alone = {.use = 1};
    memcpy(alone.public_key, key, 32);
    if (doorproof_import(sodium_sound, &(struct doorproof_keys){.keys = &alone, .count = 1}) != DOORPROOF_VALID)
      puts("key-refused");
    else puts(one != other ? "differs by the curve" : one ? "valid" : "invalid");
    free(message);
  } else if (strcmp(what, "phone") == 0) {
    uint8_t *text = octets(0, &length);
    printf("%d\n", doorproof_phone(sodium_hmac, (char *)text, length));
    free(text);
  } else if (strcmp(what, "keys") == 0) { /* and forgets all else */
    free((char *)(uintptr_t)keys.issuer);
    keys.issuer = text_or_null(field());
    keys.bare = number() == 1;
    keys.iat = number();
    keys.exp = number();
    keys.grace = number();
    keys.count = 0;
    used.count = asked.phone_count = 0;
    asked.phones = NULL;
    asked.revocations = NULL;
    asked.now = UINT32_MAX;
    memset(held, 0, sizeof held);
    puts("ok");
  } else if (strcmp(what, "key") == 0) {
    struct doorproof_key *key = &key_list[keys.count++];
    fixed(key->public_key, 32);
    fixed(key->kid, 4);
    key->use = number();
    key->from = number();
    key->to = number();
    puts(verdicts[doorproof_import(sodium_sound, &keys)]);
  } else if (strcmp(what, "held") == 0) {
    struct doorproof_held *h = &held[0];
    fixed(h->kid, 4);
    fixed(h->signature, 64);
    h->version = number();
    h->iat = number();
    h->taken = true;
    puts("ok");
  } else if (strcmp(what, "now") == 0) {
    asked.now = number();
    puts("ok");
  } else if (strcmp(what, "used") == 0) {
    struct doorproof_voucher v = {0};
    fixed(v.kid, 4);
    fixed(v.cti, 8);
    char *delivery = text_or_null(field());
    memcpy(v.delivery, delivery, strlen(delivery) + 1);
    v.exp = number();
    puts(doorproof_record(&asked, &used, &v) ? "ok" : "full");
    free(delivery);
  } else if (strcmp(what, "phones") == 0) {
    asked.phone_count = number();
    for (size_t i = 0; i < asked.phone_count; i++) phones[i] = (uint16_t)number();
    asked.phones = phones;
    puts("ok");
  } else if (strcmp(what, "revocations") == 0) {
    revocations_line();
  } else if (strcmp(what, "voucher") == 0) {
    voucher_line();
  } else {
    abort();
  }
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  if (sodium_init() < 0) return 1;
  while (getline(&line, &size, stdin) > 0) answer(strtok(line, " \n"));
  free(line);
  free((char *)(uintptr_t)keys.issuer);
  return 0;
}
