// Source `havlicek`: the ad hoc data of Havlíček et al., Nature 567, 209 (2019).
//
// A point x in [0, 2π)^n has the label of the sign of <Φ(x)| V† Z..Z V |Φ(x)>, V a random unitary
// and Φ the ZZ feature map with two repetitions: data that this map's kernel separates by
// construction, and no classical kernel knows. The state is computed here in closed form (phases
// and Hadamards on 2^n amplitudes), so that the control does not lean on the simulator it tests.
#include "data/generated_points.h"
#include "data/sources.h"

#include <qhm/data_source.h>
#include <qhm/types.h>

#include <math.h>

enum { MAX_QUBITS = 6, MAX_STATE = 1 << MAX_QUBITS };

typedef struct labeller {
    size_t qubits, size; // size = 2^qubits
    double gap;
    qhm_complex unitary[MAX_STATE][MAX_STATE]; // V, rows first
} labeller;

// Columns of normals made orthonormal by Gram-Schmidt are Haar distributed (Mezzadri 2007: the
// QR decomposition with a positive diagonal).
static void draw_unitary(qhm_random *random, labeller *l)
{
    for (size_t column = 0; column < l->size; column++) {
        for (size_t row = 0; row < l->size; row++) {
            l->unitary[row][column].re = qhm_random_normal(random);
            l->unitary[row][column].im = qhm_random_normal(random);
        }
        for (size_t other = 0; other < 2 * column; other++) { // twice: rounding, too
            size_t before = other % column;
            double re = 0, im = 0;
            for (size_t row = 0; row < l->size; row++) {
                qhm_complex a = l->unitary[row][before], b = l->unitary[row][column];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            for (size_t row = 0; row < l->size; row++) {
                qhm_complex a = l->unitary[row][before];
                l->unitary[row][column].re -= re * a.re - im * a.im;
                l->unitary[row][column].im -= re * a.im + im * a.re;
            }
        }
        double norm = 0;
        for (size_t row = 0; row < l->size; row++)
            norm += l->unitary[row][column].re * l->unitary[row][column].re +
                    l->unitary[row][column].im * l->unitary[row][column].im;
        norm = sqrt(norm);
        for (size_t row = 0; row < l->size; row++) {
            l->unitary[row][column].re /= norm;
            l->unitary[row][column].im /= norm;
        }
    }
}

void qhm_zz_feature_state(const double *x, size_t qubits, qhm_complex *state)
{
    size_t size = (size_t)1 << qubits;
    for (size_t b = 0; b < size; b++)
        state[b] = (qhm_complex){b == 0, 0};
    for (int repetition = 0; repetition < 2; repetition++) {
        for (size_t q = 0; q < qubits; q++)
            for (size_t b = 0; b < size; b++) {
                if (b >> q & 1)
                    continue;
                qhm_complex *low = &state[b], *high = &state[b | (size_t)1 << q], l = *low;
                *low = (qhm_complex){(l.re + high->re) * M_SQRT1_2, (l.im + high->im) * M_SQRT1_2};
                *high = (qhm_complex){(l.re - high->re) * M_SQRT1_2, (l.im - high->im) * M_SQRT1_2};
            }
        for (size_t b = 0; b < size; b++) {
            double phase = 0;
            for (size_t i = 0; i < qubits; i++) {
                phase += b >> i & 1 ? 2 * x[i] : 0;
                for (size_t j = 0; j < i; j++)
                    phase += (b >> i ^ b >> j) & 1 ? 2 * (M_PI - x[i]) * (M_PI - x[j]) : 0;
            }
            double re = cos(phase), im = sin(phase);
            state[b] = (qhm_complex){state[b].re * re - state[b].im * im,
                                     state[b].re * im + state[b].im * re};
        }
    }
}

static int draw(qhm_random *random, void *context, double *point)
{
    const labeller *l = context;
    for (size_t i = 0; i < l->qubits; i++)
        point[i] = 2 * M_PI * qhm_random_uniform(random);
    qhm_complex state[MAX_STATE];
    qhm_zz_feature_state(point, l->qubits, state);
    double parity = 0;
    for (size_t row = 0; row < l->size; row++) {
        double re = 0, im = 0;
        for (size_t b = 0; b < l->size; b++) {
            qhm_complex v = l->unitary[row][b];
            re += v.re * state[b].re - v.im * state[b].im;
            im += v.re * state[b].im + v.im * state[b].re;
        }
        double sign = __builtin_popcountll(row) % 2 ? -1 : 1;
        parity += sign * (re * re + im * im);
    }
    return fabs(parity) <= l->gap ? -1 : parity < 0;
}

static qhm_status load(const void *options, uint64_t seed, size_t resample,
                       qhm_dataset **out_dataset)
{
    const qhm_havlicek_options *o = options;
    labeller l = {.qubits = o->features, .size = (size_t)1 << o->features, .gap = o->gap};
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_DATA, resample, 0, 0);
    draw_unitary(&random, &l);
    return qhm_points_generate(o->features, o->train_count, o->test_count, draw, &l, &random,
                               out_dataset);
}

#define FIELD(field) offsetof(qhm_havlicek_options, field)
static const qhm_option_info options_table[] = {
    {"features", QHM_OPTION_SIZE, FIELD(features), "3", 1, MAX_QUBITS, NULL,
     "numbers per point, one qubit each", NULL},
    {"gap", QHM_OPTION_DOUBLE, FIELD(gap), "0.3", 0.01, 0.99, NULL,
     "points whose expectation value is no larger than this are redrawn", NULL},
    {"train_count", QHM_OPTION_SIZE, FIELD(train_count), "100", 2, 1e6, NULL,
     "training points, drawn afresh for every resample", NULL},
    {"test_count", QHM_OPTION_SIZE, FIELD(test_count), "1000", 2, 1e6, NULL,
     "test points, drawn afresh for every resample", NULL},
    {0},
};

const qhm_data_source qhm_data_source_havlicek = {
    .name = "havlicek",
    .help = "ad hoc data of Havlíček et al. (2019), which the ZZ kernel separates by construction",
    .is_generator = true,
    .options = options_table,
    .options_bytes = sizeof(qhm_havlicek_options),
    .load = load,
};
