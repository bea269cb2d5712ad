/* core/plan/order.h: services in the order they depend on each other. */
#ifndef CORE_PLAN_ORDER_H
#define CORE_PLAN_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct project;
struct service;
struct strings;

struct services {
    const struct service **items;
    size_t len;
};

/* What is depended on comes first; among those that are free to go, the alphabet decides. Disabled
 * services are left out unless asked for. A cycle, which only labels can
 * hold, is broken anywhere. */
struct services plan_order(struct arena *a, const struct project *p, bool with_disabled);

/* Named, or nothing is named at all. */
bool service_asked(const struct strings *named, const char *service);

#endif
