// The problem "fourier": the spectrum of numbers from a file, with its load and its read-out.
#include "algorithm/algorithm_internal.h"
#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "algorithm/fast_fourier.h"
#include "algorithm/problem_numbers.h"
#include "base/bits.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/fourier.h>
#include <qhm/state_preparation.h>
#include <string.h>

enum { MOST_ENTRIES = 4096, LISTED = 8, REPETITIONS = 100 };

typedef struct fourier_options {
    const qhm_node *values, *imaginary;
    bool is_inverse;
    size_t distance, shots;
    double error;
} fourier_options;

static const qhm_option_info fields[] = {
    {.name = "values",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(fourier_options, values),
     .help = "2 to 4096 numbers, with zeros up to the next power of two; required"},
    {.name = "imaginary",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(fourier_options, imaginary),
     .help = "their imaginary parts, as many; when not given, 0"},
    {.name = "inverse",
     .type = QHM_OPTION_BOOL,
     .offset = offsetof(fourier_options, is_inverse),
     .help = "transform with e^{-2 pi i jk/N} instead of e^{2 pi i jk/N}"},
    {.name = "distance",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(fourier_options, distance),
     .minimum = 1,
     .maximum = 12,
     .help = "approximate: phases pi/2^d only for d up to it; when not given, all"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(fourier_options, shots),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 1e8,
     .help = "runs, each of which loads the numbers and gives one k"},
    {.name = "error",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(fourier_options, error),
     .default_text = "0.01",
     .minimum = 1e-9,
     .maximum = 1,
     .help = "of the squared amplitudes, for which the shots are told that it takes"},
    {0},
};

typedef struct spectrum {
    const fourier_options *options;
    size_t bits, size;
    qhm_complex *data, *exact; // [size] of length 1; its transform
    bool is_complex;
    double seconds; // of the fast transform
    qhm_circuit *load, *transform;
} spectrum;

static double squared(qhm_complex z)
{
    return z.re * z.re + z.im * z.im;
}

static qhm_status fill(const qhm_problem *problem, spectrum *s, const double *re, size_t count)
{
    const fourier_options *o = s->options;
    double *im = NULL, length = 0, largest = 0;
    size_t im_count = count;
    if (o->imaginary)
        QHM_TRY(qhm_problem_numbers(problem->node, o->imaginary, "imaginary", 1, &im, &im_count));
    qhm_status status = QHM_OK;
    if (im_count != count)
        status = qhm_node_fail(o->imaginary, "field 'imaginary' has %zu entries, 'values' %zu",
                               im_count, count);
    for (size_t i = 0; i < count && status == QHM_OK; i++)
        largest = fmax(largest, fmax(fabs(re[i]), im ? fabs(im[i]) : 0));
    if (status == QHM_OK && largest == 0)
        status = qhm_node_fail(o->values, "all numbers are 0: there is no state to load");
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        s->data[i] = (qhm_complex){re[i] / largest, im ? im[i] / largest : 0};
        s->is_complex = s->is_complex || s->data[i].im != 0;
        length += squared(s->data[i]);
    }
    for (size_t i = 0; i < count && status == QHM_OK; i++) {
        s->data[i].re /= sqrt(length);
        s->data[i].im /= sqrt(length);
    }
    qhm_release(im);
    return status;
}

static qhm_status read_numbers(const qhm_problem *problem, spectrum *s)
{
    double *values;
    size_t count;
    QHM_TRY(qhm_problem_numbers(problem->node, s->options->values, "values", 2, &values, &count));
    qhm_status status = QHM_OK;
    if (count > MOST_ENTRIES)
        status = qhm_node_fail(s->options->values, "field 'values' has %zu entries, not 2 to %d",
                               count, (int)MOST_ENTRIES);
    s->bits = qhm_bits_for(count);
    s->size = (size_t)1 << s->bits;
    if (status == QHM_OK)
        status = qhm_allocate(s->size, sizeof *s->data, &s->data);
    if (status == QHM_OK)
        status = qhm_allocate(s->size, sizeof *s->exact, &s->exact);
    if (status == QHM_OK)
        status = fill(problem, s, values, count);
    qhm_release(values);
    return status;
}

