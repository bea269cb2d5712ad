/* core/render/hash.h: objects as the config-hash sees them, for the files that write that form. */
#ifndef CORE_RENDER_HASH_H
#define CORE_RENDER_HASH_H

#include "core/model/model.h"
#include "core/render/render.h"

/* References are ids, env_file has become environment. */
struct service hashed_service(const struct service *s, const struct service_refs *refs);
struct volume hashed_volume(const struct volume *v); /* the driver is named */

#endif
