// Error detection: the number of ones that a circuit keeps, read with the values, run by run.
#include "mitigate/chip_detection.h"

#include "base/memory.h"

#include <math.h>
#include <qhm/random.h>

// The projector on a number of ones has a Pauli string for every subset of qubits.
enum { MOST_QUBITS = 10, PROBES = 3 };

// Below this share of kept runs a quotient means nothing.
static const double least_kept = 1e-6;

void qhm_detection_release(qhm_detection *detection)
{
    qhm_release(detection->values);
}

double qhm_detection_kept_share(const qhm_detection *detection)
{
    return detection->runs > 0 ? detection->kept / detection->runs : 1;
}

// Adds the number of ones, n / 2 - sum Z / 2, or its square.
static qhm_status append_ones(size_t qubits, bool is_square, qhm_observable *out)
{
    const double n = (double)qubits;
    QHM_TRY(qhm_observable_append(out, is_square ? n * n / 4 + n / 4 : n / 2, NULL, 0));
    for (uint32_t q = 0; q < qubits; q++) {
        qhm_pauli_factor factors[2] = {{q, QHM_PAULI_Z}, {0, QHM_PAULI_Z}};
        QHM_TRY(qhm_observable_append(out, is_square ? -n / 2 : -0.5, factors, 1));
        for (uint32_t other = 0; is_square && other < q; other++) {
            factors[1].qubit = other;
            QHM_TRY(qhm_observable_append(out, 0.5, factors, 2));
        }
    }
    return QHM_OK;
}

// The mean and the variance of the number of ones at random angles.
static qhm_status probe(qhm_plan *plan, uint64_t key, double *slots, double *mean, double *variance)
{
    const qhm_plan_info *info = qhm_plan_information(plan);
    qhm_random random = qhm_random_stream(key, QHM_RANDOM_SHOTS, 0, 0, 0);
    for (size_t i = 0; i < info->input_count + info->weight_count; i++)
        slots[i] = 6 * qhm_random_uniform(&random) - 3;
    double moments[2] = {0, 0};
    QHM_TRY(qhm_plan_run(plan, &(qhm_request){.batch_count = 1,
                                              .inputs = slots,
                                              .weights = slots + info->input_count,
                                              .expectations = moments}));
    *mean = moments[0];
    *variance = moments[1] - moments[0] * moments[0];
    return QHM_OK;
}

static qhm_status probe_all(qhm_plan *plan, size_t *ones)
{
    const qhm_plan_info *info = qhm_plan_information(plan);
    double *slots, first = 0;
    QHM_TRY(qhm_allocate(info->input_count + info->weight_count + 1, sizeof *slots, &slots));
    qhm_status status = QHM_OK;
    for (uint64_t key = 0; key < PROBES && status == QHM_OK; key++) {
        double mean, variance;
        status = probe(plan, key, slots, &mean, &variance);
        if (status != QHM_OK)
            break;
        if (key == 0)
            first = round(mean);
        if (fabs(mean - first) > 1e-6 || variance > 1e-6)
            status =
                QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                         "detection needs a circuit that keeps its number of ones (encoding unary, "
                         "layers givens), this one has %.1f +- %.1f",
                         mean, sqrt(fmax(variance, 0)));
    }
    qhm_release(slots);
    if (status == QHM_OK)
        *ones = (size_t)first;
    return status;
}

qhm_status qhm_detection_find_ones(const qhm_circuit *circuit, size_t *ones)
{
    const size_t qubits = qhm_circuit_qubit_count(circuit);
    qhm_observable *moments[2] = {NULL, NULL};
    qhm_backend *backend = NULL;
    qhm_plan *plan = NULL;
    qhm_status status = qhm_backend_create("statevector", NULL, &backend);
    for (int k = 0; k < 2 && status == QHM_OK; k++) {
        status = qhm_observable_create(&moments[k]);
        if (status == QHM_OK)
            status = append_ones(qubits, k == 1, moments[k]);
    }
    if (status == QHM_OK)
        status = qhm_plan_create(backend, circuit, (const qhm_observable *const *)moments, 2,
                                 &(qhm_plan_options){.max_batch = 1, .forward_only = true}, &plan);
    if (status == QHM_OK)
        status = probe_all(plan, ones);
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    for (int k = 0; k < 2; k++)
        qhm_observable_destroy(moments[k]);
    return status;
}

static double choose(size_t n, size_t k)
{
    double product = 1;
    for (size_t i = 0; i < k; i++)
        product *= (double)(n - i) / (double)(i + 1);
    return k > n ? 0 : round(product);
}

// The coefficient in the projector of a string of `size` Z on n qubits: a Krawtchouk polynomial
// over 2^n.
static double projector_coefficient(size_t n, size_t ones, size_t size)
{
    double sum = 0;
    for (size_t j = 0; j <= size && j <= ones; j++)
        sum += (j % 2 ? -1 : 1) * choose(size, j) * choose(n - size, ones - j);
    return ldexp(sum, -(int)n);
}

// The sum with coefficients [2^n], one for each set of qubits that a Z acts on.
static qhm_status create_sum(const double *coefficients, size_t n, qhm_observable **out)
{
    qhm_observable *made;
    QHM_TRY(qhm_observable_create(&made));
    qhm_status status = QHM_OK;
    for (size_t set = 0; set < (size_t)1 << n && status == QHM_OK; set++) {
        qhm_pauli_factor factors[MOST_QUBITS];
        size_t count = 0;
        for (uint32_t q = 0; q < n; q++)
            if (set >> q & 1)
                factors[count++] = (qhm_pauli_factor){q, QHM_PAULI_Z};
        if (coefficients[set] != 0)
            status = qhm_observable_append(made, coefficients[set], factors, count);
    }
    if (status != QHM_OK) {
        qhm_observable_destroy(made);
        return status;
    }
    *out = made;
    return QHM_OK;
}

