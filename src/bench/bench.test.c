#include "bench/bench_internal.h"
#include "bench/machine_limits.h"
#include "support/failing_memory.h"
#include "support/reference_density.h"
#include "support/well_formed.h"

#include <qhm/observable.h>
#include <qhm/plan.h>
#include <qhm/threads.h>

static qhm_circuit *circuit_of(qhm_bench_workload workload, size_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_bench_circuit_create(workload, qubits, &circuit));
    return circuit;
}

static void run_states(const qhm_circuit *circuit, qhm_complex *states)
{
    qhm_backend *backend;
    qhm_plan *plan;
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(qhm_plan_create(backend, circuit, NULL, 0, NULL, &plan));
    REQUIRE_OK(qhm_plan_run(plan, &(qhm_request){.batch_count = 1, .states = states}));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
}

static void the_ansatz_has_twenty_angles_a_qubit(void **state)
{
    (void)state;
    qhm_circuit *open, *bound = circuit_of(QHM_BENCH_ANSATZ, 5);
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_bench_open_circuit_create(QHM_BENCH_ANSATZ, 5, &open));
    assert_int_equal(qhm_circuit_input_count(open), 100);
    assert_int_equal(qhm_circuit_input_count(bound), 0);
    REQUIRE_OK(qhm_circuit_count(bound, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_RY], 50);
    assert_int_equal(counts.by_gate[QHM_GATE_RZ], 50);
    assert_int_equal(counts.by_gate[QHM_GATE_CX], 40);
    qhm_circuit_destroy(open);
    qhm_circuit_destroy(bound);
}

// Of the amplitudes exp(2 pi i j k / N) / sqrt N, where j is the basis state with every third bit.
static void the_transform_of_a_basis_state_is_a_wave(void **state)
{
    (void)state;
    enum { QUBITS = 5, ALL = 1 << QUBITS };
    qhm_complex states[ALL];
    const size_t basis = 1 << 0 | 1 << 3;
    qhm_circuit *circuit = circuit_of(QHM_BENCH_QFT, QUBITS);
    run_states(circuit, states);
    for (size_t k = 0; k < ALL; k++) {
        double phase = 2 * 3.14159265358979323846 * (double)(basis * k % ALL) / ALL;
        REQUIRE_NEAR(states[k].re, cos(phase) / sqrt(ALL), 1e-14);
        REQUIRE_NEAR(states[k].im, sin(phase) / sqrt(ALL), 1e-14);
    }
    qhm_circuit_destroy(circuit);
}

static void the_graph_of_qaoa_is_regular_and_simple(void **state)
{
    (void)state;
    enum { QUBITS = 10, EDGES = 15 };
    int degree[QUBITS] = {0}, joined[QUBITS][QUBITS] = {{0}}, edges = 0;
    qhm_circuit *circuit = circuit_of(QHM_BENCH_QAOA, QUBITS);
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit) && edges < EDGES; i++) {
        const qhm_instruction *gate = qhm_circuit_instruction(circuit, i);
        if (gate->gate != QHM_GATE_RZZ)
            continue;
        uint32_t a = gate->qubits[0], b = gate->qubits[1];
        assert_true(a < b);
        assert_int_equal(joined[a][b]++, 0);
        degree[a]++;
        degree[b]++;
        edges++;
    }
    for (int q = 0; q < QUBITS; q++)
        assert_int_equal(degree[q], 3);
    qhm_circuit_counts counts;
    REQUIRE_OK(qhm_circuit_count(circuit, &counts));
    assert_int_equal(counts.by_gate[QHM_GATE_RZZ], 4 * EDGES);
    assert_int_equal(counts.by_gate[QHM_GATE_RX], 4 * QUBITS);
    qhm_circuit_destroy(circuit);
}

