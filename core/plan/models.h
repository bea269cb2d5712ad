/* core/plan/models.h: models that docker's plugin runs (`models:`): no containers, but two
 * variables for each service that uses one.
 *
 * Before anything is compared the plugin is asked which models it has and where they are reached
 * (cmd/models.c); what it tells becomes part of the environment of those services. */
#ifndef CORE_PLAN_MODELS_H
#define CORE_PLAN_MODELS_H

#include "core/plan/plan.h"

struct project;

#define NO_MODEL_PLUGIN "'models' support requires Docker Model plugin"

/* Adds to `p` what makes the models ready: each that is not among `available` is pulled, and each
 * is configured. */
void plan_models(struct plan *p, const struct project *project, const struct strings *available);
/* compose-spec 05-services.md, models: <MODEL>_MODEL and <MODEL>_URL, or as the service calls
 * them. What the service says itself is overridden. */
void models_reached(struct project *p, const char *endpoint);

#endif
