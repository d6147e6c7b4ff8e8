// Runs a fuzz target without libFuzzer: each input, its prefixes, and seeded mutations of it.
#include "fuzz/fuzz_checks.h"

#include <dirent.h>
#include <qhm/random.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_INPUT_BYTES = 1 << 20, PREFIXES = 64, MUTATIONS = 200 };

static int input_count;
static size_t run_count;

// The target gets a block of exactly the input's size, so that a read past it is seen.
static void run(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    FUZZ_REQUIRE(exact);
    memcpy(exact, data, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    run_count++;
}

// Up to four edits: a byte changed, a bit flipped, a piece removed, a piece repeated.
static size_t mutate(qhm_random *random, uint8_t *data, size_t size)
{
    for (uint64_t edits = 1 + qhm_random_below(random, 4); edits > 0 && size > 0; edits--) {
        size_t at = (size_t)qhm_random_below(random, size);
        size_t length = 1 + (size_t)qhm_random_below(random, size - at < 16 ? size - at : 16);
        switch (qhm_random_below(random, 4)) {
        case 0:
            data[at] = (uint8_t)qhm_random_u32(random);
            break;
        case 1:
            data[at] ^= (uint8_t)(1u << qhm_random_below(random, 8));
            break;
        case 2:
            memmove(data + at, data + at + length, size - at - length);
            size -= length;
            break;
        default:
            if (size + length > MAX_INPUT_BYTES)
                break;
            memmove(data + at + length, data + at, size - at);
            size += length;
        }
    }
    return size;
}

static void run_around(const char *path, const uint8_t *data, size_t size)
{
    static uint8_t mutant[MAX_INPUT_BYTES];
    fprintf(stderr, "%s\n", path);
    run(data, size);
    for (size_t i = 0; i < PREFIXES && i < size; i++)
        run(data, size <= PREFIXES ? i : size * i / PREFIXES);
    qhm_random random = qhm_random_stream(1, QHM_RANDOM_USER, size, 0, 0);
    for (int i = 0; i < MUTATIONS; i++) {
        memcpy(mutant, data, size);
        run(mutant, mutate(&random, mutant, size));
    }
}

static void run_file(const char *path, int only_itself)
{
    static uint8_t data[MAX_INPUT_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    input_count++;
    if (only_itself)
        run(data, size);
    else
        run_around(path, data, size);
}

int main(int argument_count, char **arguments)
{
    for (int i = 1; i < argument_count; i++) {
        struct dirent **entries;
        int count = scandir(arguments[i], &entries, NULL, alphasort);
        if (count < 0) {
            run_file(arguments[i], 1);
            continue;
        }
        for (int e = 0; e < count; e++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", arguments[i], entries[e]->d_name);
            if (entries[e]->d_name[0] != '.')
                run_file(path, 0);
            free(entries[e]);
        }
        free(entries);
    }
    fprintf(stderr, "%d inputs, %zu runs\n", input_count, run_count);
    return input_count > 0 ? 0 : 1; // an empty corpus tests nothing
}