// The opponent, timed: all amplitudes at once.
static qhm_status transform_fast(spectrum *s)
{
    qhm_fast_fourier fourier;
    qhm_status status = qhm_fast_fourier_create(s->bits, s->options->is_inverse, &fourier);
    const double start = qhm_algorithm_clock();
    for (size_t r = 0; r < REPETITIONS && status == QHM_OK; r++) {
        memcpy(s->exact, s->data, s->size * sizeof *s->data);
        qhm_fast_fourier_run(&fourier, s->exact);
    }
    s->seconds = (qhm_algorithm_clock() - start) / REPETITIONS;
    qhm_fast_fourier_destroy(&fourier);
    return status;
}

static qhm_status create_circuits(spectrum *s)
{
    QHM_TRY(qhm_state_preparation_bind(s->bits, s->is_complex ? QHM_STATE_COMPLEX : QHM_STATE_REAL,
                                       s->data, &s->load));
    return qhm_fourier_create(s->bits,
                              &(qhm_fourier_options){.is_inverse = s->options->is_inverse,
                                                     .distance = s->options->distance},
                              &s->transform);
}

// What a simulator knows: |<exact|made>|^2.
static qhm_status compare(const spectrum *s, const qhm_circuit *circuit, double *fidelity)
{
    qhm_complex *made;
    double re = 0, im = 0;
    QHM_TRY(qhm_counted_state(circuit, NULL, &made));
    for (size_t k = 0; k < s->size; k++) {
        re += s->exact[k].re * made[k].re + s->exact[k].im * made[k].im;
        im += s->exact[k].re * made[k].im - s->exact[k].im * made[k].re;
    }
    qhm_release(made);
    *fidelity = re * re + im * im;
    return QHM_OK;
}

static qhm_status measure(const spectrum *s, qhm_circuit *circuit, uint64_t seed,
                          qhm_ledger *ledger, qhm_distribution **outcomes)
{
    QHM_TRY(qhm_append_measures(circuit, "k", s->bits));
    return qhm_counted_shots(circuit, s->options->shots, seed,
                             &(qhm_run_counts){.state_preparations = 1}, ledger, outcomes);
}

// The places of the largest shares, at most LISTED, of equal ones the smaller first.
static size_t list_largest(const spectrum *s, const double *shares, size_t *places)
{
    size_t count = 0;
    for (size_t k = 0; k < s->size; k++) {
        if (!(shares[k] > 0) || (count == LISTED && shares[k] <= shares[places[LISTED - 1]]))
            continue;
        size_t at = count < LISTED ? count++ : LISTED - 1;
        for (; at > 0 && shares[places[at - 1]] < shares[k]; at--)
            places[at] = places[at - 1];
        places[at] = k;
    }
    return count;
}

static void tell_largest(const spectrum *s, const double *shares, json_t *object)
{
    size_t places[LISTED] = {0};
    double largest[LISTED];
    const size_t count = list_largest(s, shares, places);
    for (size_t i = 0; i < count; i++)
        largest[i] = shares[places[i]];
    qhm_result_indices(object, "largest_at", places, count);
    qhm_result_numbers(object, "squared_amplitudes", largest, count);
}

static void tell_shares(const spectrum *s, const qhm_distribution *outcomes, double *shares,
                        qhm_result *result)
{
    const double shots = (double)s->options->shots;
    double error = 0, squares = 0;
    for (uint64_t k = 0; k < s->size; k++) {
        const double p = squared(s->exact[k]);
        shares[k] = qhm_distribution_weight(outcomes, &k) / shots;
        error += (shares[k] - p) * (shares[k] - p);
        squares += p * p;
    }
    tell_largest(s, shares, result->answer);
    qhm_result_number(result->answer, "error_of_squared_amplitudes", sqrt(error));
    qhm_result_number(result->answer, "shots_for_error",
                      ceil(fmax(0, 1 - squares) / (s->options->error * s->options->error)));
    for (size_t k = 0; k < s->size; k++)
        shares[k] = squared(s->exact[k]);
    qhm_result_text(result->opponent, "method",
                    "fast Fourier transform, radix 2: all amplitudes with their phases");
    tell_largest(s, shares, result->opponent);
    qhm_result_number(result->opponent, "multiplications", 2 * (double)s->size * (double)s->bits);
    qhm_result_number(result->opponent, "seconds", s->seconds);
}

