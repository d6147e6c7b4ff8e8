// Classical shadows: shots in random Pauli bases, and medians of means over them.
#include <qhm/classical_shadows.h>

#include "algorithm/append_at.h"
#include "algorithm/counted_run.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <qhm/random.h>
#include <stdlib.h>

enum { MOST_QUBITS = 40, LEAST_HITS = 30 };

struct qhm_shadows {
    size_t qubit_count, count, capacity;
    qhm_shadow *shots;
};

qhm_status qhm_shadows_create(size_t qubit_count, qhm_shadows **shadows)
{
    qhm_shadows *made;
    QHM_REQUIRE(shadows, "shadows is NULL");
    QHM_REQUIRE(qubit_count >= 1 && qubit_count <= MOST_QUBITS, "qubit_count is %zu, not 1 to %d",
                qubit_count, MOST_QUBITS);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->qubit_count = qubit_count;
    *shadows = made;
    return QHM_OK;
}

void qhm_shadows_destroy(qhm_shadows *shadows)
{
    if (!shadows)
        return;
    qhm_release(shadows->shots);
    qhm_release(shadows);
}

qhm_status qhm_shadows_append(qhm_shadows *shadows, const qhm_shadow *shot)
{
    QHM_REQUIRE(shadows && shot, "shadows or shot is NULL");
    QHM_REQUIRE((shot->x & shot->y) == 0, "a qubit is measured in X and in Y");
    QHM_REQUIRE((shot->x | shot->y | shot->outcome) >> shadows->qubit_count == 0,
                "a shot has bits beyond %zu qubits", shadows->qubit_count);
    QHM_TRY(qhm_reserve(shadows->count + 1, &shadows->capacity, sizeof *shadows->shots,
                        &shadows->shots));
    shadows->shots[shadows->count++] = *shot;
    return QHM_OK;
}

size_t qhm_shadows_count(const qhm_shadows *shadows)
{
    return shadows->count;
}

qhm_shadow qhm_shadows_shot(const qhm_shadows *shadows, size_t index)
{
    return shadows->shots[index];
}

static qhm_status append_bases(qhm_circuit *circuit, const qhm_shadow *bases, size_t qubits)
{
    for (uint32_t q = 0; q < qubits; q++) {
        if (bases->y >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_SDG, &q, NULL));
        if ((bases->x | bases->y) >> q & 1)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_H, &q, NULL));
    }
    return qhm_append_measures(circuit, "c", qubits);
}

qhm_status qhm_shadows_circuit_create(const qhm_circuit *preparation, const qhm_shadow *bases,
                                      qhm_circuit **circuit)
{
    qhm_circuit *made;
    QHM_REQUIRE(preparation && bases && circuit, "preparation, bases or circuit is NULL");
    QHM_REQUIRE((bases->x & bases->y) == 0, "a qubit is measured in X and in Y");
    const size_t qubits = qhm_circuit_qubit_count(preparation);
    QHM_TRY(qhm_circuit_create(qubits, 0, &made));
    qhm_status status = qhm_circuit_append_circuit(made, preparation, NULL, NULL, 0, 0);
    if (status == QHM_OK)
        status = append_bases(made, bases, qubits);
    if (status != QHM_OK) {
        qhm_circuit_destroy(made);
        return status;
    }
    *circuit = made;
    return QHM_OK;
}

static qhm_shadow draw_bases(size_t qubits, qhm_random *random)
{
    qhm_shadow bases = {0};
    for (size_t q = 0; q < qubits; q++) {
        const uint64_t letter = qhm_random_below(random, 3);
        bases.x |= (uint64_t)(letter == 0) << q;
        bases.y |= (uint64_t)(letter == 1) << q;
    }
    return bases;
}

static int by_bases(const void *a, const void *b)
{
    const qhm_shadow *s = a, *t = b;
    return s->x != t->x ? (s->x < t->x ? -1 : 1) : (s->y > t->y) - (s->y < t->y);
}

// All shots in the same bases at once.
static qhm_status measure_setting(const qhm_circuit *preparation, const qhm_shadow *bases,
                                  size_t shots, uint64_t seed, qhm_ledger *ledger,
                                  qhm_shadows *shadows)
{
    qhm_circuit *circuit;
    qhm_distribution *outcomes = NULL;
    QHM_TRY(qhm_shadows_circuit_create(preparation, bases, &circuit));
    qhm_status status = qhm_counted_shots(
        circuit, shots, seed, &(qhm_run_counts){.state_preparations = 1}, ledger, &outcomes);
    for (size_t i = 0; status == QHM_OK && i < qhm_distribution_outcome_count(outcomes); i++) {
        const uint64_t *bits;
        double weight;
        qhm_distribution_outcome(outcomes, i, &bits, &weight);
        for (size_t k = 0; k < (size_t)weight && status == QHM_OK; k++)
            status = qhm_shadows_append(shadows, &(qhm_shadow){bases->x, bases->y, bits[0]});
    }
    qhm_distribution_destroy(outcomes);
    qhm_circuit_destroy(circuit);
    return status;
}

static void shuffle(qhm_shadows *shadows, qhm_random *random)
{
    for (size_t i = shadows->count; i > 1; i--) {
        const size_t j = (size_t)qhm_random_below(random, i);
        const qhm_shadow other = shadows->shots[j];
        shadows->shots[j] = shadows->shots[i - 1];
        shadows->shots[i - 1] = other;
    }
}

