/* drivers/docker/base64.h: base64, both alphabets. */
#ifndef DRIVERS_DOCKER_BASE64_H
#define DRIVERS_DOCKER_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct str;

void base64_encode(const void *bytes, size_t len, bool url, struct str *out); /* padded */
int base64_decode(const char *text, size_t len,
                  struct str *out); /* -1: not base64; space is skipped */

#endif