// Every pair of the 4 x 3 grid is joined in 20 cycles, twice at least; no pair is, that is not one.
static void the_random_circuit_joins_neighbours_of_the_grid(void **state)
{
    (void)state;
    enum { QUBITS = 12 };
    int joined[QUBITS][QUBITS] = {{0}}, pairs = 0;
    qhm_angle last[QUBITS] = {{0}};
    qhm_circuit *circuit = circuit_of(QHM_BENCH_RANDOM, QUBITS);
    for (size_t i = 0; i < qhm_circuit_instruction_count(circuit); i++) {
        const qhm_instruction *gate = qhm_circuit_instruction(circuit, i);
        uint32_t a = gate->qubits[0];
        if (gate->gate == QHM_GATE_CZ) {
            joined[a][gate->qubits[1]]++;
            continue;
        }
        assert_int_equal(gate->gate, QHM_GATE_U);
        REQUIRE_NEAR(gate->angles[0].offset, 1.5707963267948966, 0);
        REQUIRE_NEAR(gate->angles[1].offset, -gate->angles[2].offset, 0);
        assert_true(i < QUBITS || last[a].offset != gate->angles[2].offset);
        last[a] = gate->angles[2];
    }
    for (uint32_t a = 0; a < QUBITS; a++)
        for (uint32_t b = 0; b < QUBITS; b++) {
            bool is_neighbour = b == a + 4 || (b == a + 1 && b % 4 != 0);
            assert_int_equal(joined[a][b] > 1, is_neighbour);
            assert_int_equal(joined[a][b] > 0, is_neighbour);
            pairs += is_neighbour;
        }
    assert_int_equal(pairs, 17);
    qhm_circuit_destroy(circuit);
}

static void sizes_that_a_circuit_cannot_have_are_named(void **state)
{
    (void)state;
    qhm_circuit *circuit = NULL;
    REQUIRE_FAILS(qhm_bench_circuit_create(QHM_BENCH_QAOA, 5, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "qubits is 5, which is odd");
    REQUIRE_FAILS(qhm_bench_circuit_create(QHM_BENCH_RANDOM, 1, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "qubits is 1, not 2 to 40");
    REQUIRE_FAILS(qhm_bench_circuit_create(QHM_BENCH_STEP, 8, &circuit), QHM_ERROR_INVALID_ARGUMENT,
                  "no circuit");
    REQUIRE_FAILS(qhm_bench_circuit_create(QHM_BENCH_WORKLOAD_COUNT, 8, &circuit),
                  QHM_ERROR_INVALID_ARGUMENT, "workload is 10");
    assert_null(circuit);
}

static void every_workload_is_found_by_its_name(void **state)
{
    (void)state;
    qhm_bench_workload found;
    for (int w = 0; w < QHM_BENCH_WORKLOAD_COUNT; w++) {
        const qhm_bench_workload_info *info = qhm_bench_workload_information((qhm_bench_workload)w);
        REQUIRE_OK(qhm_bench_workload_find(info->name, &found));
        assert_int_equal(found, w);
    }
    REQUIRE_FAILS(qhm_bench_workload_find("ansats", &found), QHM_ERROR_NOT_FOUND, "ansatz");
}

static qhm_bench_report *run(qhm_bench_options options)
{
    qhm_bench_report *report;
    options.rounds = 2;
    options.with_values = true;
    REQUIRE_OK(qhm_bench_run(&options, &report));
    return report;
}

static void a_row_is_measured_beside_the_limits(void **state)
{
    (void)state;
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_ANSATZ, .qubits = 6, .threads = 1});
    assert_int_equal(report->row_count, 4); // batched and one by one, in two precisions
    assert_int_equal(report->threads, 1);
    for (size_t i = 0; i < report->row_count; i++) {
        const qhm_bench_row *row = &report->rows[i];
        assert_int_equal(row->qubits, 6);
        assert_int_equal(row->batch, i < 2 ? 64 : 1);
        assert_int_equal(row->gates, 10 * (2 * 6 + 5));
        assert_int_equal(row->state_bytes, (i % 2 == 0 ? 8 : 16) * 64);
        assert_int_equal(row->rounds, 2);
        assert_true(row->fastest_seconds > 0 && row->fastest_seconds <= row->seconds);
        assert_true(row->seconds <= row->slowest_seconds && row->sweep_seconds > 0);
        REQUIRE_NEAR(row->sweeps, row->seconds / row->sweep_seconds, 1e-12 * row->sweeps);
        assert_true(row->peak_share > 0);
    }
    for (int p = 0; p < 2; p++) {
        assert_true(report->peak_one[p] > 1e8); // operations a second: any processor of today
        assert_true(report->peak_all[p] > 1e8);
    }
    qhm_bench_report_destroy(report);
}

