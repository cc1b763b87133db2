/* The curve of the tests and of locker-cli: libsodium's. */
#ifndef DOORPROOF_SODIUM_H
#define DOORPROOF_SODIUM_H
#include <sodium.h>
#include <string.h>
#include "locker.h"

static bool sodium_ed25519(const uint8_t *signature, const uint8_t *message, size_t length, const uint8_t *key) {
  return crypto_sign_verify_detached(signature, message, length, key) == 0;
}

static bool sodium_sound(const uint8_t *key) { return crypto_core_ed25519_is_valid_point(key) == 1; }
#endif
