/* core/render/canonical.h: what the config-hash covers, in a form that may be kept and compared:
 * the same JSON, compact, with secrets and very long texts replaced by digests of them. */
#ifndef CORE_RENDER_CANONICAL_H
#define CORE_RENDER_CANONICAL_H

#include <stddef.h>

struct network;
struct service;
struct service_refs;
struct str;
struct volume;

/* What stands before a digest, and alone where a secret is shown. */
#define CANONICAL_MASK   "***"
#define CANONICAL_DIGEST 13 /* bytes of a digest: 12 hex digits and NUL */

/* Appended to `out`. Without `refs`, references stay as the model has them. */
void canonical_service(const struct service *s, const struct service_refs *refs, struct str *out);
void canonical_network(const struct network *n, struct str *out);
void canonical_volume(const struct volume *v, struct str *out);

/* One text of it: masked when the key is named like a secret, or where it is a URL's password. */
void canonical_text(const char *key, const char *text, struct str *out);
/* Equal for equal contents under the same key; too short to search for the contents. */
void canonical_digest(const char *key, const char *bytes, size_t len, char ret[CANONICAL_DIGEST]);
/* As a person is shown it: of a digest, only the mask. */
void canonical_shown(const char *text, struct str *out);

#endif