static void batches_of_one_are_measured_once(void **state)
{
    (void)state;
    const unsigned both = 1U << QHM_BENCH_ANSATZ | 1U << QHM_BENCH_STEP;
    qhm_bench_report *report = run((qhm_bench_options){
        .workloads = both, .qubits = 2, .precisions = 1U << QHM_FLOAT32, .batch = 1});
    assert_int_equal(report->row_count, 2);
    assert_int_equal(report->rows[0].workload, QHM_BENCH_ANSATZ);
    assert_int_equal(report->rows[1].workload, QHM_BENCH_STEP);
    qhm_bench_report_destroy(report);
}

// The values come from a batch and from one call, and from the circuit that peers read.
static void values_are_those_of_the_printed_circuit(void **state)
{
    (void)state;
    enum { QUBITS = 4 };
    qhm_complex states[1 << QUBITS];
    qhm_circuit *circuit = circuit_of(QHM_BENCH_ANSATZ, QUBITS);
    run_states(circuit, states);
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_ANSATZ, .qubits = QUBITS});
    for (size_t i = 0; i < report->row_count; i++) {
        const qhm_bench_row *row = &report->rows[i];
        assert_int_equal(row->value_count, QUBITS);
        for (size_t q = 0; q < QUBITS; q++) {
            double expected = 0;
            for (size_t k = 0; k < 1 << QUBITS; k++) {
                double weight = states[k].re * states[k].re + states[k].im * states[k].im;
                expected += (k >> q & 1) ? -weight : weight;
            }
            REQUIRE_NEAR(row->values[q], expected, row->precision == QHM_FLOAT32 ? 1e-5 : 1e-12);
        }
    }
    qhm_bench_report_destroy(report);
    qhm_circuit_destroy(circuit);
}

static void a_large_state_gives_amplitudes(void **state)
{
    (void)state;
    qhm_complex states[1 << 6];
    qhm_circuit *circuit = circuit_of(QHM_BENCH_RANDOM, 6);
    run_states(circuit, states);
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_RANDOM, .qubits = 6});
    const qhm_bench_row *row = &report->rows[1];
    assert_int_equal(row->value_count, 64);
    for (uint64_t i = 0; i < 32; i++) {
        size_t k = (size_t)(i * UINT64_C(2654435761) % 64);
        REQUIRE_NEAR(row->values[2 * i], states[k].re, 1e-13);
        REQUIRE_NEAR(row->values[2 * i + 1], states[k].im, 1e-13);
    }
    qhm_bench_report_destroy(report);
    qhm_circuit_destroy(circuit);
}

// An independent way: central differences of the summed observable.
static void gradients_are_differences_of_forward_values(void **state)
{
    (void)state;
    enum { QUBITS = 2, ANGLES = 40 };
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_GRADIENT, .qubits = QUBITS});
    assert_int_equal(report->row_count, 4);
    assert_true(isnan(report->rows[0].peak_share));
    qhm_circuit *circuit;
    qhm_backend *backend;
    qhm_plan *plan;
    qhm_observable *sum;
    double angles[ANGLES], values[2];
    REQUIRE_OK(qhm_bench_open_circuit_create(QHM_BENCH_GRADIENT, QUBITS, &circuit));
    REQUIRE_OK(qhm_observable_parse("Z0 + Z1", &sum));
    REQUIRE_OK(qhm_backend_create("statevector", NULL, &backend));
    REQUIRE_OK(
        qhm_plan_create(backend, circuit, (const qhm_observable *const[]){sum}, 1, NULL, &plan));
    qhm_bench_draw_angles(QUBITS, angles, ANGLES);
    for (size_t i = 0; i < ANGLES; i++) {
        for (int side = 0; side < 2; side++) {
            double before = angles[i];
            angles[i] += side == 0 ? 1e-5 : -1e-5;
            REQUIRE_OK(qhm_plan_run(
                plan,
                &(qhm_request){.batch_count = 1, .inputs = angles, .expectations = &values[side]}));
            angles[i] = before;
        }
        for (size_t r = 0; r < 4; r++)
            REQUIRE_NEAR(report->rows[r].values[i], (values[0] - values[1]) / 2e-5,
                         report->rows[r].precision == QHM_FLOAT32 ? 1e-5 : 1e-8);
    }
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_observable_destroy(sum);
    qhm_circuit_destroy(circuit);
    qhm_bench_report_destroy(report);
}

