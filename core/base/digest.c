#include "core/base/digest.h"

#include "core/base/err.h"
#include "core/base/library.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

/* libcrypto, loaded by the first digest: `config` needs none (core/base/library.h). */
#define LIBCRYPTO "libcrypto.so.3"
static struct {
    __typeof__(SHA256) *sha256;
    __typeof__(OPENSSL_init_crypto) *init;
} crypto;
static const char *const names[] = {"SHA256", "OPENSSL_init_crypto"};

static void to_hex(const unsigned char *bytes, size_t digits, char *ret)
{
    for (size_t i = 0; i < digits; i++)
        ret[i] = "0123456789abcdef"[i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4];
    ret[digits] = '\0';
}

/* As memory that runs out (mem.h): nothing that needs a digest can go on. */
static void need_library(void)
{
    AUTO_ERR err = {0};

    if (crypto.sha256 || library_load(LIBCRYPTO, names, ARRAY_LEN(names), &crypto, &err) == 0)
        return;
    fprintf(stderr, "%s\n", err_text(&err));
    abort();
}

void digest_only(void)
{
    need_library();
    crypto.init(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                    OPENSSL_INIT_NO_ADD_ALL_DIGESTS | OPENSSL_INIT_NO_LOAD_CONFIG |
                    OPENSSL_INIT_NO_ATEXIT,
                NULL);
}

void sha256_hex(const void *data, size_t len, char ret[SHA256_HEX_SIZE])
{
    unsigned char sum[SHA256_DIGEST_LENGTH];

    need_library();
    crypto.sha256(data, len, sum);
    to_hex(sum, 64, ret);
}

void random_hex(char *ret, size_t digits)
{
    while (digits > 0) {
        unsigned char bytes[32];
        size_t n = digits < 64 ? digits : 64;
        ssize_t got;

        do
            got = getrandom(bytes, sizeof bytes, 0);
        while (got < 0 && errno == EINTR);
        if (got != sizeof bytes) /* so few come whole or not at all */
            abort();             /* no randomness: names would collide */
        to_hex(bytes, n, ret);
        ret += n;
        digits -= n;
    }
    *ret = '\0';
}
