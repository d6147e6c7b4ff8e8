// Claims about chips, from their published figures.
#include "algorithm/counted_run.h"
#include "claim/claim_internal.h"
#include "claim/scaling.h"

#include <math.h>
#include <qhm/bench.h>
#include <qhm/device.h>
#include <stdio.h>
#include <string.h>

static qhm_status read_figure(const char *name, const char *figure, double *value)
{
    qhm_device *device;
    QHM_TRY(qhm_device_load(name, NULL, &device));
    *value = qhm_device_figure(device, figure).value;
    qhm_device_destroy(device);
    return QHM_OK;
}

// The qubits of a kind; all of them for NULL.
static qhm_status count_qubits(const char *name, const char *kind, double *count)
{
    qhm_device *device;
    QHM_TRY(qhm_device_load(name, NULL, &device));
    *count = 0;
    for (size_t i = 0; i < qhm_device_qubit_count(device); i++) {
        const char *is = qhm_device_qubit_at(device, i)->kind;
        *count += !kind || (is && strcmp(is, kind) == 0);
    }
    qhm_device_destroy(device);
    return QHM_OK;
}

static qhm_status run_sizes(const qhm_claim_options *options, qhm_claim_result *result)
{
    static const struct {
        const char *device, *kind;
        double claimed;
    } chips[] = {{"willow", NULL, 105},
                 {"condor", NULL, 1121},
                 {"ocelot", "cat", 5},
                 {"majorana1", NULL, 8}};
    (void)options;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "chips", list);
    size_t right = 0;
    for (size_t i = 0; i < 4; i++) {
        double count;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(count_qubits(chips[i].device, chips[i].kind, &count));
        qhm_claim_text(row, "chip", chips[i].device);
        qhm_claim_number(row, "claimed", chips[i].claimed);
        qhm_claim_number(row, "qubits", count);
        right += count == chips[i].claimed;
    }
    qhm_claim_find_that(result, right == 4 ? QHM_CLAIM_HOLDS : QHM_CLAIM_FAILS,
                        "%zu of 4 numbers of qubits are those of the device files, whose sources "
                        "are the makers' announcements. A number of qubits says nothing about what "
                        "they can do; no operation of two of Majorana 1's has been shown.",
                        right);
    return QHM_OK;
}

const qhm_claim qhm_claim_chip_sizes = {
    .info = {.name = "chip-sizes",
             .place = "abstract; sections 3.1, 3.2",
             .claim = "Willow has 105 qubits, Condor 1,121, Ocelot 5 data qubits, Majorana 1 8.",
             .details = "Counts the qubits of the device files."},
    .run = run_sizes,
};

static const char *const gate_chips[] = {"willow", "heron", "condor"};

enum { GATE_CHIPS = sizeof gate_chips / sizeof gate_chips[0] };

static qhm_status run_gates(const qhm_claim_options *options, qhm_claim_result *result)
{
    (void)options;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "chips", list);
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < GATE_CHIPS; i++) {
        double error;
        json_t *row = qhm_claim_row(list);
        QHM_TRY(read_figure(gate_chips[i], "two_qubit_error", &error));
        const double gates = -1 / log1p(-error);
        least = fmin(least, gates);
        most = fmax(most, gates);
        qhm_claim_text(row, "chip", gate_chips[i]);
        qhm_claim_number(row, "two_qubit_error", error);
        qhm_claim_number(row, "gates_until_one_in_e", gates);
        qhm_claim_number(row, "gates_until_one_half", gates * M_LN2);
    }
    qhm_claim_find_that(
        result, least >= 50 && most < 1000 ? QHM_CLAIM_HOLDS : QHM_CLAIM_FAILS,
        "%.0f to %.0f gates of two qubits until 1/e of the runs are without an error, by the "
        "published errors of three chips; mitigation pays for more with shots.",
        least, most);
    return QHM_OK;
}