static double mean_cost_of(const qhm_bench_qaoa *drawn, uint32_t qubits)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(qubits, 0, &circuit));
    for (uint32_t q = 0; q < qubits; q++)
        REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    for (size_t layer = 0; layer < QHM_BENCH_QAOA_LAYERS; layer++) {
        const qhm_angle cost = qhm_angle_constant(drawn->cost[layer]);
        const qhm_angle mixer = qhm_angle_constant(drawn->mixer[layer]);
        for (size_t e = 0; e < drawn->edge_count; e++)
            REQUIRE_OK(qhm_circuit_append(
                circuit, QHM_GATE_RZZ,
                (uint32_t[]){(uint32_t)drawn->edges[e][0], (uint32_t)drawn->edges[e][1]}, &cost));
        for (uint32_t q = 0; q < qubits; q++)
            REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, &q, &mixer));
    }
    qhm_complex states[64];
    run_states(circuit, states);
    qhm_circuit_destroy(circuit);
    double mean = 0;
    for (size_t z = 0; z < (size_t)1 << qubits; z++)
        for (size_t e = 0; e < drawn->edge_count; e++) {
            const double p = states[z].re * states[z].re + states[z].im * states[z].im;
            mean += (z >> drawn->edges[e][0] ^ z >> drawn->edges[e][1]) & 1 ? -p : p;
        }
    return mean;
}

// An independent way: central differences of the circuit's mean, gate angles layer by layer.
static void derivatives_of_qaoa_are_differences_of_the_circuit(void **state)
{
    (void)state;
    enum { QUBITS = 6, ANGLES = 2 * QHM_BENCH_QAOA_LAYERS };
    qhm_bench_qaoa drawn;
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_QAOA_GRADIENT, .qubits = QUBITS});
    assert_int_equal(report->row_count, 2);
    assert_int_equal(report->rows[0].value_count, ANGLES);
    qhm_bench_draw_qaoa(QUBITS, &drawn);
    for (size_t k = 0; k < ANGLES; k++) {
        double values[2];
        for (int side = 0; side < 2; side++) {
            qhm_bench_qaoa moved = drawn;
            double *angles = k < QHM_BENCH_QAOA_LAYERS ? moved.cost : moved.mixer;
            angles[k % QHM_BENCH_QAOA_LAYERS] += side == 0 ? 1e-5 : -1e-5;
            values[side] = mean_cost_of(&moved, QUBITS);
        }
        for (size_t r = 0; r < 2; r++)
            REQUIRE_NEAR(report->rows[r].values[k], (values[0] - values[1]) / 2e-5,
                         report->rows[r].precision == QHM_FLOAT32 ? 1e-4 : 1e-8);
    }
    qhm_bench_report_destroy(report);
}

static void training_steps_lower_the_loss(void **state)
{
    (void)state;
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_STEP, .qubits = 3, .batch = 8});
    assert_int_equal(report->row_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const double *losses = report->rows[i].values;
        assert_int_equal(report->rows[i].value_count, 3);
        assert_true(losses[1] < losses[0] && losses[2] < losses[1] && losses[0] < 3);
        REQUIRE_NEAR(losses[0], report->rows[1].values[0], 1e-5);
    }
    qhm_bench_report_destroy(report);
}

