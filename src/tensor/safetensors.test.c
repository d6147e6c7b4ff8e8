// Safetensors files: what is written is read, the bytes are the format's, bad files are refused.
#include "base/files.h"
#include "base/memory.h"
#include "base/status_internal.h"
#include "support/checks.h"
#include "support/failing_memory.h"
#include "support/temporary_folder.h"

#include <qhm/safetensors.h>

static qhm_tensor *make(qhm_precision precision, qhm_shape shape)
{
    qhm_tensor *tensor;
    REQUIRE_OK(qhm_tensor_create(precision, shape, &tensor));
    for (size_t i = 0; i < qhm_tensor_count(tensor); i++)
        REQUIRE_OK(qhm_tensor_set(tensor, i, 1, (double[]){1.0 / (double)(i + 3)}));
    return tensor;
}

static void what_is_saved_is_loaded(void **state)
{
    char path[2100];
    snprintf(path, sizeof path, "%s/model.safetensors", (const char *)*state);
    qhm_tensor *a = make(QHM_FLOAT32, (qhm_shape){2, {3, 5}}),
               *b = make(QHM_FLOAT64, (qhm_shape){0});
    qhm_safetensors *list, *loaded;
    REQUIRE_OK(qhm_safetensors_create(&list));
    REQUIRE_OK(qhm_safetensors_append(list, "a \"quoted\\\n\" ä", a));
    REQUIRE_OK(qhm_safetensors_append(list, "b", b));
    REQUIRE_OK(qhm_safetensors_set_metadata(list, "step", "1"));
    REQUIRE_OK(qhm_safetensors_set_metadata(list, "step", "17"));
    REQUIRE_OK(qhm_safetensors_set_metadata(list, "empty", ""));
    REQUIRE_OK(qhm_safetensors_save(list, path));
    REQUIRE_OK(qhm_safetensors_load(path, &loaded));
    assert_int_equal(qhm_safetensors_count(loaded), 2);
    assert_string_equal(qhm_safetensors_name(loaded, 0), "a \"quoted\\\n\" ä");
    assert_null(qhm_safetensors_name(loaded, 2));
    assert_null(qhm_safetensors_tensor(loaded, 2));
    assert_null(qhm_safetensors_find(loaded, "c"));
    const qhm_tensor *read = qhm_safetensors_tensor(loaded, 0);
    assert_int_equal(qhm_tensor_precision(read), QHM_FLOAT32);
    assert_true(qhm_shape_is_equal(qhm_tensor_shape(read), qhm_tensor_shape(a)));
    assert_memory_equal(qhm_tensor_view(read), qhm_tensor_view(a), 15 * sizeof(float));
    assert_true(qhm_tensor_item(qhm_safetensors_find(loaded, "b"), 0) == 1.0 / 3);
    assert_string_equal(qhm_safetensors_metadata(loaded, "step"), "17");
    assert_string_equal(qhm_safetensors_metadata(loaded, "empty"), "");
    assert_null(qhm_safetensors_metadata(loaded, "none"));
    qhm_safetensors_destroy(list);
    qhm_safetensors_destroy(loaded);
    qhm_safetensors_destroy(NULL);
    qhm_tensor_destroy(a);
    qhm_tensor_destroy(b);
}

// A file as the reference implementation lays it out.
static void the_bytes_are_those_of_the_format(void **state)
{
    char path[2100], *bytes;
    size_t count;
    snprintf(path, sizeof path, "%s/x", (const char *)*state);
    qhm_tensor *w = make(QHM_FLOAT32, (qhm_shape){1, {2}});
    qhm_safetensors *list;
    REQUIRE_OK(qhm_safetensors_create(&list));
    REQUIRE_OK(qhm_safetensors_append(list, "w", w));
    REQUIRE_OK(qhm_safetensors_save(list, path));
    REQUIRE_OK(qhm_file_read(path, 1000, &bytes, &count));
    static const char header[] = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    uint64_t length;
    memcpy(&length, bytes, 8);
    assert_int_equal(length % 8, 0);
    assert_true(length >= strlen(header) && length < strlen(header) + 8);
    assert_memory_equal(bytes + 8, header, strlen(header));
    assert_int_equal(count, 8 + length + 8);
    assert_memory_equal(bytes + 8 + length, qhm_tensor_view(w), 8);
    qhm_release(bytes);
    qhm_safetensors_destroy(list);
    qhm_tensor_destroy(w);
}

