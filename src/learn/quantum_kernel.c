// Quantum kernels: each point simulated once, then one matrix product for all pairs.
#include <qhm/quantum_kernel.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "learn/kernel_shots.h"
#include "linalg/matrix_product.h"

#include <math.h>
#include <qhm/backend.h>

enum {
    RUN_ROWS = 64,      // points a plan run: the plan's default work space
    PRODUCT_ROWS = 128, // rows of the matrix whose imaginary parts are held at a time
    PAIR_ROWS = 8       // rows of a projected kernel a parallel block
};

struct qhm_quantum_kernel {
    qhm_quantum_kernel_options options; // without its zeros
    qhm_circuit *feature_map;
    uint64_t pair_count; // of fidelities computed
    qhm_backend *backend;
    qhm_plan *plan;
};

static const char *const types[] = {"fidelity", "projected", NULL};

#define FIELD(name) offsetof(qhm_quantum_kernel_options, name)
static const qhm_option_info option_table[] = {
    {.name = "type",
     .type = QHM_OPTION_CHOICE,
     .offset = FIELD(type),
     .default_text = "fidelity",
     .choices = types,
     .help = "fidelity of the states, or projected: a Gaussian of the one-qubit states"},
    {.name = "gamma",
     .type = QHM_OPTION_DOUBLE,
     .offset = FIELD(gamma),
     .default_text = "1",
     .minimum = 1e-12,
     .maximum = 1e12,
     .help = "sharpness of the projected kernel"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = FIELD(shots),
     .default_text = "0",
     .minimum = 0,
     .maximum = 1e9,
     .help = "repetitions a pair (fidelity) or a point and setting (projected); 0: exact"},
    {.name = "seed",
     .type = QHM_OPTION_UINT64,
     .offset = FIELD(seed),
     .default_text = "0",
     .help = "seed of the shots"},
    {.name = "backend",
     .type = QHM_OPTION_TEXT,
     .offset = FIELD(backend),
     .default_text = "statevector",
     .help = "what runs the circuits"},
    {0},
};

const qhm_option_info *qhm_quantum_kernel_option_table(void)
{
    return option_table;
}

// <X>, <Y> and <Z> of every qubit: 2 rho = 1 + xX + yY + zZ.
static qhm_status create_bloch_observables(size_t qubit_count, qhm_observable **observables)
{
    for (size_t i = 0; i < 3 * qubit_count; i++) {
        qhm_pauli_factor factor = {(uint32_t)(i / 3), (qhm_pauli)(QHM_PAULI_X + i % 3)};
        QHM_TRY(qhm_observable_create(&observables[i]));
        QHM_TRY(qhm_observable_append(observables[i], 1, &factor, 1));
    }
    return QHM_OK;
}

static qhm_status create_plan(qhm_quantum_kernel *kernel, const qhm_circuit *circuit)
{
    const qhm_quantum_kernel_options *options = &kernel->options;
    QHM_TRY(qhm_backend_create(options->backend, NULL, &kernel->backend));
    qhm_plan_options plan_options = {.precision = options->precision,
                                     .max_batch = RUN_ROWS,
                                     .memory_limit_bytes = options->memory_limit_bytes,
                                     .forward_only = true};
    size_t qubit_count = qhm_circuit_qubit_count(circuit);
    bool is_projected = options->type == QHM_QUANTUM_KERNEL_PROJECTED;
    size_t count = is_projected ? 3 * qubit_count : 0;
    qhm_observable **observables;
    QHM_TRY(qhm_allocate(count, sizeof(qhm_observable *), &observables));
    qhm_status status = is_projected ? create_bloch_observables(qubit_count, observables) : QHM_OK;
    if (status == QHM_OK)
        status =
            qhm_plan_create(kernel->backend, circuit, (const qhm_observable *const *)observables,
                            count, &plan_options, &kernel->plan);
    for (size_t i = 0; i < count; i++)
        qhm_observable_destroy(observables[i]);
    qhm_release(observables);
    QHM_TRY(status);
    if (qhm_plan_information(kernel->plan)->has_random_states)
        return QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                        "a kernel's feature map measures, resets or has conditions");
    return QHM_OK;
}