static void the_cost_of_a_gate_is_drawn_up_to_a_size(void **state)
{
    (void)state;
    char *svg = NULL;
    qhm_bench_report *report = run((qhm_bench_options){
        .workloads = 1U << QHM_BENCH_COST_PER_GATE, .qubits = 8, .precisions = 1U << QHM_FLOAT32});
    assert_int_equal(report->row_count, 3); // 4, 6, 8
    REQUIRE_OK(qhm_bench_report_draw(report, &svg));
    assert_int_equal(require_well_formed(svg, "path"), 2);
    assert_non_null(strstr(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
    assert_non_null(strstr(svg, "<style>"));
    qhm_string_destroy(svg);
    qhm_bench_report_destroy(report);
    report = run((qhm_bench_options){.workloads = 1U << QHM_BENCH_QFT, .qubits = 3});
    REQUIRE_FAILS(qhm_bench_report_draw(report, &svg), QHM_ERROR_INVALID_ARGUMENT, "cost-per-gate");
    qhm_bench_report_destroy(report);
}

static void noise_is_that_of_plain_density_matrices(void **state)
{
    (void)state;
    enum { QUBITS = 3 };
    qhm_bench_report *report = run((qhm_bench_options){
        .workloads = 1U << QHM_BENCH_NOISE, .qubits = QUBITS, .with_values = true});
    qhm_circuit *gates, *noisy;
    REQUIRE_OK(qhm_bench_circuit_create(QHM_BENCH_NOISE, QUBITS, &gates));
    REQUIRE_OK(qhm_bench_noisy_circuit_create(gates, &noisy));
    assert_int_equal(qhm_circuit_instruction_count(gates), 40);
    assert_int_equal(qhm_circuit_instruction_count(noisy), 3 * 30 + 4 * 10);
    qhm_complex *rho = reference_density(noisy, NULL, NULL);
    assert_int_equal(report->row_count, 2);
    for (uint32_t q = 0; q < QUBITS; q++) {
        qhm_observable *z;
        REQUIRE_OK(qhm_observable_create(&z));
        REQUIRE_OK(qhm_observable_append(z, 1, &(qhm_pauli_factor){q, QHM_PAULI_Z}, 1));
        const double read = 0.96 * reference_density_expectation(z, QUBITS, rho) + 0.02;
        assert_int_equal(report->rows[1].value_count, QUBITS);
        REQUIRE_NEAR(report->rows[1].values[q], read, 1e-12);
        REQUIRE_NEAR(report->rows[0].values[q], read, 1e-4);
        qhm_observable_destroy(z);
    }
    assert_int_equal(report->rows[1].state_bytes, 64 * 8);
    free(rho);
    qhm_circuit_destroy(gates);
    qhm_circuit_destroy(noisy);
    qhm_bench_report_destroy(report);
}

// Readout fails as in the workload, so the value is that of the state, damped and shifted.
static void shots_of_trajectories_are_those_of_density_matrices(void **state)
{
    (void)state;
    enum { QUBITS = 3 };
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_NOISE | 1U << QHM_BENCH_TRAJECTORIES,
                                .precisions = 1U << QHM_FLOAT64,
                                .qubits = QUBITS,
                                .with_values = true});
    assert_int_equal(report->row_count, 2);
    for (size_t q = 0; q < QUBITS; q++) {
        const double exact = report->rows[0].values[q];
        REQUIRE_NEAR(report->rows[1].values[q], exact,
                     5 * sqrt((1 - exact * exact) / QHM_BENCH_SHOTS));
        assert_true(report->rows[1].values[q] != exact);
    }
    assert_int_equal(report->rows[1].state_bytes, 8 * 16);
    qhm_bench_report_destroy(report);
}