// The set of qubits of a term of Z; observable `index` of the caller is for the message.
static qhm_status find_set(const qhm_pauli_term *term, size_t index, size_t *set)
{
    *set = 0;
    for (size_t f = 0; f < term->factor_count; f++) {
        if (term->factors[f].pauli != QHM_PAULI_Z)
            return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                            "detection: observable %zu reads %c of qubit %u, and only Z tells the "
                            "number of ones: take the readout z or z_zz",
                            index, term->factors[f].pauli == QHM_PAULI_X ? 'X' : 'Y',
                            term->factors[f].qubit);
        *set |= (size_t)1 << term->factors[f].qubit;
    }
    return QHM_OK;
}

// O P: the product of two strings of Z is the string of the qubits that one of them has.
static qhm_status multiply(const qhm_observable *observable, size_t index, const double *projector,
                           size_t n, double *product)
{
    for (size_t set = 0; set < (size_t)1 << n; set++)
        product[set] = 0;
    for (size_t t = 0; t < qhm_observable_term_count(observable); t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        size_t flip;
        QHM_TRY(find_set(term, index, &flip));
        for (size_t set = 0; set < (size_t)1 << n; set++)
            product[set ^ flip] += term->coefficient * projector[set];
    }
    return QHM_OK;
}

static qhm_status fill_joint(const qhm_observable *const *observables, size_t count, size_t n,
                             const double *projector, double *product, qhm_observable **joint)
{
    for (size_t k = 0; k < count; k++) {
        QHM_TRY(multiply(observables[k], k, projector, n, product));
        QHM_TRY(create_sum(product, n, &joint[k]));
    }
    return create_sum(projector, n, &joint[count]);
}

qhm_status qhm_detection_observables(const qhm_observable *const *observables, size_t count,
                                     size_t qubit_count, size_t ones, qhm_observable **joint)
{
    if (qubit_count > MOST_QUBITS)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED, "detection takes up to %d qubits, not %zu",
                        (int)MOST_QUBITS, qubit_count);
    const size_t sets = (size_t)1 << qubit_count;
    double *coefficients;
    QHM_TRY(qhm_allocate(2 * sets, sizeof *coefficients, &coefficients));
    for (size_t set = 0; set < sets; set++)
        coefficients[set] =
            projector_coefficient(qubit_count, ones, (size_t)__builtin_popcountll(set));
    for (size_t k = 0; k <= count; k++)
        joint[k] = NULL;
    const qhm_status status =
        fill_joint(observables, count, qubit_count, coefficients, coefficients + sets, joint);
    qhm_release(coefficients);
    for (size_t k = 0; status != QHM_OK && k <= count; k++) {
        qhm_observable_destroy(joint[k]);
        joint[k] = NULL;
    }
    return status;
}

// Divides by what was kept, and counts it. values [batch][count + 1]. Few shots may all be thrown
// away: then nothing is known of the values, and 0 is in their middle.
static qhm_status divide(qhm_detection *d, const qhm_request *request, double *values)
{
    const size_t count = d->observable_count;
    const double runs = request->shots > 0 ? (double)request->shots : 1;
    for (size_t s = 0; s < request->batch_count; s++) {
        double *row = values + s * (count + 1);
        const bool keeps_any = row[count] > least_kept;
        if (!keeps_any && request->shots == 0)
            return QHM_FAIL(QHM_ERROR_NUMERIC,
                            "detection keeps no run of sample %zu: none has %zu ones", s, d->ones);
        row[count] = keeps_any ? row[count] : 0;
        d->runs += runs;
        d->kept += runs * row[count];
        for (size_t k = 0; k < count; k++)
            row[k] = keeps_any ? row[k] / row[count] : 0;
    }
    return QHM_OK;
}

// The derivatives of the quotients by <O P> and <P>, into [batch][count + 1].
static void spread_cotangents(const qhm_detection *d, const qhm_request *request,
                              const double *values, double *cotangents)
{
    const size_t count = d->observable_count;
    for (size_t s = 0; s < request->batch_count; s++) {
        const double *row = values + s * (count + 1), *given = request->cotangents + s * count;
        double *out = cotangents + s * (count + 1);
        out[count] = 0;
        for (size_t k = 0; k < count; k++) {
            out[k] = row[count] > 0 ? given[k] / row[count] : 0;
            out[count] -= out[k] * row[k];
        }
    }
}

qhm_status qhm_detection_run(qhm_detection *d, qhm_plan *plan, const qhm_request *request)
{
    const size_t count = d->observable_count, total = request->batch_count * (count + 1);
    QHM_TRY(qhm_reserve(2 * total, &d->value_capacity, sizeof *d->values, &d->values));
    double *values = d->values, *cotangents = d->values + total;
    qhm_request own = *request;
    own.expectations = values;
    own.input_gradients = own.weight_gradients = NULL;
    own.cotangents = NULL;
    QHM_TRY(qhm_plan_run(plan, &own));
    QHM_TRY(divide(d, request, values));
    if (request->input_gradients || request->weight_gradients) {
        QHM_REQUIRE(request->cotangents, "gradients need cotangents");
        spread_cotangents(d, request, values, cotangents);
        own = *request;
        own.expectations = NULL;
        own.cotangents = cotangents;
        QHM_TRY(qhm_plan_run(plan, &own));
    }
    for (size_t s = 0; request->expectations && s < request->batch_count; s++)
        for (size_t k = 0; k < count; k++)
            request->expectations[s * count + k] = values[s * (count + 1) + k];
    return QHM_OK;
}
