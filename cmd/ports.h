/* cmd/ports.h: the ports of a container as `docker ps` writes them. */
#ifndef CMD_PORTS_H
#define CMD_PORTS_H

struct container;
struct str;

void ports_text(const struct container *c,
                struct str *out); /* "0.0.0.0:80->80/tcp, 8000-8003/tcp" */

#endif
