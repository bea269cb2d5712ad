#include "drivers/docker/stream.h"

struct call *docker_container_logs(struct reader *r, const char *id, const struct log_options *o,
                                   output_fn *on_output, call_done *done, void *owner)
{
    struct call *c = stream_call_new(reader_docker(r), o->tty, on_output, NULL, done, owner);

    call_get(c, "/containers/%s/logs", id);
    call_query(c, "stdout", "1");
    call_query(c, "stderr", "1");
    call_query(c, "follow", o->follow ? "1" : NULL);
    call_query(c, "timestamps", o->timestamps ? "1" : NULL);
    call_query(c, "tail", o->tail);
    call_query(c, "since", o->since);
    call_query(c, "until", o->until);
    return call_send(c);
}