qhm_status qhm_quantum_kernel_create(const qhm_circuit *feature_map,
                                     const qhm_quantum_kernel_options *options,
                                     qhm_quantum_kernel **kernel)
{
    QHM_REQUIRE(feature_map && kernel, "feature_map or kernel is NULL");
    qhm_quantum_kernel_options filled = {0};
    if (options)
        filled = *options;
    if (!filled.type)
        filled.type = QHM_QUANTUM_KERNEL_FIDELITY;
    if (filled.gamma == 0)
        filled.gamma = 1;
    if (!filled.backend)
        filled.backend = "statevector";
    QHM_REQUIRE(filled.type == QHM_QUANTUM_KERNEL_FIDELITY ||
                    filled.type == QHM_QUANTUM_KERNEL_PROJECTED,
                "type is %d, not QHM_QUANTUM_KERNEL_FIDELITY or _PROJECTED", filled.type);
    QHM_REQUIRE(isfinite(filled.gamma) && filled.gamma > 0,
                "gamma is %g, not a finite number above 0", filled.gamma);
    QHM_REQUIRE(qhm_circuit_input_count(feature_map), "the feature map has no input slot");
    QHM_REQUIRE(!qhm_circuit_weight_count(feature_map),
                "the feature map has %zu weight slots, not 0: bind them first",
                qhm_circuit_weight_count(feature_map));
    qhm_quantum_kernel *made;
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->options = filled;
    qhm_status status = qhm_circuit_copy(feature_map, &made->feature_map);
    if (status == QHM_OK)
        status = create_plan(made, feature_map);
    made->options.backend = NULL; // the caller's
    if (status != QHM_OK) {
        qhm_quantum_kernel_destroy(made);
        return status;
    }
    *kernel = made;
    return QHM_OK;
}

void qhm_quantum_kernel_destroy(qhm_quantum_kernel *kernel)
{
    if (!kernel)
        return;
    qhm_plan_destroy(kernel->plan);
    qhm_backend_destroy(kernel->backend);
    qhm_circuit_destroy(kernel->feature_map);
    qhm_release(kernel);
}

size_t qhm_quantum_kernel_input_count(const qhm_quantum_kernel *kernel)
{
    return qhm_plan_information(kernel->plan)->input_count;
}

const qhm_plan_info *qhm_quantum_kernel_plan_information(const qhm_quantum_kernel *kernel)
{
    return qhm_plan_information(kernel->plan);
}

// The numbers that stand for a point: its amplitudes, real and imaginary parts in turn, or its
// Bloch vectors.
static size_t point_width(const qhm_quantum_kernel *kernel)
{
    const qhm_plan_info *info = qhm_plan_information(kernel->plan);
    return kernel->options.type == QHM_QUANTUM_KERNEL_FIDELITY ? (size_t)2 << info->qubit_count
                                                               : info->observable_count;
}

// points [count][width] of x [count][input_count]; `side` keys the shots of projected kernels.
static qhm_status simulate_points(qhm_quantum_kernel *kernel, const double *x, size_t count,
                                  uint64_t side, double *points)
{
    size_t width = point_width(kernel);
    size_t input_count = qhm_quantum_kernel_input_count(kernel);
    bool is_fidelity = kernel->options.type == QHM_QUANTUM_KERNEL_FIDELITY;
    for (size_t first = 0; first < count; first += RUN_ROWS) {
        qhm_request request = {.batch_count = count - first < RUN_ROWS ? count - first : RUN_ROWS,
                               .inputs = x + first * input_count,
                               .first_sample = first};
        if (is_fidelity) {
            request.states = (qhm_complex *)(void *)(points + first * width);
        } else {
            request.expectations = points + first * width;
            request.shots = kernel->options.shots;
            request.seed = kernel->options.seed;
            request.step = side;
        }
        QHM_TRY(qhm_plan_run(kernel->plan, &request));
    }
    return QHM_OK;
}

// The factor i: (re, im) becomes (-im, re), so that a real product gives the imaginary part.
static void turn(const double *amplitudes, size_t count, double *turned)
{
    for (size_t i = 0; i < count; i += 2) {
        turned[i] = -amplitudes[i + 1];
        turned[i + 1] = amplitudes[i];
    }
}

