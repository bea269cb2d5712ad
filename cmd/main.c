#include "cmd/app.h"

#include <fcntl.h>
#include <unistd.h>

/* A descriptor that was closed by who started us must not become a connection to the engine. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) /* the lowest that is free */
            _exit(1);
}

int main(int argc, char **argv, char **environment)
{
    open_standard_descriptors();
    return app_main(argc, argv, environment);
}
