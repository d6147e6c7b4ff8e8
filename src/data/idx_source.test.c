// IDX: sizes are checked against what is there; Fashion-MNIST is as published.
#include "support/checks.h"
#include "support/failing_memory.h"

#include "base/files.h"
#include "data/idx_file.h"
#include "data/sources.h"

#include <unistd.h>
#include <zlib.h>

// Two pictures of 2 x 3 pixels.
static const uint8_t pictures[] = {0, 0, 8, 3, 0, 0, 0, 2, 0,  0,   0, 2, 0, 0,
                                   0, 3, 1, 2, 3, 4, 5, 6, 10, 255, 9, 8, 7, 6};
static const uint8_t labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 1, 0};

static size_t pack(const uint8_t *bytes, size_t count, uint8_t *out, size_t room)
{
    z_stream stream = {.next_in = (Bytef *)bytes,
                       .avail_in = (uInt)count,
                       .next_out = out,
                       .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void plain_and_packed_files_read_the_same(void **state)
{
    (void)state;
    uint8_t packed[256];
    size_t packed_count = pack(pictures, sizeof pictures, packed, sizeof packed);
    for (int is_packed = 0; is_packed < 2; is_packed++) {
        qhm_idx idx;
        REQUIRE_OK(qhm_idx_parse(is_packed ? packed : pictures,
                                 is_packed ? packed_count : sizeof pictures, 3, &idx));
        assert_int_equal(idx.sizes[0], 2);
        assert_int_equal(idx.sizes[1], 2);
        assert_int_equal(idx.sizes[2], 3);
        assert_memory_equal(idx.values, pictures + 16, 12);
        qhm_idx_release(&idx);
    }
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    qhm_idx idx;
    uint8_t packed[256];
    size_t packed_count = pack(pictures, sizeof pictures, packed, sizeof packed);
    for (size_t kept = 0; kept < sizeof pictures; kept++)
        REQUIRE_FAILS(qhm_idx_parse(pictures, kept, 3, &idx), QHM_ERROR_BAD_INPUT, "IDX");
    for (size_t kept = 2; kept < packed_count; kept++)
        REQUIRE_FAILS(qhm_idx_parse(packed, kept, 3, &idx), QHM_ERROR_BAD_INPUT, "IDX");
    uint8_t longer[sizeof pictures + 1] = {0};
    memcpy(longer, pictures, sizeof pictures);
    REQUIRE_FAILS(qhm_idx_parse(longer, sizeof longer, 3, &idx), QHM_ERROR_BAD_INPUT,
                  "29 bytes, not the 28");
    packed_count = pack(longer, sizeof longer, packed, sizeof packed);
    REQUIRE_FAILS(qhm_idx_parse(packed, packed_count, 3, &idx), QHM_ERROR_BAD_INPUT,
                  "more than 28 bytes");
    packed[packed_count / 2] ^= 0x55;
    assert_true(qhm_idx_parse(packed, packed_count, 3, &idx) != QHM_OK);
    REQUIRE_FAILS(qhm_idx_parse(labels, sizeof labels, 3, &idx), QHM_ERROR_BAD_INPUT,
                  "type 8 with 1 dimensions, not unsigned bytes (8) with 3");
}

static void sizes_that_cannot_be_are_refused_before_allocation(void **state)
{
    (void)state;
    qhm_idx idx;
    uint8_t huge[16] = {0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    REQUIRE_FAILS(qhm_idx_parse(huge, sizeof huge, 3, &idx), QHM_ERROR_RESOURCE_LIMIT, "claims");
    // 1 GiB claimed by a few dozen packed bytes.
    uint8_t claim[16] = {0, 0, 8, 3, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4, 0}, packed[128];
    size_t count = pack(claim, sizeof claim, packed, sizeof packed);
    size_t before = qhm_memory_allocation_count();
    REQUIRE_FAILS(qhm_idx_parse(packed, count, 3, &idx), QHM_ERROR_BAD_INPUT,
                  "cannot hold the 1073741840");
    assert_int_equal(qhm_memory_allocation_count(), before);
    uint8_t zero[16] = {0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1};
    REQUIRE_FAILS(qhm_idx_parse(zero, sizeof zero, 3, &idx), QHM_ERROR_BAD_INPUT,
                  "dimension 1 of the IDX file is 0");
}

typedef struct files {
    char images[32], labels[32];
} files;

static files write_files(const uint8_t *label_bytes, size_t label_count)
{
    files f = {"/tmp/qhm-idx-i-XXXXXX", "/tmp/qhm-idx-l-XXXXXX"};
    int images = mkstemp(f.images), label_file = mkstemp(f.labels);
    assert_true(images >= 0 && label_file >= 0);
    close(images);
    close(label_file);
    REQUIRE_OK(qhm_file_write(f.images, pictures, sizeof pictures));
    REQUIRE_OK(qhm_file_write(f.labels, label_bytes, label_count));
    return f;
}

static void remove_files(const files *f)
{
    unlink(f->images);
    unlink(f->labels);
}

static void grey_becomes_rgb_and_labels_get_names(void **state)
{
    (void)state;
    files f = write_files(labels, sizeof labels);
    qhm_idx_options o = {.images = f.images, .labels = f.labels};
    qhm_dataset *d;
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d));
    assert_int_equal(qhm_dataset_count(d), 2);
    qhm_image image = qhm_dataset_image(d, 1);
    assert_int_equal(image.width, 3);
    assert_int_equal(image.height, 2);
    assert_memory_equal(image.pixels, ((const uint8_t[]){10, 10, 10, 255, 255, 255}), 6);
    assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, 0)), "1");
    qhm_dataset_destroy(d);
    o.classes = "zero, one";
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d));
    assert_string_equal(qhm_dataset_class_name(d, qhm_dataset_label(d, 0)), "one");
    assert_int_equal(qhm_dataset_label(d, 1), 0); // classes are in the order of labels
    qhm_dataset_destroy(d);
    o.classes = "one";
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d), QHM_ERROR_BAD_INPUT,
                  "label 0 is 1, but there are 1 classes");
    o.classes = "one,,two";
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "name 2 is empty");
    o.classes = "one,one";
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d),
                  QHM_ERROR_INVALID_ARGUMENT, "\"one\" is there twice");
    remove_files(&f);
    static const uint8_t three[] = {0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1};
    f = write_files(three, sizeof three);
    o = (qhm_idx_options){.images = f.images, .labels = f.labels};
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_idx, &o, 0, 0, &d), QHM_ERROR_BAD_INPUT,
                  "2 pictures, but");
    REQUIRE_FAILS(qhm_data_source_load(&qhm_data_source_idx, &(qhm_idx_options){.images = f.labels},
                                       0, 0, &d),
                  QHM_ERROR_BAD_INPUT, f.labels);
    remove_files(&f);
}

