/* core/plan/labels.h: the labels docker compose puts on what it makes. */
#ifndef CORE_PLAN_LABELS_H
#define CORE_PLAN_LABELS_H

#include "core/model/model.h" /* struct mapping */

#include <stdbool.h>

struct arena;

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
#define LABEL_BUILDER      LABEL_PREFIX "image.builder"

/* The docker compose whose behaviour this is. */
#define COMPOSE_VERSION "2.40.3"

struct label_facts {
    const char *hash;     /* NULL: left out, plan_complete() adds it */
    const char *image_id; /* NULL: not known */
    const char *replace;  /* NULL: replaces nothing */
    const char *slug;     /* of a one-off; NULL otherwise */
    int number;           /* 0: one-off */
};
struct mapping container_labels(struct arena *a, const struct project *p, const struct service *s,
                                const struct label_facts *f);
struct mapping network_labels(struct arena *a, const struct project *p, const struct network *n);
struct mapping volume_labels(struct arena *a, const struct project *p, const struct volume *v);
struct mapping image_labels(struct arena *a, const struct project *p, const struct service *s,
                            bool buildkit);

/* A copy of m with one entry set, still sorted. */
struct mapping mapping_with(struct arena *a, const struct mapping *m, const char *key,
                            const char *value);

#endif
