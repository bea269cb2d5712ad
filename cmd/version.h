/* cmd/version.h: our version. The version of docker compose whose behaviour we have is COMPOSE_VERSION of
 * core/plan/labels.h, which containers are labelled with. */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

#define MCOMPOSE_VERSION "0.1.0"

#endif
