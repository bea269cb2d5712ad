/* core/plan/labels.h: the labels docker compose puts on what it makes, and our own.
 *
 * Whether something is unchanged is told by docker compose's config-hash, so that projects change
 * hands without a recreate. Ours say what exactly changed, and see what the hash does not cover;
 * where they are missing, or written by a newer schema, nothing follows from that. */
#ifndef CORE_PLAN_LABELS_H
#define CORE_PLAN_LABELS_H

#include "core/model/model.h" /* struct mapping */

#include <stdbool.h>

struct arena;
struct attr_table;
struct causes;
struct compared;
struct node;

#define LABEL_PREFIX       "com.docker.compose."
#define LABEL_PROJECT      LABEL_PREFIX "project"
#define LABEL_SERVICE      LABEL_PREFIX "service"
#define LABEL_VERSION      LABEL_PREFIX "version"
#define LABEL_ONEOFF       LABEL_PREFIX "oneoff"
#define LABEL_NUMBER       LABEL_PREFIX "container-number"
#define LABEL_HASH         LABEL_PREFIX "config-hash"
#define LABEL_DEPENDS_ON   LABEL_PREFIX "depends_on"
#define LABEL_IMAGE        LABEL_PREFIX "image"
#define LABEL_WORKING_DIR  LABEL_PREFIX "project.working_dir"
#define LABEL_CONFIG_FILES LABEL_PREFIX "project.config_files"
#define LABEL_ENV_FILE     LABEL_PREFIX "project.environment_file"
#define LABEL_REPLACE      LABEL_PREFIX "replace"
#define LABEL_SLUG         LABEL_PREFIX "slug"
#define LABEL_NETWORK      LABEL_PREFIX "network"
#define LABEL_VOLUME       LABEL_PREFIX "volume"
#define LABEL_HOOK         LABEL_PREFIX "hook"
#define LABEL_BUILDER      LABEL_PREFIX "image.builder"

#define LABEL_OWN_PREFIX "dev.mcompose."
#define LABEL_SCHEMA     LABEL_OWN_PREFIX "schema" /* of the following ones */
#define LABEL_CONFIG     LABEL_OWN_PREFIX "config" /* core/render/canonical.h */
#define LABEL_FILES      LABEL_OWN_PREFIX "files"  /* core/plan/contents.h */
#define LABEL_CAUSE      LABEL_OWN_PREFIX "cause"  /* why it was made anew, the last time */

#define LABEL_SCHEMA_NOW "1"

/* The docker compose whose behaviour this is. */
#define COMPOSE_VERSION "2.40.3"

struct label_facts {
    const char *hash;     /* NULL: left out, plan_complete() adds it */
    const char *image_id; /* NULL: not known */
    const char *replace;  /* NULL: replaces nothing */
    const char *slug;     /* of a one-off; NULL otherwise */
    int number;           /* 0: one-off */
    const char *config;   /* NULL: left out, as with hash */
    const char *files;    /* NULL or "": has none */
    const char *cause;    /* NULL: it is new */
};
/* What one of our own labels says; NULL: nothing that this schema understands. */
const char *own_label(const struct mapping *labels, const char *key);
struct mapping container_labels(struct arena *a, const struct project *p, const struct service *s,
                                const struct label_facts *f);
struct mapping network_labels(struct arena *a, const struct project *p, const struct network *n);
struct mapping volume_labels(struct arena *a, const struct project *p, const struct volume *v);
struct mapping hook_labels(struct arena *a, const struct project *p, const struct service *s);
struct mapping image_labels(struct arena *a, const struct project *p, const struct service *s,
                            bool buildkit);

/* Causes for what an object whose config-hash is another one has on its labels and `now`, its
 * canonical configuration, has not. Without our labels, for what the driver says (compared.h; NULL:
 * nothing yet). "configuration changed" when that cannot be told. */
void causes_of_change(struct arena *a, struct causes *list, const struct attr_table *t,
                      const struct mapping *labels, const struct compared *compared,
                      const char *now, const struct node *now_at);

/* A copy of m with one entry set, still sorted. */
struct mapping mapping_with(struct arena *a, const struct mapping *m, const char *key,
                            const char *value);

#endif
