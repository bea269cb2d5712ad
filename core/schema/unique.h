/* core/schema/unique.h: when two list items are the same thing, named by the rows. */
#ifndef CORE_SCHEMA_UNIQUE_H
#define CORE_SCHEMA_UNIQUE_H

#include "core/schema/attr.h"

key_fn key_before_equals; /* text before the first '=' */
key_fn key_config_target;
key_fn key_env_file; /* path */
key_fn key_expose;
key_fn key_port; /* host_ip, published, target, protocol */
key_fn key_secret_target;
key_fn key_target;
key_fn key_volume; /* target, of the short form too */

#endif