static qhm_status tell_circuits(const spectrum *s, double fidelity, qhm_result *result)
{
    qhm_circuit_counts load, transform;
    json_t *answer = result->answer;
    QHM_TRY(qhm_circuit_count(s->load, &load));
    QHM_TRY(qhm_circuit_count(s->transform, &transform));
    qhm_result_number(answer, "fidelity_of_circuit", fidelity);
    qhm_result_number(answer, "error_bound_of_transform",
                      qhm_fourier_error_bound(s->bits, s->options->distance));
    qhm_result_count(answer, "cx_of_transform",
                     2 * transform.by_gate[QHM_GATE_CP] + 3 * transform.by_gate[QHM_GATE_SWAP]);
    qhm_result_count(answer, "cx_of_load", load.by_gate[QHM_GATE_CX]);
    qhm_result_count(answer, "rotations_of_load",
                     load.by_gate[QHM_GATE_RY] + load.by_gate[QHM_GATE_RZ]);
    qhm_result_note(result,
                    "shots_for_error: runs for squared amplitudes within %g, the root of the mean "
                    "of the sum of all squared errors. The amplitudes' phases are not in them.",
                    s->options->error);
    qhm_result_note(result, "Each run loads all numbers, about one gate each, and gives one k: the "
                            "transform itself is the small part.");
    return QHM_OK;
}

static qhm_status run_circuits(const spectrum *s, const qhm_problem *problem, qhm_result *result)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    double fidelity = NAN, *shares = NULL;
    QHM_TRY(qhm_circuit_copy(s->load, &circuit));
    qhm_status status = qhm_circuit_append_circuit(circuit, s->transform, NULL, NULL, 0, 0);
    if (status == QHM_OK)
        status = qhm_allocate(s->size, sizeof *shares, &shares);
    if (status == QHM_OK)
        status = compare(s, circuit, &fidelity);
    if (status == QHM_OK)
        status = measure(s, circuit, problem->seed, &result->ledger, &outcomes);
    if (status == QHM_OK) {
        tell_shares(s, outcomes, shares, result);
        status = tell_circuits(s, fidelity, result);
    }
    qhm_distribution_destroy(outcomes);
    qhm_release(shares);
    qhm_circuit_destroy(circuit);
    return status;
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    spectrum s = {.options = given};
    qhm_status status = read_numbers(problem, &s);
    if (status == QHM_OK)
        status = transform_fast(&s);
    if (status == QHM_OK)
        status = create_circuits(&s);
    if (status == QHM_OK)
        status = run_circuits(&s, problem, result);
    qhm_circuit_destroy(s.load);
    qhm_circuit_destroy(s.transform);
    qhm_release(s.data);
    qhm_release(s.exact);
    return status;
}

const qhm_algorithm qhm_algorithm_fourier = {
    .info = {.name = "fourier",
             .help = "the spectrum of numbers by the quantum Fourier transform",
             .details = "n H, n (n - 1) / 2 controlled phases and n / 2 swaps turn N = 2^n "
                        "amplitudes into their transform, or fewer phases\nnearly so. But the "
                        "numbers have to be loaded, about N gates in each run, and a run gives one "
                        "k with the chance\n|amplitude k|^2. A fast Fourier transform takes N lg N "
                        "steps, once, and gives all. [coppersmith1994]\n",
             .example = "values: [0, 1, 0.5, -0.5, -1, -0.3, 0.8, 0.9]\nshots: 1000\n",
             .fields = fields},
    .options_size = sizeof(fourier_options),
    .run = run,
};
