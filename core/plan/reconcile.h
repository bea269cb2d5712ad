/* core/plan/reconcile.h: project and observed state in, plan out. Pure: no I/O, no clock, no loop.
 *
 * What is decided here, and the order docker compose does it in*/
#ifndef CORE_PLAN_RECONCILE_H
#define CORE_PLAN_RECONCILE_H

#include "core/model/observed.h"
#include "core/plan/plan.h"

struct arena;
struct diags;
struct project;

/* What the driver said of something whose labels do not tell in what it has changed. */
struct compared {
    const char *key;       /* compared.h */
    const char *was, *now; /* struct reply */
};
struct compared_list {
    struct compared *items;
    size_t len;
};

/* What the engine holds for one project, asked for in one go (core/exec/observe.h). */
struct observed {
    struct engine_info info;
    struct containers containers; /* of the project, one-offs included, any state */
    struct containers hooks;      /* of pre_start hooks that failed, kept to be looked into */
    struct networks networks;     /* of the project by label, and those the model names */
    struct volumes volumes;
    struct images images;    /* of the services, by reference; absent ones are not in it */
    struct mapping contents; /* digests of the files of configs and secrets: "configs.app" */
    bool lock_left;          /* who changed the project was killed: this may not be all of it */
    int64_t hooks_since;     /* he did so from then on, Unix seconds: what was started since may
                                lack its post_start hooks, and has `started_at`; 0: nobody */
    /* Asked for when a plan needs it: compared.h. */
    struct compared_list compared;
    struct strings names_asked;
    struct containers strangers; /* not the project's, with one of those names */
};

enum recreate { RECREATE_CHANGED, RECREATE_FORCE, RECREATE_NEVER };

struct service_scale {
    const char *service;
    int replicas;
};

struct up_options {
    bool create, start;          /* which halves; `create` makes and changes, `start` starts */
    enum recreate recreate;      /* of the services named */
    enum recreate recreate_deps; /* of the others */
    struct strings services;     /* named on the command line; empty: all enabled */
    bool no_deps;
    bool renew_anon_volumes; /* -V */
    /* Of plan_changed_volumes: the ones that are made anew, with the containers that use them. */
    struct strings recreate_volumes;
    bool remove_orphans, ignore_orphans;
    bool wait;            /* --wait: WAIT nodes for every service at the end */
    int64_t wait_timeout; /* seconds; 0: for ever */
    int64_t timeout;      /* of stops; TIMEOUT_DEFAULT */
    const struct service_scale *scale;
    size_t scale_len;
    bool attached; /* the start half tells nothing (docker compose's words) */
    /* `run`: networks and volumes of this service are made as well, but not its containers; the
     * waits of its depends_on conditions are part of the plan. NULL: not a run. */
    const char *for_run;
};

/* NULL after reporting an error (an external network that is not there, a name conflict...).
 * Warnings (orphans, foreign volumes) go to diags. */
struct plan *reconcile_up(struct arena *a, const struct project *p, const struct observed *o,
                          const struct up_options *opts, struct diags *diags);

/* `x-protect` of a volume that is only removed when that is asked for by its name, whatever it says
 * but false; NULL. */
const struct node *volume_protection(const struct volume *v);
/* A volume of this project, there but made from another definition. */
bool volume_is_changed(const struct project *p, const struct observed *o, const struct volume *v);
/* Keys of the volumes that are there, not as the model says, and not protected. Making one anew
 * loses what it holds: the user is asked before reconcile_up. */
struct strings plan_changed_volumes(struct arena *a, const struct project *p,
                                    const struct observed *o);
/* What changed about one of them, in a line. */
const char *plan_volume_change(struct arena *a, const struct project *p, const struct observed *o,
                               const char *key);

/* Images to pull and build before reconcile_up, by pull_policy, --pull, --build, --no-build. */
struct service_images {
    const char *service;
    struct strings images;
};

