// Graphs of chips: counts and degrees that are published, and couplings of small cases by hand.
#include "device/topology.h"
#include "support/failing_memory.h"

#include <stdlib.h>

static const qhm_topology_kinds no_kinds;

static void require_degrees(const qhm_device *device, const size_t *expected, size_t count)
{
    size_t degrees[32] = {0};
    for (uint32_t q = 0; q < qhm_device_qubit_count(device); q++) {
        const uint32_t *couplers;
        size_t degree = qhm_device_qubit_couplers(device, q, &couplers);
        assert_true(degree < count);
        degrees[degree]++;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(degrees[i], expected[i]);
}

// No coupler twice, none to itself, all in range and in order.
static void require_sound(qhm_device *device, size_t qubits, size_t couplers)
{
    REQUIRE_OK(qhm_device_index_couplers(device));
    assert_int_equal(qhm_device_qubit_count(device), qubits);
    assert_int_equal(qhm_device_coupler_count(device), couplers);
    for (size_t i = 0; i < couplers; i++) {
        const uint32_t *ends = qhm_device_coupler_at(device, i)->qubits;
        assert_true(ends[0] < ends[1] && ends[1] < qubits);
        if (i > 0) {
            const uint32_t *before = qhm_device_coupler_at(device, i - 1)->qubits;
            assert_true(before[0] < ends[0] || (before[0] == ends[0] && before[1] < ends[1]));
        }
        size_t found;
        assert_true(qhm_device_find_coupler(device, ends[1], ends[0], &found));
        assert_int_equal(found, i);
    }
    bool is_connected;
    REQUIRE_OK(qhm_topology_is_connected(device, &is_connected));
    assert_true(is_connected);
}

static qhm_device *empty(void)
{
    qhm_device *device;
    REQUIRE_OK(qhm_device_create_empty(&device));
    return device;
}

static void heavy_hexagons_have_the_published_counts(void **state)
{
    (void)state;
    static const struct {
        qhm_heavy_hex shape;
        size_t qubits, couplers, degrees[4];
    } cases[] = {
        {{7, 15, 0, 2, true}, 127, 144, {0, 2, 89, 36}},      // Eagle
        {{13, 27, 0, 2, true}, 433, 504, {0, 2, 287, 144}},   // Osprey
        {{21, 43, 0, 2, true}, 1121, 1320, {0, 2, 719, 400}}, // Condor
        {{8, 16, 3, 1, false}, 156, 176, {0, 8, 100, 48}},    // Heron r2 and r3
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qhm_device *device = empty();
        REQUIRE_OK(qhm_topology_add_heavy_hex(device, &cases[i].shape, &no_kinds));
        require_sound(device, cases[i].qubits, cases[i].couplers);
        require_degrees(device, cases[i].degrees, 4);
        qhm_device_destroy(device);
    }
}

// The first couplings of ibm_sherbrooke, whose map is published.
static void eagle_is_numbered_as_its_maker_does(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {
        {0, 1},   {13, 12}, {14, 0},   {14, 18},   {15, 4},    {15, 22},   {16, 8},
        {16, 26}, {17, 12}, {17, 30},  {33, 20},   {33, 39},   {36, 32},   {36, 51},
        {52, 37}, {52, 56}, {109, 96}, {109, 114}, {112, 108}, {112, 126}, {113, 114},
    };
    qhm_device *device = empty();
    REQUIRE_OK(qhm_topology_add_heavy_hex(device, &(qhm_heavy_hex){7, 15, 0, 2, true}, &no_kinds));
    REQUIRE_OK(qhm_device_index_couplers(device));
    size_t index;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_true(qhm_device_find_coupler(device, pairs[i][0], pairs[i][1], &index));
    assert_false(qhm_device_find_coupler(device, 13, 14, &index));
    assert_false(qhm_device_find_coupler(device, 17, 18, &index));
    assert_false(qhm_device_find_coupler(device, 0, 127, &index));
    qhm_device_destroy(device);
}

static void annealers_have_the_published_counts(void **state)
{
    (void)state;
    qhm_device *device = empty();
    REQUIRE_OK(qhm_topology_add_zephyr(device, 12, 4, &no_kinds));
    require_sound(device, 4800, 45864);
    qhm_device_destroy(device);
    device = empty();
    REQUIRE_OK(qhm_topology_add_pegasus(device, 16, &no_kinds));
    require_sound(device, 5640, 40484);
    qhm_device_destroy(device);
    for (size_t m = 1; m < 6; m++)
        for (size_t t = 1; t < 5; t++) {
            device = empty();
            REQUIRE_OK(qhm_topology_add_zephyr(device, m, t, &no_kinds));
            require_sound(device, 4 * t * m * (2 * m + 1),
                          2 * t * ((8 * t + 8) * m * m - 2 * m - 3));
            qhm_device_destroy(device);
        }
}

// Segments that cross each other on the map are the ones that share a coupler: each reaches over
// two lines of the other direction.
static void zephyr_couples_what_crosses_on_the_map(void **state)
{
    (void)state;
    const size_t m = 3, t = 2, half = 2 * m * t * (2 * m + 1);
    const double pitch = (double)t + 2, middle = ((double)t + 1) / 2;
    qhm_device *device = empty();
    REQUIRE_OK(qhm_topology_add_zephyr(device, m, t, &no_kinds));
    REQUIRE_OK(qhm_device_index_couplers(device));
    for (size_t a = 0; a < half; a++)
        for (size_t b = half; b < 2 * half; b++) {
            const qhm_device_qubit *down = qhm_device_qubit_at(device, a),
                                   *right = qhm_device_qubit_at(device, b);
            double w_down = floor(down->x / pitch), w_right = floor(right->y / pitch);
            double from_down = (down->y - middle) / pitch, from_right = (right->x - middle) / pitch;
            bool crosses = fabs(from_down - w_right) < 0.6 && fabs(from_right - w_down) < 0.6;
            size_t index;
            assert_true(crosses ==
                        qhm_device_find_coupler(device, (uint32_t)a, (uint32_t)b, &index));
        }
    qhm_device_destroy(device);
}

static void grids_name_their_directions(void **state)
{
    (void)state;
    static const uint32_t first[] = {0, 0, 0, 0}, last[] = {1, 1, 1, 1};
    const qhm_topology_kinds kinds = {"tetron", NULL, "xx", "zz"};
    qhm_device *device = empty();
    REQUIRE_OK(qhm_topology_add_rows(device, first, last, 4, &kinds));
    require_sound(device, 8, 10);
    size_t index;
    assert_true(qhm_device_find_coupler(device, 2, 3, &index));
    assert_string_equal(qhm_device_coupler_at(device, index)->kind, "xx");
    assert_true(qhm_device_find_coupler(device, 2, 4, &index));
    assert_string_equal(qhm_device_coupler_at(device, index)->kind, "zz");
    assert_string_equal(qhm_device_qubit_at(device, 7)->kind, "tetron");
    REQUIRE_NEAR(qhm_device_qubit_at(device, 7)->x, 1, 0);
    REQUIRE_NEAR(qhm_device_qubit_at(device, 7)->y, 3, 0);
    qhm_device_destroy(device);
}

static void rows_that_do_not_touch_are_disconnected(void **state)
{
    (void)state;
    static const uint32_t first[] = {0, 3}, last[] = {2, 4};
    qhm_device *device = empty();
    REQUIRE_OK(qhm_topology_add_rows(device, first, last, 2, &no_kinds));
    REQUIRE_OK(qhm_device_index_couplers(device));
    bool is_connected = true;
    REQUIRE_OK(qhm_topology_is_connected(device, &is_connected));
    assert_false(is_connected);
    qhm_device_destroy(device);
}

static qhm_status build_all(void *context)
{
    (void)context;
    static const uint32_t first[] = {0, 1}, last[] = {2, 3};
    qhm_device *device;
    qhm_status status = qhm_device_create_empty(&device);
    if (status != QHM_OK)
        return status;
    bool is_connected;
    status = qhm_topology_add_rows(device, first, last, 2, &no_kinds);
    if (status == QHM_OK)
        status = qhm_topology_add_heavy_hex(device, &(qhm_heavy_hex){3, 5, 0, 2, true}, &no_kinds);
    if (status == QHM_OK)
        status = qhm_topology_add_zephyr(device, 1, 2, &no_kinds);
    if (status == QHM_OK)
        status = qhm_topology_add_pegasus(device, 2, &no_kinds);
    if (status == QHM_OK)
        status = qhm_device_index_couplers(device);
    if (status == QHM_OK)
        status = qhm_topology_is_connected(device, &is_connected);
    qhm_device_destroy(device);
    return status;
}

static void building_survives_failing_memory(void **state)
{
    (void)state;
    require_survives_failing_memory(build_all, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heavy_hexagons_have_the_published_counts),
        cmocka_unit_test(eagle_is_numbered_as_its_maker_does),
        cmocka_unit_test(annealers_have_the_published_counts),
        cmocka_unit_test(zephyr_couples_what_crosses_on_the_map),
        cmocka_unit_test(grids_name_their_directions),
        cmocka_unit_test(rows_that_do_not_touch_are_disconnected),
        cmocka_unit_test(building_survives_failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