const qhm_claim qhm_claim_few_hundred_gates = {
    .info = {.name = "few-hundred-gates",
             .place = "section 5.4",
             .claim = "Current error rates for two-qubit gates are around 0.1 % to 1 %; thus most "
                      "current algorithms use at most a few hundred gates reliably.",
             .details = "Gates until 1/e of the runs are without an error, by each chip's "
                        "published error: holds for 50 to 1,000 on all."},
    .run = run_gates,
};

static qhm_status run_shallow(const qhm_claim_options *options, qhm_claim_result *result)
{
    (void)options;
    double error;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "circuits", list);
    QHM_TRY(read_figure("willow", "two_qubit_error", &error));
    static const double sizes[] = {4, 10, 20, 50, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        json_t *row = qhm_claim_row(list);
        qhm_claim_number(row, "qubits", sizes[i]);
        qhm_claim_number(row, "share_without_error_at_depth_50", pow(1 - error, 25 * sizes[i]));
        qhm_claim_number(row, "depth_until_one_in_e", -2 / sizes[i] / log1p(-error));
    }
    const double at_100 = -2.0 / 100 / log1p(-error), largest = -2.0 / 50 / log1p(-error);
    qhm_claim_find_that(result,
                        at_100 >= 50 ? QHM_CLAIM_HOLDS
                                     : (largest >= 2 ? QHM_CLAIM_HOLDS_IF : QHM_CLAIM_FAILS),
                        "On 100 qubits with 50 gates of two qubits in every layer, Willow's error "
                        "leaves 1/e of the runs after %.1f layers, %s than 50: depth 50 holds for "
                        "up to %.0f qubits.",
                        at_100, at_100 < 50 ? "fewer" : "no fewer", floor(largest));
    return QHM_OK;
}

const qhm_claim qhm_claim_shallow_circuits = {
    .info = {.name = "shallow-circuits",
             .place = "section 3.3.1",
             .claim = "Up to ~100 qubits gate-based can be used, but only relatively shallow "
                      "circuits can be run before noise dominates (perhaps depth < 50).",
             .details = "Layers of gates on half as many pairs as qubits, until 1/e of the runs "
                        "are without an error, by Willow's published error."},
    .run = run_shallow,
};

// The smallest odd distance of a surface code whose error a cycle 0.1 (p / 0.01)^((d + 1) / 2)
// [fowler2012] is at most `target`.
static double surface_distance(double error, double target)
{
    double d = 3;
    while (0.1 * pow(error / 0.01, (d + 1) / 2) > target * (1 + 1e-9))
        d += 2;
    return d;
}

static double surface_qubits(double distance)
{
    return 2 * distance * distance - 1;
}

static qhm_status run_physical(const qhm_claim_options *options, qhm_claim_result *result)
{
    static const double targets[] = {1e-6, 1e-9, 1e-12, 1e-15};
    (void)options;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "codes", list);
    double qubits[4];
    for (size_t i = 0; i < 4; i++) {
        json_t *row = qhm_claim_row(list);
        const double d = surface_distance(1e-3, targets[i]);
        qubits[i] = surface_qubits(d);
        qhm_claim_number(row, "logical_error_a_cycle", targets[i]);
        qhm_claim_number(row, "distance", d);
        qhm_claim_number(row, "qubits", qubits[i]);
    }
    const bool holds = qubits[1] >= 100 && qubits[2] < 1000;
    size_t hundreds = 0; // of these targets take them
    while (hundreds < 4 && qubits[hundreds] < 1000)
        hundreds++;
    char until[64] = "more than hundreds for all of them";
    if (hundreds > 0)
        snprintf(until, sizeof until, "hundreds down to one error in %.0e cycles",
                 1 / targets[hundreds - 1]);
    qhm_claim_find_that(
        result, holds ? (qubits[3] < 1000 ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF) : QHM_CLAIM_FAILS,
        "A surface code at a gate error of 10^-3 takes %.0f qubits for one error in 10^9 cycles, "
        "%.0f for one in 10^12 and %.0f for one in 10^15: %s.",
        qubits[1], qubits[2], qubits[3], until);
    return QHM_OK;
}

