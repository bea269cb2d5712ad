/* core/plan/fingerprint.h: all that a plan was made of, small enough to be kept and compared: what
 * the engine holds, by name, and digests of what the files say.
 *
 *     "container demo-web-1" -> "<id> running", "image nginx" -> "<id>", "service web" ->
 * "<digest>" */
#ifndef CORE_PLAN_FINGERPRINT_H
#define CORE_PLAN_FINGERPRINT_H

#include "core/base/digest.h"
#include "core/model/model.h" /* struct mapping */

struct arena;
struct observed;
struct plan;
struct str;

/* Sorted by key. */
struct mapping fingerprint(struct arena *a, const struct project *p, const struct observed *o);
/* A line each: "container demo-web-1: was running, is exited". Nothing: all is as it was. */
void fingerprint_moved(const struct mapping *was, const struct mapping *is, struct str *out);
/* Of the steps, with their order and causes. */
void plan_digest(const struct plan *p, char ret[SHA256_HEX_SIZE]);

#endif
