/* A courier's or a locker's check, offline: courier KEYS DELIVERY < vouchers, one a line. KEYS is what keys.py makes.
 * Exits with 0 if all are valid, with 3 if nothing can be decided. */
#include <stdio.h>
#include <time.h>
#include "sodium.h"

static struct doorproof_key key_list[64];
static struct doorproof_used used_entries[256];

static bool read_keys(const char *path, char issuer[65], struct doorproof_keys *keys) {
  FILE *file = fopen(path, "r");
  char line[128], kid[9], key[65];
  bool read = file != NULL && fgets(line, sizeof line, file) != NULL && strcspn(line, "\n") <= 64;
  if (read) sprintf(issuer, "%.*s", (int)strcspn(line, "\n"), line);
  while (read && fgets(line, sizeof line, file) != NULL) {
    struct doorproof_key *to = &key_list[keys->count++];
    to->use = 1;
    read = keys->count < 64 && sscanf(line, "%8s %64s", kid, key) == 2 && strlen(kid) == 8 && strlen(key) == 64 &&
           sodium_hex2bin(to->kid, 4, kid, 8, NULL, NULL, NULL) == 0 &&
           sodium_hex2bin(to->public_key, 32, key, 64, NULL, NULL, NULL) == 0;
  }
  if (file != NULL) fclose(file);
  return read && doorproof_import(sodium_sound, keys) == DOORPROOF_VALID;
}

int main(int count, char **arguments) {
  static const char *const notes[] = {"keys-unsigned", "keys-old", "no-revocations", "revocations-old",
                                      "delivery-not-compared", "assignment-not-checked", "phone-not-in-voucher"};
  static const char *const refusals[] = {
    "no verdict", "", "malformed text", "malformed base45", "malformed length", "malformed payload", "", "",
    "unknown-key", "key-revoked", "key-not-valid", "bad-signature", "clock-behind", "stale-keys", "stale-revocations",
    "wrong-delivery", "already-used", "revoked", "expired", "phone-mismatch"};
  char issuer[65], line[300];
  struct doorproof_keys keys = {.issuer = issuer, .keys = key_list, .bare = true};
  struct doorproof_used_set used = {.entries = used_entries, .capacity = 256};
  if (count != 3 || sodium_init() < 0 || !read_keys(arguments[1], issuer, &keys)) {
    puts("undecided: no keys");
    return 3;
  }
  int refused = 0, said = 0;
  for (; fgets(line, sizeof line, stdin) != NULL; said++) {
    struct doorproof_question asked = {.ed25519 = sodium_ed25519, .keys = &keys, .used = &used,
                                       .delivery = arguments[2], .now = (uint32_t)time(NULL)};
    struct doorproof_voucher voucher;
    enum doorproof_verdict verdict = doorproof_verify(&asked, line, strcspn(line, "\n"), &voucher);
    if (verdict == DOORPROOF_VALID && !doorproof_record(&asked, &used, &voucher)) verdict = DOORPROOF_NONE;
    if (verdict == DOORPROOF_VALID) {
      printf("valid %s of %s, notes:", voucher.delivery, voucher.issuer);
      for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (voucher.notes >> i & 1) printf(" %s", notes[i]);
      putchar('\n');
    } else {
      printf("refused %s\n", refusals[verdict]);
      refused++;
    }
  }
  return said > 0 && refused == 0 ? 0 : 1;
}
