/* core/plan/providers.h: services that another program provides (`provider:`): no containers, but
 * variables for those that depend on them. */
#ifndef CORE_PLAN_PROVIDERS_H
#define CORE_PLAN_PROVIDERS_H

#include "core/plan/plan.h"

struct project;
struct service;

/* Adds every enabled provider, each after the ones it depends on. Run before reconcile_up: what
 * they tell belongs to the configuration that is compared. */
void plan_providers(struct plan *plan, const struct project *p);
/* One node, without words and without an order. */
struct plan_node *plan_provider(struct plan *p, const struct project *project,
                                const struct service *s, enum op_kind op);
/* A variable a provider has told of goes to what depends on it: with the service's name before it,
 * or (raw) as it is. */
void plan_provided(struct project *p, const char *service, const char *name, const char *value,
                   bool raw);

/* A copy of a service of the model, made before they told, gets what it lacks. */
void plan_provided_to(const struct project *p, struct service *copy);

#endif
