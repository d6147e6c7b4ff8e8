// Safetensors files: what is read can be written, and reads back the same.
#include "fuzz/fuzz_checks.h"

#include "base/memory.h"
#include "tensor/safetensors_internal.h"

#include <string.h>

static size_t data_bytes(const qhm_tensor *tensor)
{
    return qhm_tensor_count(tensor) * qhm_precision_bytes(qhm_tensor_precision(tensor));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qhm_safetensors *list, *again;
    if (qhm_safetensors_parse(data, size, "fuzz", &list) != QHM_OK) {
        FUZZ_REQUIRE(qhm_error_message()[0] != '\0');
        return 0;
    }
    char *bytes;
    size_t count, total = 0;
    FUZZ_REQUIRE(qhm_safetensors_print(list, &bytes, &count) == QHM_OK);
    FUZZ_REQUIRE(qhm_safetensors_parse(bytes, count, "again", &again) == QHM_OK);
    qhm_release(bytes);
    FUZZ_REQUIRE(qhm_safetensors_count(again) == qhm_safetensors_count(list));
    for (size_t i = 0; i < qhm_safetensors_count(list); i++) {
        const qhm_tensor *a = qhm_safetensors_tensor(list, i);
        const qhm_tensor *b = qhm_safetensors_find(again, qhm_safetensors_name(list, i));
        FUZZ_REQUIRE(b && qhm_shape_is_equal(qhm_tensor_shape(a), qhm_tensor_shape(b)));
        FUZZ_REQUIRE(data_bytes(a) == data_bytes(b));
        FUZZ_REQUIRE(memcmp(qhm_tensor_view(a), qhm_tensor_view(b), data_bytes(a)) == 0);
        total += data_bytes(a);
    }
    FUZZ_REQUIRE(total <= size);
    qhm_safetensors_destroy(list);
    qhm_safetensors_destroy(again);
    return 0;
}
