/* core/schema/report.h: problems of an attribute, with its path and docker compose's ways of
 * writing it. */
#ifndef CORE_SCHEMA_REPORT_H
#define CORE_SCHEMA_REPORT_H

#include "core/base/attr.h" /* PRINTF_LIKE */
#include "core/base/err.h"  /* struct loc */
#include "core/schema/attr.h"

struct diag;

struct diag *schema_error(struct schema_ctx *cx, const struct attr_path *at, struct loc loc,
                          const char *fmt, ...) PRINTF_LIKE(4, 5);
struct diag *schema_warn(struct schema_ctx *cx, const struct attr_path *at, struct loc loc,
                         const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Docker compose writes services.a.ports.0 in one message, services.a.ports.[0] in the next,
 * services.a.ports.[] in a third and services[a].ports[0] in a fourth. */
enum index_style { INDEX_PLAIN, INDEX_BRACKETS, INDEX_EMPTY, INDEX_DECODE };
void attr_path_docker(const struct attr_path *at, enum index_style style, struct str *out);

/* A value as part of a message: "'80a'", "the number '3'", "a mapping". Secrets are masked. */
void describe_node(const struct node *n, struct str *out);
const char *node_shown(const struct node *n,
                       struct str *buf); /* the text alone, masked if secret */

#endif
