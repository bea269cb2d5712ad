/* core/render/render.h: the model as text: `config` in YAML and JSON, and the config-hash.
 *
 * All three walk the attribute tables in printing order. */
#ifndef CORE_RENDER_RENDER_H
#define CORE_RENDER_RENDER_H

#include <stdbool.h>

struct attr;
struct node;
struct project;
struct service;
struct network;
struct volume;
struct str;

/* Takes away what is in `out` so far, if it is worth it: called now and then while rendering, so
 * that the text of a large project need not be in memory as a whole. */
typedef void drain_fn(void *owner, struct str *out);

/* The whole text is in `out` and what `drain` took before; drain may be NULL. */
void render_yaml(const struct project *p, struct str *out, drain_fn *drain,
                 void *owner); /* `$` doubled, ends with a newline */
void render_json(const struct project *p, struct str *out, drain_fn *drain,
                 void *owner); /* indent 2, no final newline */
/* The raw tree of --no-interpolate: maps sorted, `$` not doubled. */
void render_tree_yaml(const struct node *n, struct str *out);
void render_tree_json(const struct node *n, struct str *out);

/* A size, duration or mode as `config` prints it, where that is not as it is written; else false.
 * `row` may be NULL. */
bool render_measure(const struct attr *row, const struct node *n, struct str *out);

/* The two encodings of a service's hash that exist in the wild; a container that carries either is
 * unchanged. HASH_V2 is docker compose 2.x, which we write. */
enum hash_generation { HASH_V2, HASH_V5 };

/* References of a service to containers, resolved to ids; NULL members: as written in the model. */
struct service_refs {
    const char *network_mode, *ipc, *pid; /* "container:<id>" */
    const char *const *volumes_from;      /* container ids */
    unsigned long volumes_from_len;
};

/* `for_config`: as `config --hash` prints it: 2.x hashes the paths of env_file in place of their
 * content. */
void hash_service(const struct service *s, const struct service_refs *refs, enum hash_generation g,
                  char ret[65]);
void hash_service_config(const struct project *p, const struct service *s, char ret[65]);
void hash_service_json(const struct service *s, const struct service_refs *refs,
                       enum hash_generation g,
                       struct str *out); /* what is hashed; for tests and `why` */
void hash_network(const struct network *n, enum hash_generation g, char ret[65]);
void hash_volume(const struct volume *v, char ret[65]);

#endif