// out [x_count][y_count] = |<y|x>|^2 for points of width numbers.
static qhm_status compute_fidelities(const double *x, size_t x_count, const double *y,
                                     size_t y_count, size_t width, double *out)
{
    double *turned, *imaginary;
    QHM_TRY(qhm_allocate(PRODUCT_ROWS * width, sizeof *turned, &turned));
    qhm_status status = qhm_allocate(PRODUCT_ROWS * y_count, sizeof *imaginary, &imaginary);
    for (size_t first = 0; status == QHM_OK && first < x_count; first += PRODUCT_ROWS) {
        size_t rows = x_count - first < PRODUCT_ROWS ? x_count - first : PRODUCT_ROWS;
        const double *block = x + first * width;
        double *real = out + first * y_count;
        qhm_matrix_product(false, true, rows, y_count, width, block, y, real);
        turn(block, rows * width, turned);
        qhm_matrix_product(false, true, rows, y_count, width, turned, y, imaginary);
        for (size_t i = 0; i < rows * y_count; i++) {
            double fidelity = real[i] * real[i] + imaginary[i] * imaginary[i];
            real[i] = fidelity < 1 ? fidelity : 1;
        }
    }
    qhm_release(imaginary);
    qhm_release(turned);
    return status;
}

typedef struct projected_work {
    const double *x, *y;
    size_t y_count, width;
    double gamma;
    double *out;
} projected_work;

// |rho - rho'|_F^2 is half the squared distance of the Bloch vectors.
static void compute_projected(size_t first, size_t last, void *context)
{
    const projected_work *work = context;
    for (size_t i = first; i < last; i++) {
        for (size_t j = 0; j < work->y_count; j++) {
            double distance = 0;
            for (size_t k = 0; k < work->width; k++) {
                double difference = work->x[i * work->width + k] - work->y[j * work->width + k];
                distance += difference * difference;
            }
            work->out[i * work->y_count + j] = exp(-0.5 * work->gamma * distance);
        }
    }
}

// The fidelities of points with themselves, exact or sampled and repaired.
static qhm_status compute_gram(const qhm_quantum_kernel *kernel, const double *x, size_t count,
                               double *out)
{
    const qhm_quantum_kernel_options *options = &kernel->options;
    size_t width = point_width(kernel);
    if (!options->shots) {
        QHM_TRY(compute_fidelities(x, count, x, count, width, out));
        qhm_kernel_symmetrise(out, count);
        return QHM_OK;
    }
    double *sampled;
    QHM_TRY(qhm_allocate(count * count, sizeof *sampled, &sampled));
    qhm_status status = compute_fidelities(x, count, x, count, width, sampled);
    if (status == QHM_OK) {
        qhm_kernel_sample(sampled, count, count, true, options->shots, options->seed);
        status = qhm_kernel_repair(sampled, count, out);
    }
    qhm_release(sampled);
    return status;
}

// The matrix of two lists of points; x is y for a matrix of points with themselves.
static qhm_status compute_matrix(const qhm_quantum_kernel *kernel, const double *x, size_t x_count,
                                 const double *y, size_t y_count, double *out)
{
    const qhm_quantum_kernel_options *options = &kernel->options;
    size_t width = point_width(kernel);
    if (options->type == QHM_QUANTUM_KERNEL_PROJECTED) {
        projected_work work = {x, y, y_count, width, options->gamma, out};
        qhm_parallel_for(x_count, PAIR_ROWS, compute_projected, &work);
        return QHM_OK;
    }
    if (x == y)
        return compute_gram(kernel, x, x_count, out);
    QHM_TRY(compute_fidelities(x, x_count, y, y_count, width, out));
    if (options->shots)
        qhm_kernel_sample(out, x_count, y_count, false, options->shots, options->seed);
    return QHM_OK;
}

// The room for all points, refused before it is taken when it cannot fit.
static qhm_status allocate_points(const qhm_quantum_kernel *kernel, size_t count, double **points)
{
    size_t numbers, bytes;
    bool fits = qhm_multiply_size(count, point_width(kernel), &numbers) &&
                qhm_multiply_size(numbers, sizeof **points, &bytes);
    size_t limit = kernel->options.memory_limit_bytes;
    if (!limit)
        limit = qhm_memory_available_bytes();
    if (!fits || bytes > limit)
        return QHM_FAIL(QHM_ERROR_RESOURCE_LIMIT,
                        "a kernel of %zu points needs %zu numbers for each, and there is memory "
                        "for %zu bytes",
                        count, point_width(kernel), limit);
    return qhm_allocate(numbers, sizeof **points, points);
}

