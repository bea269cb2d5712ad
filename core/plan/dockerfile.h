/* core/plan/dockerfile.h: which images a Dockerfile starts from.
 *
 * The engine's BuildKit cannot fetch them from a registry that asks for a token when no session is
 * open, so those that are missing are pulled before the build. Only what the target needs is told:
 * bases of its stages, images of COPY --from and RUN --mount=from, and the frontend of a `#
 * syntax=` line. */
#ifndef CORE_PLAN_DOCKERFILE_H
#define CORE_PLAN_DOCKERFILE_H

#include "core/model/model.h" /* struct strings, struct mapping */

#include <stddef.h>

struct arena;

/* args: the build arguments, NULL: none; target: NULL or "": the last stage. References whose
 * variables are not known are left out; so are stages, `scratch`, and anything a damaged file does
 * not make clear. */
struct strings dockerfile_images(struct arena *a, const char *text, size_t len,
                                 const struct mapping *args, const char *target);

#endif
