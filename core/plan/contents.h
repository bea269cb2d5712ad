/* core/plan/contents.h: what is in the configs and secrets of a service, as digests.
 *
 * docker compose's hash covers where they come from, not what they say: a changed file would go
 * unnoticed. "configs.app=0a1b2c3d4e5f secrets.key=..." goes into a label. */
#ifndef CORE_PLAN_CONTENTS_H
#define CORE_PLAN_CONTENTS_H

struct arena;
struct causes;
struct observed;
struct project;
struct service;

/* "" when there are none whose contents are known. */
const char *contents_of(struct arena *a, const struct project *p, const struct observed *o,
                        const struct service *s);
/* A cause for each whose content is not what `was`, an earlier contents_of, says. What only one
 * of the two knows is no difference: that is the hash's to tell. NULL `was`: nothing is known. */
void causes_of_contents(struct arena *a, struct causes *list, const struct project *p,
                        const struct observed *o, const struct service *s, const char *was);

#endif