const qhm_claim qhm_claim_physical_qubits = {
    .info = {.name = "physical-qubits",
             .place = "section 5.4",
             .claim = "The surface code might need hundreds of physical qubits to make one "
                      "essentially perfect logical qubit if gate error is around 10^-3.",
             .details = "Distances by p_L = 0.1 (p / 0.01)^((d + 1) / 2) and 2 d^2 - 1 qubits."},
    .run = run_physical,
};

// Qubits of a repetition code of cats for a total error a cycle, over photons and distance;
// infinite if none of up to MOST_CATS will do [gouzien2023].
enum { MOST_CATS = 201 };

static double cat_qubits(double loss_ratio, double target)
{
    double best = INFINITY;
    for (int half = 2; half <= 80; half++)
        for (int distance = 3; 2 * distance - 1 <= MOST_CATS; distance += 2) {
            const double photons = 0.5 * half, d = distance;
            const double phase = 5.6e-2 * pow(pow(photons, 0.86) * loss_ratio / 0.013, (d + 1) / 2);
            const double bit = 2 * (d - 1) * 0.5 * exp(-2 * photons);
            if (phase + bit <= target)
                best = fmin(best, 2 * d - 1);
        }
    return best;
}

// The distance at which Willow's measured suppression reaches a target.
static double willow_distance(double at_seven, double suppression, double target)
{
    double d = 7;
    while (at_seven * pow(suppression, -(d - 7) / 2) > target)
        d += 2;
    return d;
}

static qhm_status run_ocelot(const qhm_claim_options *options, qhm_claim_result *result)
{
    static const double ratios[] = {1e-2, 3e-3, 1e-3, 1e-4, 1e-5};
    static const double targets[] = {1e-6, 1e-8, 1e-10};
    (void)options;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "codes", list);
    double at_seven, suppression, best = 0, needed = 0;
    const double cats_now = cat_qubits(ratios[0], targets[0]);
    char least[64] = "never 90 %", now_text[64];
    QHM_TRY(read_figure("willow", "logical_error_per_cycle", &at_seven));
    QHM_TRY(read_figure("willow", "error_suppression", &suppression));
    for (size_t t = 0; t < 3; t++)
        for (size_t r = 0; r < sizeof ratios / sizeof ratios[0]; r++) {
            json_t *row = qhm_claim_row(list);
            const double cats = cat_qubits(ratios[r], targets[t]);
            const double surface = surface_qubits(surface_distance(1e-3, targets[t]));
            const double now = surface_qubits(willow_distance(at_seven, suppression, targets[t]));
            const double saving = 1 - cats / surface;
            qhm_claim_number(row, "logical_error_a_cycle", targets[t]);
            qhm_claim_number(row, "loss_ratio", ratios[r]);
            qhm_claim_number(row, "cat_qubits", cats);
            qhm_claim_number(row, "surface_qubits", surface);
            qhm_claim_number(row, "saving", saving);
            qhm_claim_number(row, "surface_qubits_like_willow", now);
            qhm_claim_number(row, "saving_against_willow", 1 - cats / now);
            if (saving >= 0.9 && ratios[r] > needed)
                needed = ratios[r];
            best = fmax(best, saving);
        }
    const bool is_reached_now = needed >= ratios[0];
    if (needed > 0)
        snprintf(least, sizeof least, "90 %% and more for losses kappa_1/kappa_2 of %.0e or less",
                 needed);
    if (isfinite(cats_now))
        snprintf(now_text, sizeof now_text, "a code of %.0f qubits reaches", cats_now);
    else
        snprintf(now_text, sizeof now_text, "no code of up to %d qubits reaches", MOST_CATS);
    qhm_claim_find_that(
        result,
        best < 0.9 ? QHM_CLAIM_FAILS : (is_reached_now ? QHM_CLAIM_HOLDS : QHM_CLAIM_HOLDS_IF),
        "By the model of repetition codes of cats beside surface codes of gates at 10^-3, up to "
        "%.0f %% of the qubits are saved, %s. At %.0e, which Ocelot is assumed to be near, %s "
        "%.0e.",
        100 * best, least, ratios[0], now_text, targets[0]);
    qhm_claim_note(result, "Phase errors 5.6e-2 (n^0.86 (kappa_1/kappa_2) / 0.013)^((d+1)/2) and "
                           "bit errors (d - 1) exp(-2n) a cycle with n photons, 2d - 1 qubits; "
                           "Ocelot's own kappa_2 is not published, and its bit errors are led by "
                           "its ancillas, which the model leaves out.");
    return QHM_OK;
}