struct image_options {
    const char *pull; /* --pull: overrides every policy; NULL */
    bool build, no_build, no_cache, pull_bases, quiet;
    struct strings services;
    const struct mapping *build_args; /* --build-arg, over the model's */
    bool only_build, only_pull;       /* the build and pull commands */
    bool build_named;                 /* `build` is not about what the services named depend on */
    bool ignore_buildable, include_deps;
    bool untold_builds; /* the build log is all that is told (`run`) */
    /* What builds start from (dockerfile.h); those not among the observed
     * images are pulled first. */
    const struct service_images *bases;
    size_t bases_len;
    bool bases_known;
    int64_t now; /* Unix seconds: for pull_policy daily, weekly, every_... */
};
struct plan *plan_images(struct arena *a, const struct project *p, const struct observed *o,
                         const struct image_options *opts, struct diags *diags);
/* Whether any of the services named (all when empty) has a build section. */
bool plan_has_builds(const struct project *p, const struct strings *services);
/* Image references plan_images and reconcile_up want to know about. */
struct strings plan_image_refs(struct arena *a, const struct project *p,
                               const struct strings *services);

/* DOCKER_DEFAULT_PLATFORM is the platform of services that are built, for all commands that build
 * or create. Reports services whose build excludes it. */
int plan_platforms(struct project *p, struct diags *diags);
/* Services with use_api_socket get what it means; `credentials`: a config.json for them. */
void plan_api_sockets(struct project *p, const char *credentials);

struct down_options {
    bool remove_orphans, volumes;
    const char *rmi; /* NULL, "local", "all" */
    int64_t timeout;
    struct strings services;
    struct strings unprotect; /* keys of volumes that go although they are marked x-protect */
};
/* `p` may have no model behind it (down -p NAME): then services are those of the labels. */
struct plan *plan_down(struct arena *a, const struct project *p, const struct observed *o,
                       const struct down_options *opts, struct diags *diags);

struct lifecycle_options {
    struct strings services;
    int64_t timeout;
    const char *signal;
    bool no_deps, force, volumes, stop, remove_orphans;
};
struct plan *plan_start(struct arena *a, const struct project *p, const struct observed *o,
                        const struct lifecycle_options *opts, struct diags *diags);
struct plan *plan_stop(struct arena *a, const struct project *p, const struct observed *o,
                       const struct lifecycle_options *opts, struct diags *diags);
struct plan *plan_restart(struct arena *a, const struct project *p, const struct observed *o,
                          const struct lifecycle_options *opts, struct diags *diags);
struct plan *plan_kill(struct arena *a, const struct project *p, const struct observed *o,
                       const struct lifecycle_options *opts, struct diags *diags);
/* What is up; one that is paused already, or is not, is the engine's to complain of. */
struct plan *plan_pause(struct arena *a, const struct project *p, const struct observed *o,
                        const struct lifecycle_options *opts, struct diags *diags);
struct plan *plan_unpause(struct arena *a, const struct project *p, const struct observed *o,
                          const struct lifecycle_options *opts, struct diags *diags);
struct plan *plan_rm(struct arena *a, const struct project *p, const struct observed *o,
                     const struct lifecycle_options *opts, struct diags *diags);

struct one_off_options {
    const char *name, *slug;
    bool use_aliases;
    bool foreseen; /* nothing is made: what it depends on need not be there */
};
/* One container of `run`: dependencies up first (a plan of its own with reconcile_up), then this,
 * observed again. The service is the model's, changed by the command line. */
struct container_create *plan_one_off(struct arena *a, const struct project *p,
                                      const struct observed *o, const struct service *s,
                                      const struct one_off_options *opts, struct diags *diags);
/* Reports files of secrets and configs that a new container of `s` cannot mount; -1 if any. */
int plan_mounted_files(struct arena *a, const struct project *p, const struct service *s,
                       struct diags *diags);
/* Contents of secrets and configs to copy into a container of `s`; may be none. */
int plan_files(struct arena *a, const struct project *p, const struct service *s,
               struct file_copy **ret, size_t *ret_len, struct diags *diags);

/* Names and labels (names.c). */
const char *container_name_of(struct arena *a, const struct project *p, const struct service *s,
                              int number);
const char *image_of(struct arena *a, const struct project *p, const struct service *s);
/* A project known only by its containers' labels (-p NAME without a file)*/
struct project *project_from_labels(struct arena *a, const char *name, const struct observed *o);
/* Disables what is neither named nor depended on by what is, as the loader does. Returns the first
 * name that is no service; NULL: there is none. */
const char *project_keep(struct project *p, const struct strings *named);

#endif