static qhm_status measure_all(const qhm_circuit *preparation, qhm_shadow *bases, size_t shots,
                              qhm_random *random, qhm_ledger *ledger, qhm_shadows *shadows)
{
    qsort(bases, shots, sizeof *bases, by_bases);
    for (size_t first = 0, next; first < shots; first = next) {
        for (next = first + 1; next < shots && by_bases(&bases[first], &bases[next]) == 0;)
            next++;
        QHM_TRY(measure_setting(preparation, &bases[first], next - first, qhm_random_u64(random),
                                ledger, shadows));
    }
    shuffle(shadows, random);
    return QHM_OK;
}

qhm_status qhm_shadows_measure(const qhm_circuit *preparation, size_t shots, uint64_t seed,
                               qhm_ledger *ledger, qhm_shadows **shadows)
{
    qhm_random random = qhm_random_stream(seed, QHM_RANDOM_SHOTS, 0x73686477, 0, 0);
    qhm_shadows *made;
    qhm_shadow *bases = NULL;
    QHM_REQUIRE(preparation && ledger && shadows, "preparation, ledger or shadows is NULL");
    QHM_REQUIRE(shots > 0, "shots is 0");
    const size_t qubits = qhm_circuit_qubit_count(preparation);
    QHM_TRY(qhm_shadows_create(qubits, &made));
    qhm_status status = qhm_allocate(shots, sizeof *bases, &bases);
    for (size_t i = 0; i < shots && status == QHM_OK; i++)
        bases[i] = draw_bases(qubits, &random);
    if (status == QHM_OK)
        status = measure_all(preparation, bases, shots, &random, ledger, made);
    qhm_release(bases);
    if (status != QHM_OK) {
        qhm_shadows_destroy(made);
        return status;
    }
    *shadows = made;
    return QHM_OK;
}

typedef struct string_masks {
    uint64_t x, y, all;
    double factor; // 3^weight times the coefficient
} string_masks;

static qhm_status find_masks(const qhm_pauli_term *term, size_t qubits, string_masks *masks)
{
    *masks = (string_masks){.factor = term->coefficient * pow(3, (double)term->factor_count)};
    for (size_t f = 0; f < term->factor_count; f++) {
        const qhm_pauli_factor *factor = &term->factors[f];
        QHM_REQUIRE(factor->qubit < qubits, "the string acts on qubit %u of %zu", factor->qubit,
                    qubits);
        const uint64_t bit = (uint64_t)1 << factor->qubit;
        masks->all |= bit;
        masks->x |= factor->pauli == QHM_PAULI_X ? bit : 0;
        masks->y |= factor->pauli == QHM_PAULI_Y ? bit : 0;
    }
    return QHM_OK;
}

static bool is_hit(const string_masks *masks, const qhm_shadow *shot)
{
    return (shot->x & masks->all) == masks->x && (shot->y & masks->all) == masks->y;
}

static double sign_of(const string_masks *masks, const qhm_shadow *shot)
{
    return __builtin_parityll(shot->outcome & masks->all) ? -1 : 1;
}

// By how much more the median of b normal means scatters than the mean of all: exact for one batch,
// sqrt(pi / 2) for many, within a hundredth between for odd numbers and no less for even ones. NaN
// where batches have so few hits that their means are not nearly normal.
static double median_factor(const qhm_pauli_term *term, double shots_each, size_t batches)
{
    const double b = (double)batches;
    const double hits_each = shots_each / pow(3, (double)term->factor_count);
    if (batches > 1 && hits_each < LEAST_HITS)
        return NAN;
    return sqrt(b * M_PI / (2 * b + M_PI - 2));
}

qhm_status qhm_shadows_estimate(const qhm_shadows *shadows, const qhm_pauli_term *term,
                                size_t batches, qhm_shadow_estimate *estimate)
{
    string_masks masks;
    double *means, sum = 0;
    QHM_REQUIRE(shadows && term && estimate, "shadows, term or estimate is NULL");
    QHM_REQUIRE(batches >= 1 && batches <= shadows->count, "batches is %zu, not 1 to %zu", batches,
                shadows->count);
    QHM_TRY(find_masks(term, shadows->qubit_count, &masks));
    QHM_TRY(qhm_allocate(batches, sizeof *means, &means));
    *estimate = (qhm_shadow_estimate){0};
    for (size_t b = 0; b < batches; b++) {
        const size_t from = b * shadows->count / batches, to = (b + 1) * shadows->count / batches;
        double signs = 0;
        for (size_t i = from; i < to; i++)
            if (is_hit(&masks, &shadows->shots[i])) {
                signs += sign_of(&masks, &shadows->shots[i]);
                estimate->hits++;
            }
        means[b] = masks.factor * signs / (double)(to - from);
        sum += signs;
    }
    const double shots = (double)shadows->count, largest = masks.factor * term->coefficient;
    estimate->mean = masks.factor * sum / shots;
    // Few shots have means beyond any value of the string: their square is no more than 1.
    const double square =
        fmin(estimate->mean * estimate->mean, term->coefficient * term->coefficient);
    estimate->mean_standard_error = sqrt((largest - square) / shots);
    estimate->standard_error =
        median_factor(term, shots / (double)batches, batches) * estimate->mean_standard_error;
    const qhm_status status = qhm_statistics_median(means, batches, &estimate->value);
    qhm_release(means);
    return status;
}

size_t qhm_shadows_batches(size_t count, double failure)
{
    return (size_t)ceil(2 * log(2 * (double)count / failure));
}

double qhm_shadows_shots(size_t count, size_t weight, double error, double failure)
{
    return (double)qhm_shadows_batches(count, failure) *
           ceil(34 * pow(3, (double)weight) / (error * error));
}