const qhm_claim qhm_claim_ocelot = {
    .info = {.name = "ocelot",
             .place = "section 3.1",
             .claim = "Ocelot's architecture can reduce the overhead of quantum error correction "
                      "by up to 90 %.",
             .details = "Qubits of a repetition code of cats against those of a surface code for "
                        "the same logical error, as far as the published model can say."},
    .run = run_ocelot,
};

// Seconds of random circuits of 20 cycles here, by qubits.
static qhm_status time_circuits(const qhm_claim_options *options, double *qubits, double *seconds,
                                size_t *count)
{
    const size_t most = options->is_quick ? 18 : 22;
    *count = 0;
    for (size_t n = most - 6; n <= most; n += 2) {
        qhm_bench_report *report;
        QHM_TRY(qhm_claim_go_on(options));
        QHM_TRY(qhm_bench_run(&(qhm_bench_options){.workloads = 1U << QHM_BENCH_RANDOM,
                                                   .precisions = 1U << QHM_FLOAT64,
                                                   .qubits = n,
                                                   .rounds = 3,
                                                   .seconds = 0.3},
                              &report));
        qubits[*count] = (double)n;
        seconds[(*count)++] = report->rows[0].seconds;
        qhm_bench_report_destroy(report);
    }
    return QHM_OK;
}

static qhm_status run_willow(const qhm_claim_options *options, qhm_claim_result *result)
{
    enum { YEAR = 31557600 };
    double qubits[8], seconds[8], rate, slope = 0;
    size_t count;
    QHM_TRY(read_figure("willow", "shots_per_second", &rate));
    QHM_TRY(time_circuits(options, qubits, seconds, &count));
    json_t *list = json_array();
    json_object_set_new(result->numbers, "random_circuits_of_20_cycles_here", list);
    for (size_t i = 0; i < count; i++) {
        json_t *row = qhm_claim_row(list);
        qhm_claim_number(row, "qubits", qubits[i]);
        qhm_claim_number(row, "seconds", seconds[i]);
        qhm_claim_text(row, "precision", "float64");
    }
    slope = log2(seconds[count - 1] / seconds[0]) / (qubits[count - 1] - qubits[0]);
    // A state of n qubits takes 2^n times a number of gates that grows with n.
    const double last = qubits[count - 1];
    const double years = 2 * seconds[count - 1] * exp2(103 - last) * (103 / last) / YEAR;
    const double bytes = 16 * exp2(103); // two float64 an amplitude
    const double shots = 300 * rate, deviations = 1e-3 * sqrt(shots);
    const bool is_told = deviations >= 1.959964; // 95 %, as everywhere here
    qhm_claim_number(result->numbers, "seconds_double_with_each_qubit_times", exp2(slope));
    qhm_claim_number(result->numbers, "years_here_for_103_qubits_and_40_cycles", years);
    qhm_claim_number(result->numbers, "bytes_of_that_state", bytes);
    qhm_claim_number(result->numbers, "shots_in_5_minutes", shots);
    qhm_claim_number(result->numbers, "standard_deviations_of_the_fidelity", deviations);
    qhm_claim_find_that(
        result, QHM_CLAIM_UNCHECKED, // whatever the numbers: none of them is of the other side
        "The chip's side is %s with 95 %%: %.2g shots in 5 minutes tell a fidelity of 0.001 from 0 "
        "by %.1f "
        "standard deviations. The other side cannot be run: all amplitudes of 103 qubits in "
        "float64 would take this machine %.1g years and %.1g bytes, but that is not the best "
        "classical method, and nobody can measure 10^25 years.",
        is_told ? "told from noise" : "not told from noise", shots, deviations, years, bytes);
    qhm_claim_note(result,
                   "The 10,000 years claimed in 2019 for the circuits of Sycamore became a seventh "
                   "of the chip's own time on 1,432 GPUs by 2024 [zhao2024]: such numbers say how "
                   "good the best known classical method is, and only for sampling random "
                   "circuits.");
    return QHM_OK;
}

