/* drivers/fake/ops.c: the tables. */
#include "drivers/fake/state.h"

const struct reader_ops fake_reader_ops = {
    .info = fake_info,
    .container_list = fake_container_list,
    .container_inspect = fake_container_inspect,
    .container_logs = fake_container_logs,
    .network_list = fake_network_list,
    .network_inspect = fake_network_inspect,
    .volume_list = fake_volume_list,
    .volume_inspect = fake_volume_inspect,
    .image_list = fake_image_list,
    .image_inspect = fake_image_inspect,
    .exec_inspect = fake_exec_inspect,
    .events = fake_events,
};

const struct writer_ops fake_writer_ops = {
    .container_create = fake_container_create,
    .container_start = fake_container_start,
    .container_stop = fake_container_stop,
    .container_restart = fake_container_restart,
    .container_kill = fake_container_kill,
    .container_remove = fake_container_remove,
    .container_rename = fake_container_rename,
    .container_copy = fake_container_copy,
    .container_wait = fake_container_wait,
    .container_attach = fake_container_attach,
    .container_resize = fake_container_resize,
    .exec_create = fake_exec_create,
    .exec_start = fake_exec_start,
    .exec_resize = fake_exec_resize,
    .network_create = fake_network_create,
    .network_remove = fake_network_remove,
    .network_connect = fake_network_connect,
    .network_disconnect = fake_network_disconnect,
    .volume_create = fake_volume_create,
    .volume_remove = fake_volume_remove,
    .image_pull = fake_image_pull,
    .image_build = fake_image_build,
    .image_remove = fake_image_remove,
    .image_tag = fake_image_tag,
};
