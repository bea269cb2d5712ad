/* core/base/digest.h: SHA-256 and random bytes, in hex. */
#ifndef CORE_BASE_DIGEST_H
#define CORE_BASE_DIGEST_H

#include <stddef.h>

#define SHA256_HEX_SIZE 65 /* 64 lower-case hex digits and NUL */

void sha256_hex(const void *data, size_t len, char ret[SHA256_HEX_SIZE]);
/* Nothing here speaks TLS: libcrypto, whoever uses it, needs neither texts of errors nor its
 * configuration, which cost every start a millisecond. Before anything else that initialises it. */
void digest_only(void);
void random_hex(char *ret, size_t digits); /* writes digits hex characters and NUL */

#endif
