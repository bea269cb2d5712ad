/* core/plan/names.h: what containers and images are called; the rest of it is in reconcile.h. */
#ifndef CORE_PLAN_NAMES_H
#define CORE_PLAN_NAMES_H

#include <stdbool.h>

struct arena;
struct project;
struct service;

const char *name_separator(const struct project *p); /* "-", or "_" in compatibility mode */

/* A container that takes over from another is called so until the other one is gone. A crash in
 * between leaves the name behind: is_temporary_name() tells that, whatever the old id was. */
const char *temporary_name(struct arena *a, const char *old_id, const char *name);
bool is_temporary_name(const char *name, const char *of);

/* Where its containers run: its own, else DOCKER_DEFAULT_PLATFORM; NULL: the engine's. */
const char *platform_of(const struct project *p, const struct service *s);

const char *short_id(struct arena *a, const char *id);            /* 12 digits, without "sha256:" */
const char *container_subject(struct arena *a, const char *name); /* "Container demo-web-1" */

#endif
