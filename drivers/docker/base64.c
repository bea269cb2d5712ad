#include "drivers/docker/base64.h"

#include "core/base/str.h"

#include <stdint.h>

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64_encode(const void *bytes, size_t len, bool url, struct str *out)
{
    const char *alphabet = url ? for_urls : standard;
    const unsigned char *in = bytes;

    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)in[i] << 16;

        group |= i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0;
        group |= i + 2 < len ? (uint32_t)in[i + 2] : 0;
        str_addc(out, alphabet[group >> 18]);
        str_addc(out, alphabet[group >> 12 & 63]);
        str_addc(out, i + 1 < len ? alphabet[group >> 6 & 63] : '=');
        str_addc(out, i + 2 < len ? alphabet[group & 63] : '=');
    }
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

int base64_decode(const char *text, size_t len, struct str *out)
{
    uint32_t bits = 0;
    unsigned count = 0;
    size_t i = 0;

    for (; i < len && text[i] != '='; i++) {
        int value = digit(text[i]);

        if (text[i] == '\n' || text[i] == '\r' || text[i] == ' ')
            continue;
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            str_addc(out, (char)(unsigned char)(bits >> count));
        }
    }
    for (; i < len; i++) {
        if (text[i] != '=' && text[i] != '\n' && text[i] != '\r')
            return -1;
    }
    return count == 6 ? -1 : 0; /* a lone digit stands for nothing */
}
