/* core/schema/passes.h: the loops over the rows. Each takes a tree rooted at the whole file.
 *
 * The canonical tree between documents is that of docker compose: ports, volumes, depends_on
 * and such are in their long form, while environment, labels, command, sizes and the like stay as
 * they were written, because the merge rules and `config --no-interpolate` see both of their forms.
 * Only schema_expand_values, right before schema_decode, turns those
 * into what the decoder takes. */
#ifndef CORE_SCHEMA_PASSES_H
#define CORE_SCHEMA_PASSES_H

#include "core/schema/attr.h"

struct item;
struct node;

/* Casts strings at rows with .cast, after interpolation. -1 if any could not be. */
int schema_cast(struct schema_ctx *cx, struct node *doc);
/* Types, unknown keys (with the nearest known one), required keys, words, patterns, ranges, unique
 * items. Reports every problem; -1 if there was any. */
int schema_validate(struct schema_ctx *cx, const struct node *model);
/* Short forms to long ones (rows with .expand). -1 if any made no sense;
 * that one stays as it is. */
int schema_expand(struct schema_ctx *cx, struct node *model);
/* The rest (rows with .expand_late): lists of k=v to maps, text to lists, commands to words. Once,
 * on the final tree; environment and build.args must be resolved before. */
int schema_expand_values(struct schema_ctx *cx, struct node *model);
/* Merges `over` onto `base`, two whole files, and returns the result, reusing both trees. NULL
 * after an error; `base` then still is a usable tree. */
struct node *schema_merge(struct schema_ctx *cx, struct node *base, struct node *over);
struct node *schema_merge_service(struct schema_ctx *cx, const char *name, struct node *base,
                                  struct node *over);
/* Later list items replace earlier ones with the same key. */
int schema_unique(struct schema_ctx *cx, struct node *model);
/* Relative paths to paths in cx->dir, which may itself be relative. */
int schema_paths(struct schema_ctx *cx, struct node *model);
/* Warns about every attribute in use that mcompose does not act upon yet.
 * Once, on the final tree. */
void schema_warn_unsupported(struct schema_ctx *cx, struct node *model);
/* Warns about every attribute in use that one engine has no use for: for
 * commands that make containers. */
void schema_warn_no_effect(struct schema_ctx *cx, struct node *model);
/* Fills a struct of table `t` from its canonical node; item.key is the caller's. Reports every bad
 * value with its position; -1 if there was any. */
int schema_decode(struct schema_ctx *cx, const struct attr_table *t, const struct attr_path *at,
                  const struct node *n, void *ret);

#endif
