/* core/schema/report.h: problems of an attribute, with its path and docker compose's ways of
 * writing it. */
#ifndef CORE_SCHEMA_REPORT_H
#define CORE_SCHEMA_REPORT_H

#include "core/base/attr.h" /* PRINTF_LIKE */
#include "core/base/err.h"  /* struct loc */
#include "core/schema/attr.h"

struct diag;
struct node;
struct node_pair;
struct str;

/* A problem of a value: with notes on how it came to be what it is. */
struct diag *schema_error(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                          const char *fmt, ...) PRINTF_LIKE(4, 5);
struct diag *schema_warn(struct schema_ctx *cx, const struct attr_path *at, const struct node *n,
                         const char *fmt, ...) PRINTF_LIKE(4, 5);
/* A problem of a key. */
struct diag *schema_key_error(struct schema_ctx *cx, const struct attr_path *at,
                              const struct node_pair *pair, const char *fmt, ...) PRINTF_LIKE(4, 5);
/* ... that is accepted but means nothing: an error under --strict. */
struct diag *schema_key_lax(struct schema_ctx *cx, const struct attr_path *at,
                            const struct node_pair *pair, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Docker compose writes services.a.ports.0 in one message, services.a.ports.[0] in the next,
 * services.a.ports.[] in a third and services[a].ports[0] in a fourth. */
enum index_style { INDEX_PLAIN, INDEX_BRACKETS, INDEX_EMPTY, INDEX_DECODE };
void attr_path_docker(const struct attr_path *at, enum index_style style, struct str *out);

/* Is the value a credential, by what went into it or by the name it has? */
bool is_secret_value(const struct attr_path *at, const struct node *n);
/* The project takes more memory than it may; -1. Said once. */
int schema_too_large(struct schema_ctx *cx, const struct attr_path *at, struct loc loc);

/* A value as part of a message: "'80a'", "the number '3'", "a mapping". Secrets are masked. */
void describe_node(const struct attr_path *at, const struct node *n, struct str *out);
/* The text alone, masked if secret. */
const char *node_shown(const struct attr_path *at, const struct node *n, struct str *buf);

#endif