qhm_status qhm_quantum_kernel_run(qhm_quantum_kernel *kernel, const double *x, size_t x_count,
                                  const double *y, size_t y_count, double *out)
{
    QHM_REQUIRE(kernel && x && out, "kernel, x or out is NULL");
    QHM_REQUIRE(x_count, "x_count is 0, not at least 1");
    QHM_REQUIRE(!y || y_count, "y_count is 0, not at least 1");
    size_t total = x_count;
    QHM_REQUIRE(!y || qhm_add_size(x_count, y_count, &total), "x_count + y_count is too large");
    double *points;
    QHM_TRY(allocate_points(kernel, total, &points));
    double *others = y ? points + x_count * point_width(kernel) : points;
    qhm_status status = simulate_points(kernel, x, x_count, y ? 1 : 0, points);
    if (status == QHM_OK && y)
        status = simulate_points(kernel, y, y_count, 0, others);
    if (status == QHM_OK)
        status = compute_matrix(kernel, points, x_count, others, y ? y_count : x_count, out);
    if (status == QHM_OK)
        kernel->pair_count += y ? x_count * y_count : x_count * (x_count - 1) / 2;
    qhm_release(points);
    return status;
}

// The circuit of a pair: the feature map, then the inverse of the other point's.
static qhm_status append_other_point(const qhm_circuit *feature_map, qhm_circuit *pair)
{
    const uint32_t inputs = (uint32_t)qhm_circuit_input_count(feature_map);
    qhm_circuit *inverse;
    QHM_TRY(qhm_circuit_invert(feature_map, &inverse));
    qhm_status status = qhm_circuit_append_circuit(pair, inverse, NULL, NULL, inputs, 0);
    qhm_circuit_destroy(inverse);
    const size_t qubits = qhm_circuit_qubit_count(pair);
    if (status == QHM_OK)
        status = qhm_circuit_append_bits(pair, "outcome", qubits);
    for (uint32_t q = 0; q < qubits && status == QHM_OK; q++)
        status = qhm_circuit_append_measure(pair, q, q);
    return status;
}

static qhm_status count_pairs(const qhm_quantum_kernel *kernel, qhm_ledger *ledger)
{
    qhm_circuit *pair;
    QHM_TRY(qhm_circuit_copy(kernel->feature_map, &pair));
    qhm_status status = append_other_point(kernel->feature_map, pair);
    const uint64_t shots = kernel->options.shots;
    const qhm_ledger_options options = {.shots = shots, .state_preparations = 2};
    if (status == QHM_OK)
        status = qhm_circuit_count_ledger(pair, &options, ledger);
    qhm_circuit_destroy(pair);
    if (status != QHM_OK)
        return status;
    if (shots == 0) {
        ledger->shots = 0;
        ledger->exact_circuits = 1;
    }
    qhm_ledger_repeat(ledger, kernel->pair_count);
    return QHM_OK;
}

qhm_status qhm_quantum_kernel_ledger(const qhm_quantum_kernel *kernel, qhm_ledger *ledger)
{
    QHM_REQUIRE(kernel && ledger, "a ledger needs a kernel and a place to go");
    if (kernel->options.type == QHM_QUANTUM_KERNEL_PROJECTED)
        return qhm_plan_ledger(kernel->plan, ledger);
    qhm_ledger made = {0};
    if (kernel->pair_count > 0)
        QHM_TRY(count_pairs(kernel, &made));
    *ledger = made;
    return QHM_OK;
}

qhm_status qhm_quantum_kernel_concentration(const double *gram, size_t count,
                                            qhm_kernel_concentration *concentration)
{
    QHM_REQUIRE(gram && concentration, "gram or concentration is NULL");
    QHM_REQUIRE(count >= 2, "count is %zu, not at least 2", count);
    qhm_kernel_concentration found = {.smallest = gram[1], .largest = gram[1]};
    double pairs = 0.5 * (double)count * (double)(count - 1), sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            double entry = gram[i * count + j];
            QHM_REQUIRE(isfinite(entry), "entry %zu, %zu of the matrix is %g, not finite", i, j,
                        entry);
            sum += entry;
            found.smallest = fmin(found.smallest, entry);
            found.largest = fmax(found.largest, entry);
        }
    found.mean = sum / pairs;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            double difference = gram[i * count + j] - found.mean;
            squares += difference * difference;
        }
    found.variance = squares / pairs;
    *concentration = found;
    return QHM_OK;
}