static qhm_status parse(const char *header, size_t data, qhm_safetensors **out)
{
    static char bytes[1000];
    uint64_t length = strlen(header);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    return qhm_safetensors_parse(bytes, 8 + length + data, "x.safetensors", out);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        size_t data;
        const char *error;
    } files[] = {
        {"", 0, "x.safetensors:1"},
        {"[]", 0, "the header is not a mapping"},
        {"{\"a\":1}", 0, "a: is not made of dtype, shape and data_offsets"},
        {"{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2,
         "\"F16\" is not F32 or F64"},
        {"{\"a\":{\"dtype\":3,\"shape\":[1],\"data_offsets\":[0,2]}}", 2, "has no text \"dtype\""},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4,
         "has no list \"shape\""},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
         "has 5 axes, not at most 4"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "[0] is no shape"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "not a size"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", 4, "not a size"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],"
         "\"data_offsets\":[0,4]}}",
         4, "is no shape"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4, "data_offsets"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 3,
         "0 to 4 is not within the data of 3 bytes"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "4 to 0"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4,
         "4 bytes are given to an array of 8"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 5,
         "arrays end at byte 4 of 5"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}}", 5,
         "\"a\" begins at byte 1, not 0"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
         4, "begins at byte 0, not 4"},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
         8, "x.safetensors:1"},
        {"{\"__metadata__\":[]}", 0, "is not a mapping"},
        {"{\"__metadata__\":{\"a\":1}}", 0, "is not a text"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        qhm_safetensors *list = NULL;
        REQUIRE_FAILS(parse(files[i].header, files[i].data, &list), QHM_ERROR_BAD_INPUT,
                      files[i].error);
        REQUIRE_FAILS(parse(files[i].header, files[i].data, &list), QHM_ERROR_BAD_INPUT,
                      "x.safetensors");
        assert_null(list);
    }
    qhm_safetensors *list;
    REQUIRE_FAILS(qhm_safetensors_parse("1234567", 7, "x", &list), QHM_ERROR_BAD_INPUT,
                  "x has 7 bytes, too few");
    REQUIRE_FAILS(qhm_safetensors_parse("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10, "x", &list),
                  QHM_ERROR_BAD_INPUT, "but 2 bytes follow");
    REQUIRE_FAILS(qhm_safetensors_load("/nonexistent/x", &list), QHM_ERROR_NOT_FOUND,
                  "/nonexistent/x");
    REQUIRE_OK(parse("{}   ", 0, &list)); // empty is fine
    qhm_safetensors_destroy(list);
}

static void names_that_cannot_be_are_refused(void **state)
{
    (void)state;
    qhm_tensor *a = make(QHM_FLOAT32, (qhm_shape){0});
    qhm_safetensors *list;
    REQUIRE_OK(qhm_safetensors_create(&list));
    REQUIRE_OK(qhm_safetensors_append(list, "\xEF\xBF\xBD", a)); // U+FFFD is a character
    REQUIRE_FAILS(qhm_safetensors_append(list, "\xEF\xBF\xBD", a), QHM_ERROR_INVALID_ARGUMENT,
                  "already");
    REQUIRE_FAILS(qhm_safetensors_append(list, "a\xff", a), QHM_ERROR_INVALID_ARGUMENT,
                  "not UTF-8");
    REQUIRE_FAILS(qhm_safetensors_append(list, "__metadata__", a), QHM_ERROR_INVALID_ARGUMENT,
                  "__metadata__");
    REQUIRE_FAILS(qhm_safetensors_set_metadata(list, "a", "\xc3"), QHM_ERROR_INVALID_ARGUMENT,
                  "not UTF-8");
    qhm_safetensors_destroy(list);
    qhm_tensor_destroy(a);
}

static qhm_status attempt(void *context)
{
    qhm_safetensors *list = NULL, *loaded = NULL;
    qhm_tensor *a = NULL;
    char path[2100];
    snprintf(path, sizeof path, "%s/x", (const char *)context);
    qhm_status status = qhm_tensor_create(QHM_FLOAT32, (qhm_shape){1, {2}}, &a);
    if (status == QHM_OK)
        status = qhm_safetensors_create(&list);
    if (status == QHM_OK)
        status = qhm_safetensors_append(list, "a", a);
    if (status == QHM_OK)
        status = qhm_safetensors_set_metadata(list, "key", "text");
    if (status == QHM_OK)
        status = qhm_safetensors_save(list, path);
    if (status == QHM_OK)
        status = qhm_safetensors_load(path, &loaded);
    qhm_safetensors_destroy(list);
    qhm_safetensors_destroy(loaded);
    qhm_tensor_destroy(a);
    return status;
}

static void files_survive_every_refused_allocation(void **state)
{
    require_survives_failing_memory(attempt, *state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(what_is_saved_is_loaded),
        in_temporary_folder(the_bytes_are_those_of_the_format),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(names_that_cannot_be_are_refused),
        in_temporary_folder(files_survive_every_refused_allocation),
    };
    return cmocka_run_group_tests_name("tensor/safetensors", tests, NULL, NULL);
}