static void fashion_mnist_is_as_published(void **state)
{
    (void)state;
    qhm_dataset *d, *again, *other;
    REQUIRE_OK(qhm_data_source_load(&qhm_data_source_idx, NULL, 1, 0, &d));
    assert_int_equal(qhm_dataset_count(d), 60000);
    size_t counts[10] = {0};
    for (size_t i = 0; i < 60000; i++)
        counts[qhm_dataset_label(d, i)]++;
    for (size_t c = 0; c < 10; c++)
        assert_int_equal(counts[c], 6000);
    qhm_dataset_destroy(d);
    REQUIRE_OK(
        qhm_data_source_load(&qhm_data_source_idx, &(qhm_idx_options){.limit = 500}, 1, 0, &d));
    REQUIRE_OK(
        qhm_data_source_load(&qhm_data_source_idx, &(qhm_idx_options){.limit = 500}, 1, 7, &again));
    REQUIRE_OK(
        qhm_data_source_load(&qhm_data_source_idx, &(qhm_idx_options){.limit = 500}, 2, 0, &other));
    assert_int_equal(qhm_dataset_count(d), 500);
    assert_int_equal(qhm_dataset_class_count(d), 10);
    assert_string_equal(qhm_dataset_class_name(d, 9), "Ankle boot");
    assert_true(qhm_dataset_hash(d) == qhm_dataset_hash(again));
    assert_true(qhm_dataset_hash(d) != qhm_dataset_hash(other));
    qhm_dataset_destroy(d);
    qhm_dataset_destroy(again);
    qhm_dataset_destroy(other);
}

static qhm_status load_once(void *context)
{
    const files *f = context;
    qhm_dataset *d = NULL;
    qhm_status status = qhm_data_source_load(
        &qhm_data_source_idx, &(qhm_idx_options){.images = f->images, .labels = f->labels}, 0, 0,
        &d);
    if (status == QHM_OK)
        qhm_dataset_destroy(d);
    return status;
}

static void loading_survives_failing_memory(void **state)
{
    (void)state;
    files f = write_files(labels, sizeof labels);
    require_survives_failing_memory(load_once, &f);
    remove_files(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_packed_files_read_the_same),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(sizes_that_cannot_be_are_refused_before_allocation),
        cmocka_unit_test(grey_becomes_rgb_and_labels_get_names),
        cmocka_unit_test(fashion_mnist_is_as_published),
        cmocka_unit_test(loading_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
