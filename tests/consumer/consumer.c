// A user's program: what it prints must not depend on where the package was installed.
#include <qhm.h>

#include <stdio.h>

int main(void)
{
    const uint32_t counter[4] = {0}, key[2] = {0};
    uint32_t words[4];
    qhm_random_block(counter, key, words);
    if (qhm_threads_set_count(100000) != QHM_ERROR_INVALID_ARGUMENT)
        return 1;
    printf("qhm %s %08x: %s\n", qhm_version(), words[0], qhm_error_message());
    return 0;
}
