#include "core/base/digest.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { BLOCK = 64 };

/* Our own, although OpenSSL has one: its libcrypto would cost every start of the program as much
 * time as loading a small project. FIPS 180-4, section 6.2. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void add_block(uint32_t sum[8], const unsigned char block[BLOCK])
{
    uint32_t w[64];
    uint32_t a = sum[0], b = sum[1], c = sum[2], d = sum[3];
    uint32_t e = sum[4], f = sum[5], g = sum[6], h = sum[7];

    for (size_t t = 0; t < 16; t++)
        w[t] = big_endian(block + 4 * t);
    for (size_t t = 16; t < 64; t++) {
        uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;

        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    for (size_t t = 0; t < 64; t++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t one = h + s1 + ((e & f) ^ (~e & g)) + round_constants[t] + w[t];
        uint32_t two = s0 + ((a & b) ^ (a & c) ^ (b & c));

        h = g, g = f, f = e, e = d + one;
        d = c, c = b, b = a, a = one + two;
    }
    sum[0] += a, sum[1] += b, sum[2] += c, sum[3] += d;
    sum[4] += e, sum[5] += f, sum[6] += g, sum[7] += h;
}

/* What is left of the data, a 1 bit, zeros, and the length in bits: one block or two. */
static void add_end(uint32_t sum[8], const unsigned char *rest, size_t rest_len, uint64_t len)
{
    unsigned char last[2 * BLOCK] = {0};
    size_t size = rest_len < BLOCK - 8 ? BLOCK : 2 * BLOCK;

    if (rest_len)
        memcpy(last, rest, rest_len);
    last[rest_len] = 0x80;
    for (size_t i = 0; i < 8; i++)
        last[size - 1 - i] = (unsigned char)(len * 8 >> 8 * i);
    for (size_t i = 0; i < size; i += BLOCK)
        add_block(sum, last + i);
}

static void to_hex(const unsigned char *bytes, size_t digits, char *ret)
{
    for (size_t i = 0; i < digits; i++)
        ret[i] = "0123456789abcdef"[i % 2 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4];
    ret[digits] = '\0';
}

void sha256_hex(const void *data, size_t len, char ret[SHA256_HEX_SIZE])
{
    uint32_t sum[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char bytes[32];
    const unsigned char *at = data;
    size_t left = len;

    for (; left >= BLOCK; left -= BLOCK, at += BLOCK)
        add_block(sum, at);
    add_end(sum, at, left, len);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(sum[i / 4] >> (24 - 8 * (i % 4)));
    to_hex(bytes, 64, ret);
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