const qhm_claim qhm_claim_willow = {
    .info = {.name = "willow",
             .place = "section 3.1",
             .claim = "Willow executed a task in under 5 minutes that would take a top "
                      "supercomputer on the order of 10^25 years.",
             .details = "Times random circuits here and extrapolates a state vector to 103 qubits; "
                        "shots by the published rate."},
    .run = run_willow,
};

// Shots of a GHZ state: all 0 or all 1, half each.
static qhm_status run_ghz(size_t qubits, size_t shots, uint64_t seed, double *seconds,
                          size_t *outcomes)
{
    qhm_circuit *circuit;
    qhm_distribution *seen = NULL;
    qhm_ledger ledger = {0};
    QHM_TRY(qhm_circuit_create(qubits, qubits, &circuit));
    qhm_status status = qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL);
    for (uint32_t q = 1; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){q - 1, q}, NULL);
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(circuit, q, q);
    const double start = qhm_claim_clock();
    if (status == QHM_OK)
        status = qhm_counted_shots(circuit, shots, seed, NULL, &ledger, &seen);
    *seconds = qhm_claim_clock() - start;
    if (status == QHM_OK)
        *outcomes = qhm_distribution_outcome_count(seen);
    qhm_distribution_destroy(seen);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run_thirty(const qhm_claim_options *options, qhm_claim_result *result)
{
    enum { WIDE = 200, SHOTS = 1000 };
    double seconds;
    size_t outcomes = 0;
    json_t *list = json_array();
    json_object_set_new(result->numbers, "states_in_full", list);
    for (int qubits = 20; qubits <= 50; qubits += 10) {
        json_t *row = qhm_claim_row(list);
        qhm_claim_number(row, "qubits", qubits);
        qhm_claim_number(row, "gibibytes", 16 * exp2(qubits) / exp2(30));
    }
    QHM_TRY(run_ghz(WIDE, SHOTS, options->seed, &seconds, &outcomes));
    qhm_claim_number(result->numbers, "qubits_of_a_ghz_state", WIDE);
    qhm_claim_number(result->numbers, "its_different_outcomes", (double)outcomes);
    qhm_claim_number(result->numbers, "its_seconds", seconds);
    const bool is_wide = outcomes == 2;
    qhm_claim_find_that(
        result, is_wide ? QHM_CLAIM_HOLDS_IF : QHM_CLAIM_HOLDS,
        "For circuits without structure: all amplitudes of 30 qubits take %.0f GiB, and twice as "
        "much for each more. %s: %d shots of a GHZ state of %d qubits, with %zu different outcomes "
        "of 2, took %.2g s here.",
        16 * exp2(30) / exp2(30),
        is_wide ? "Clifford circuits and states of little entanglement go further"
                : "A Clifford circuit of little entanglement did not come out right",
        SHOTS, WIDE, outcomes, seconds);
    return QHM_OK;
}

const qhm_claim qhm_claim_thirty_qubits = {
    .info = {.name = "thirty-qubits",
             .place = "section 6.1",
             .claim = "Simulations are limited to perhaps 30 qubits due to exponential classical "
                      "cost.",
             .details = "The memory of all amplitudes, and a GHZ state of 200 qubits by the method "
                        "that the library chooses for it."},
    .run = run_thirty,
};
