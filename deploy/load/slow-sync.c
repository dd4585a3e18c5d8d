/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: the Aval authors */
/* A disk whose every sync takes as many microseconds more as the file SLOW_SYNC says. Preloaded: see deploy/load/sync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int fdatasync(int fd)
{
    static int (*really)(int);
    const char *name = getenv("SLOW_SYNC");
    FILE *file = name ? fopen(name, "r") : NULL;
    unsigned longer = 0;

    if (file) {
        if (fscanf(file, "%u", &longer) != 1)
            longer = 0;
        fclose(file);
    }
    if (!really)
        really = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
    int result = really(fd);
    if (longer)
        usleep(longer);
    return result;
}