static void bad_options_are_named(void **state)
{
    (void)state;
    qhm_bench_report *report = NULL;
    const struct {
        qhm_bench_options options;
        const char *part;
    } cases[] = {
        {{.workloads = 1U << 20}, "workloads is 0x100000"},
        {{.precisions = 4}, "precisions is 0x4"},
        {{.threads = 2000}, "threads is 2000"},
        {{.batch = (size_t)1 << 40}, "batch is 1099511627776"},
        {{.rounds = 1001}, "rounds is 1001"},
        {{.seconds = -1}, "seconds is -1"},
        {{.seconds = NAN}, "seconds is nan"},
        {{.workloads = 1U << QHM_BENCH_QAOA, .qubits = 7}, "qubits is 7"},
        {{.workloads = 1U << QHM_BENCH_NOISE, .qubits = 17}, "qubits is 17, not 2 to 16"},
        {{.workloads = 1U << QHM_BENCH_STEP, .qubits = 20}, "nothing is measured at 20 qubits"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        REQUIRE_FAILS(qhm_bench_run(&cases[i].options, &report), QHM_ERROR_INVALID_ARGUMENT,
                      cases[i].part);
    assert_null(report);
}

static void states_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    qhm_bench_report *report = NULL;
    const qhm_bench_options options = {.workloads = 1U << QHM_BENCH_QFT, .qubits = 40};
    REQUIRE_FAILS(qhm_bench_run(&options, &report), QHM_ERROR_RESOURCE_LIMIT, "");
    assert_null(report);
}

static void threads_are_as_before(void **state)
{
    (void)state;
    REQUIRE_OK(qhm_threads_set_count(3));
    qhm_bench_report *report =
        run((qhm_bench_options){.workloads = 1U << QHM_BENCH_QFT, .qubits = 2, .threads = 2});
    assert_int_equal(qhm_threads_count(), 3);
    REQUIRE_OK(qhm_threads_set_count(0));
    qhm_bench_report_destroy(report);
}

static qhm_status try_everything(void *context)
{
    qhm_bench_report *report;
    qhm_bench_options options = {.workloads = 1U << QHM_BENCH_STEP | 1U << QHM_BENCH_COST_PER_GATE,
                                 .qubits = 4,
                                 .precisions = 1U << QHM_FLOAT64,
                                 .batch = 2,
                                 .rounds = 1,
                                 .with_values = true};
    char *svg;
    qhm_circuit *circuit;
    (void)context;
    QHM_TRY(qhm_bench_run(&options, &report));
    qhm_status status = qhm_bench_report_draw(report, &svg);
    if (status == QHM_OK)
        qhm_string_destroy(svg);
    qhm_bench_report_destroy(report);
    QHM_TRY(status);
    QHM_TRY(qhm_bench_circuit_create(QHM_BENCH_RANDOM, 4, &circuit));
    qhm_circuit_destroy(circuit);
    return QHM_OK;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    require_survives_failing_memory(try_everything, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ansatz_has_twenty_angles_a_qubit),
        cmocka_unit_test(the_transform_of_a_basis_state_is_a_wave),
        cmocka_unit_test(the_graph_of_qaoa_is_regular_and_simple),
        cmocka_unit_test(the_random_circuit_joins_neighbours_of_the_grid),
        cmocka_unit_test(sizes_that_a_circuit_cannot_have_are_named),
        cmocka_unit_test(every_workload_is_found_by_its_name),
        cmocka_unit_test(a_row_is_measured_beside_the_limits),
        cmocka_unit_test(batches_of_one_are_measured_once),
        cmocka_unit_test(values_are_those_of_the_printed_circuit),
        cmocka_unit_test(a_large_state_gives_amplitudes),
        cmocka_unit_test(gradients_are_differences_of_forward_values),
        cmocka_unit_test(derivatives_of_qaoa_are_differences_of_the_circuit),
        cmocka_unit_test(training_steps_lower_the_loss),
        cmocka_unit_test(the_cost_of_a_gate_is_drawn_up_to_a_size),
        cmocka_unit_test(noise_is_that_of_plain_density_matrices),
        cmocka_unit_test(shots_of_trajectories_are_those_of_density_matrices),
        cmocka_unit_test(bad_options_are_named),
        cmocka_unit_test(states_that_do_not_fit_are_refused),
        cmocka_unit_test(threads_are_as_before),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
