#include "drivers/docker/docker.h"

#include "core/base/mem.h"
#include "drivers/docker/http.h"
#include "drivers/docker/internal.h"

#include <stdlib.h>

const char *docker_env(const struct docker *d, const char *name)
{
    const char *value = d->lookup ? d->lookup(d->from, name) : getenv(name);

    return str_empty(value) ? NULL : value;
}

/* -- info: no request of its own, what the version negotiation learned
 * is enough ---------------- */

static int know_already(struct call *c, struct err *err)
{
    (void)err;
    c->reply.info = &c->d->info;
    call_succeed(c);
    return 0;
}

struct call *docker_info(struct reader *r, struct arena *a, call_done *done, void *owner)
{
    struct call *c = call_new(reader_docker(r), done, owner);

    (void)a;
    call_get(c, "/info");
    c->on_version = know_already;
    return call_send(c);
}

/* ---- closing ---- */

static void on_closed(struct docker *d)
{
    if (--d->handles)
        return;
    address_done(&d->at);
    client_done(&d->client);
    free(d->os_type);
    free(d);
}

static void on_http_closed(void *owner)
{
    on_closed(owner);
}

static void on_ender_closed(uv_handle_t *handle)
{
    on_closed(handle->data);
}

void docker_tear_down(struct docker *d)
{
    if (d->torn_down)
        return;
    d->torn_down = true;
    http_close(d->http, on_http_closed, d);
    uv_close((uv_handle_t *)&d->ender, on_ender_closed);
}

static void docker_close(struct driver *driver)
{
    struct docker *d = (struct docker *)driver;

    if (d->closing)
        return;
    d->closing = true;
    if (d->ping)
        http_cancel(d->ping);
    d->ping = NULL;
    call_close_all(d);
}

/* ---- the tables ---- */

static const struct reader_ops reader_ops = {
    .info = docker_info,
    .container_list = docker_container_list,
    .container_inspect = docker_container_inspect,
    .container_logs = docker_container_logs,
    .network_list = docker_network_list,
    .network_inspect = docker_network_inspect,
    .volume_list = docker_volume_list,
    .volume_inspect = docker_volume_inspect,
    .image_list = docker_image_list,
    .image_inspect = docker_image_inspect,
    .image_digest = docker_image_digest,
    .exec_inspect = docker_exec_inspect,
    .compare = docker_compare,
    .check = docker_check,
    .events = docker_events,
};

static const struct writer_ops writer_ops = {
    .container_create = docker_container_create,
    .container_start = docker_container_start,
    .container_stop = docker_container_stop,
    .container_restart = docker_container_restart,
    .container_kill = docker_container_kill,
    .container_pause = docker_container_pause,
    .container_unpause = docker_container_unpause,
    .container_remove = docker_container_remove,
    .container_rename = docker_container_rename,
    .container_copy = docker_container_copy,
    .container_wait = docker_container_wait,
    .container_attach = docker_container_attach,
    .container_resize = docker_container_resize,
    .exec_create = docker_exec_create,
    .exec_start = docker_exec_start,
    .exec_resize = docker_exec_resize,
    .network_create = docker_network_create,
    .network_remove = docker_network_remove,
    .network_connect = docker_network_connect,
    .network_disconnect = docker_network_disconnect,
    .volume_create = docker_volume_create,
    .volume_remove = docker_volume_remove,
    .image_pull = docker_image_pull,
    .image_build = docker_image_build,
    .image_remove = docker_image_remove,
    .image_tag = docker_image_tag,
};

static const struct driver_ops driver_ops = {
    .name = "docker",
    .send = call_input,
    .send_end = call_input_end,
    .cancel = call_cancel,
    .close = docker_close,
};

int docker_open(uv_loop_t *loop, const struct docker_options *o, struct driver **ret,
                struct err *err)
{
    struct docker *d = mem_calloc(1, sizeof *d);

    if (address_find(o, &d->at, err) < 0) {
        free(d);
        return -1;
    }
    client_read(&d->client, d->at.config_dir, d->at.host);
    d->http = http_new(loop, &d->at, d->client.headers, o->connections_max, err);
    if (!d->http) {
        address_done(&d->at);
        client_done(&d->client);
        free(d);
        return -1;
    }
    d->driver.ops = &driver_ops;
    d->driver.reader.ops = &reader_ops;
    d->driver.writer.ops = &writer_ops;
    d->loop = loop;
    d->lookup = o->lookup;
    d->from = o->from;
    uv_timer_init(loop, &d->ender);
    d->ender.data = d;
    d->handles = 2;
    *ret = &d->driver;
    return 0;
}
