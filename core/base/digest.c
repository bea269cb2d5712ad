#include "core/base/digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdlib.h>

static void to_hex(const unsigned char *bytes, size_t digits, char *ret)
{
    for (size_t i = 0; i < digits; i++)
        ret[i] = "0123456789abcdef"[i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4];
    ret[digits] = '\0';
}

void sha256_hex(const void *data, size_t len, char ret[SHA256_HEX_SIZE])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_Digest(data, len, sum, &size, EVP_sha256(), NULL) != 1 || size != 32)
        abort(); /* fails without memory only */
    to_hex(sum, 64, ret);
}

void random_hex(char *ret, size_t digits)
{
    while (digits > 0) {
        unsigned char bytes[32];
        size_t n = digits < 64 ? digits : 64;

        if (RAND_bytes(bytes, sizeof bytes) != 1)
            abort(); /* no randomness: names would collide */
        to_hex(bytes, n, ret);
        ret += n;
        digits -= n;
    }
    *ret = '\0';
}
