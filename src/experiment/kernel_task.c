// Classification by a kernel and a support vector machine: a fixed quantum kernel against tuned
// classical ones. Only C is tuned for the quantum kernel, which has no parameters.
#include "base/memory.h"
#include "experiment/classification_score.h"
#include "experiment/features_svm.h"
#include "linalg/matrix_product.h"

#include <jansson.h>
#include <math.h>
#include <qhm/feature_map.h>
#include <qhm/quantum_kernel.h>
#include <qhm/svm.h>
#include <string.h>

enum { SCALING_NONE = 1, SCALING_STANDARD, SCALING_ANGLE };
static const char *const scalings[] = {"none", "standard", "angle", NULL};

typedef struct kernel_inputs {
    int scaling;
} kernel_inputs;

static const qhm_option_info inputs_table[] = {
    {.name = "scaling",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(kernel_inputs, scaling),
     .default_text = "none",
     .choices = scalings,
     .help = "of the numeric columns: none; standard: variance 1; angle: to [0, pi]"},
    {0},
};

typedef struct kernel_spec {
    size_t qubits, repetitions, shots;
    int feature_map, entanglement, type;
    double gamma;
} kernel_spec;

static const char *const feature_maps[] = {"zz", "z", "iqp", "angle", NULL};
static const qhm_feature_map feature_map_of[] = {QHM_FEATURE_MAP_ZZ, QHM_FEATURE_MAP_Z,
                                                 QHM_FEATURE_MAP_IQP, QHM_FEATURE_MAP_ANGLE};
static const char *const entanglements[] = {"linear", "ring", "full", NULL}; // as the enum
static const char *const types[] = {"fidelity", "projected", NULL};          // as the enum

static const qhm_option_info quantum_table_rows[] = {
    {.name = "qubits",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(kernel_spec, qubits),
     .default_text = "3",
     .minimum = 1,
     .maximum = 26,
     .help = "one a feature; more columns than qubits are reduced to principal components"},
    {.name = "feature_map",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(kernel_spec, feature_map),
     .default_text = "zz",
     .choices = feature_maps,
     .help = "the circuit that turns features into a state"},
    {.name = "repetitions",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(kernel_spec, repetitions),
     .default_text = "2",
     .minimum = 1,
     .maximum = 1000,
     .help = "how often the feature map is repeated"},
    {.name = "entanglement",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(kernel_spec, entanglement),
     .default_text = "full",
     .choices = entanglements,
     .help = "which pairs of qubits zz and iqp join",
     .used_with = "feature_map=zz,iqp"},
    {.name = "type",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(kernel_spec, type),
     .default_text = "fidelity",
     .choices = types,
     .help = "fidelity: overlap of states; projected: Gaussian of one-qubit states"},
    {.name = "gamma",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(kernel_spec, gamma),
     .default_text = "1",
     .minimum = 1e-9,
     .maximum = 1e9,
     .help = "of the projected kernel",
     .used_with = "type=projected"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(kernel_spec, shots),
     .help = "repetitions of every estimate; 0: exact"},
    {0},
};

static const qhm_option_info *quantum_table(size_t *table_bytes)
{
    *table_bytes = sizeof(kernel_spec);
    return quantum_table_rows;
}

typedef struct prepared_kernel {
    qhm_features features; // as many as qubits
    qhm_features strong;   // all columns, with sine and cosine of them and of their doubles
    size_t class_count;
    size_t *labels;
} prepared_kernel;

static void release(void *prepared)
{
    prepared_kernel *p = prepared;
    qhm_features_release(&p->features);
    qhm_features_release(&p->strong);
    qhm_release(p->labels);
    qhm_release(p);
}

static size_t bytes(const void *prepared)
{
    const prepared_kernel *p = prepared;
    return qhm_features_bytes(&p->features) + qhm_features_bytes(&p->strong);
}

static int extractor_scaling(int scaling)
{
    return scaling == SCALING_STANDARD ? QHM_SCALING_STANDARD
           : scaling == SCALING_ANGLE  ? QHM_SCALING_ANGLE
                                       : QHM_SCALING_NONE;
}

// x, sin x, cos x, sin 2x, cos 2x of every column: what a classical modeller would try on data
// that may be periodic.
static qhm_status add_harmonics(qhm_features *features)
{
    enum { FORMS = 5 };
    double *wide;
    QHM_TRY(qhm_allocate(features->count * features->width * FORMS, sizeof *wide, &wide));
    for (size_t i = 0; i < features->count * features->width; i++) {
        double x = features->values[i];
        double forms[FORMS] = {x, sin(x), cos(x), sin(2 * x), cos(2 * x)};
        memcpy(wide + i * FORMS, forms, sizeof forms);
    }
    qhm_release(features->values);
    features->values = wide;
    features->width *= FORMS;
    return QHM_OK;
}

static qhm_status make_features(const qhm_task *task, const qhm_dataset *dataset,
                                const qhm_split *split, prepared_kernel *p)
{
    const kernel_inputs *inputs = task->inputs;
    const kernel_spec *spec = task->quantum.options;
    size_t columns = qhm_dataset_feature_count(dataset);
    if (columns < spec->qubits)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT,
                        "task '%s': the data has %zu numeric columns, the kernel %zu qubits",
                        task->name, columns, spec->qubits);
    qhm_extractor_options options = {.kind = QHM_EXTRACTOR_NUMBERS,
                                     .scaling = extractor_scaling(inputs->scaling),
                                     .width = columns == spec->qubits ? 0 : spec->qubits};
    QHM_TRY(qhm_features_create(dataset, split, &options, task->precision, &p->features));
    options.width = 0;
    QHM_TRY(qhm_features_create(dataset, split, &options, task->precision, &p->strong));
    return add_harmonics(&p->strong);
}

static qhm_status prepare(const qhm_task *task, const qhm_dataset *dataset, const qhm_split *split,
                          uint64_t seed, size_t resample, void **prepared)
{
    (void)seed;
    (void)resample;
    if (qhm_dataset_class_count(dataset) < 2)
        return QHM_FAIL(QHM_ERROR_BAD_INPUT, "task '%s': the data has %zu classes, not at least 2",
                        task->name, qhm_dataset_class_count(dataset));
    prepared_kernel *p;
    QHM_TRY(qhm_allocate(1, sizeof *p, &p));
    p->class_count = qhm_dataset_class_count(dataset);
    qhm_status status = qhm_allocate(qhm_dataset_count(dataset), sizeof *p->labels, &p->labels);
    for (size_t i = 0; status == QHM_OK && i < qhm_dataset_count(dataset); i++)
        p->labels[i] = qhm_dataset_label(dataset, i);
    if (status == QHM_OK)
        status = make_features(task, dataset, split, p);
    if (status != QHM_OK) {
        release(p);
        return status;
    }
    *prepared = p;
    return QHM_OK;
}

static qhm_status create_feature_map(const kernel_spec *spec, bool unentangled,
                                     qhm_circuit **circuit)
{
    qhm_circuit *entangled;
    QHM_TRY(qhm_feature_map_create(
        feature_map_of[spec->feature_map - 1], spec->qubits,
        &(qhm_feature_map_options){.repetitions = spec->repetitions,
                                   .entanglement = (qhm_entanglement)spec->entanglement},
        &entangled));
    if (!unentangled) {
        *circuit = entangled;
        return QHM_OK;
    }
    qhm_status status = qhm_circuit_copy_unentangled(entangled, circuit);
    qhm_circuit_destroy(entangled);
    return status;
}

// Two kernel matrices: of the training rows with themselves, and of the scored rows with them.
typedef struct matrices {
    double *train_rows, *score_rows; // [count][width]
    double *train, *score;           // [train_count][train_count], [score_count][train_count]
    size_t width;
    double point_flops, pair_flops; // of a new row once, and with each support vector
} matrices;

static qhm_status run_quantum(const qhm_fit_request *request, const kernel_spec *spec,
                              bool unentangled, matrices *m, qhm_fit_result *result)
{
    qhm_circuit *circuit;
    qhm_quantum_kernel *kernel = NULL;
    QHM_TRY(create_feature_map(spec, unentangled, &circuit));
    qhm_quantum_kernel_options options = {.type = spec->type,
                                          .gamma = spec->gamma,
                                          .shots = spec->shots,
                                          .seed = request->seed + request->resample,
                                          .precision = request->task->precision};
    qhm_status status = qhm_quantum_kernel_create(circuit, &options, &kernel);
    if (status == QHM_OK)
        status =
            qhm_quantum_kernel_run(kernel, m->train_rows, request->train_count, NULL, 0, m->train);
    if (status == QHM_OK)
        status = qhm_quantum_kernel_run(kernel, m->score_rows, request->score_count, m->train_rows,
                                        request->train_count, m->score);
    if (status == QHM_OK) {
        const qhm_plan_info *info = qhm_quantum_kernel_plan_information(kernel);
        double states = (double)((size_t)1 << info->qubit_count);
        m->point_flops = (double)info->flops;
        m->pair_flops =
            spec->type == QHM_QUANTUM_KERNEL_FIDELITY ? 8 * states : 9 * (double)spec->qubits;
        result->circuits = 1;
    }
    qhm_quantum_kernel_destroy(kernel);
    qhm_circuit_destroy(circuit);
    return status;
}

static double squared_distance(const double *a, const double *b, size_t width)
{
    double sum = 0;
    for (size_t c = 0; c < width; c++)
        sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

static void fill_rbf(const double *x, size_t x_count, const double *y, size_t y_count, size_t width,
                     double gamma, double *out)
{
    for (size_t i = 0; i < x_count; i++)
        for (size_t j = 0; j < y_count; j++)
            out[i * y_count + j] =
                exp(-gamma * squared_distance(x + i * width, y + j * width, width));
}

// 1 / (width * variance) of the training rows, where a Gaussian kernel's search begins.
static double middle_gamma(const double *rows, size_t count, size_t width)
{
    double variance = qhm_svm_variance(rows, count * width);
    return variance > 0 ? 1 / ((double)width * variance) : 1;
}

// sqrt(2 / D) cos(w x + b) of D = 512 random w: an estimate of the Gaussian kernel.
enum { RANDOM_FEATURES = 512 };

static qhm_status run_random_features(const qhm_fit_request *request, double gamma, matrices *m)
{
    size_t width = m->width, rows = request->train_count + request->score_count;
    double *w, *features = NULL;
    qhm_random random = qhm_random_stream(request->seed, QHM_RANDOM_FEATURES, request->resample,
                                          request->model, request->stage);
    QHM_TRY(qhm_allocate((width + 1) * RANDOM_FEATURES, sizeof *w, &w));
    qhm_status status = qhm_allocate(rows * RANDOM_FEATURES, sizeof *features, &features);
    for (size_t d = 0; status == QHM_OK && d < RANDOM_FEATURES; d++) {
        for (size_t c = 0; c < width; c++)
            w[d * (width + 1) + c] = sqrt(2 * gamma) * qhm_random_normal(&random);
        w[d * (width + 1) + width] = 2 * M_PI * qhm_random_uniform(&random);
    }
    for (size_t i = 0; status == QHM_OK && i < rows; i++) {
        const double *x = i < request->train_count
                              ? m->train_rows + i * width
                              : m->score_rows + (i - request->train_count) * width;
        for (size_t d = 0; d < RANDOM_FEATURES; d++) {
            double phase = w[d * (width + 1) + width];
            for (size_t c = 0; c < width; c++)
                phase += w[d * (width + 1) + c] * x[c];
            features[i * RANDOM_FEATURES + d] = sqrt(2.0 / RANDOM_FEATURES) * cos(phase);
        }
    }
    if (status == QHM_OK) {
        const double *scored = features + request->train_count * RANDOM_FEATURES;
        qhm_matrix_product(false, true, request->train_count, request->train_count, RANDOM_FEATURES,
                           features, features, m->train);
        qhm_matrix_product(false, true, request->score_count, request->train_count, RANDOM_FEATURES,
                           scored, features, m->score);
    }
    qhm_release(features);
    qhm_release(w);
    return status;
}

static void run_linear(const qhm_fit_request *request, matrices *m)
{
    qhm_matrix_product(false, true, request->train_count, request->train_count, m->width,
                       m->train_rows, m->train_rows, m->train);
    qhm_matrix_product(false, true, request->score_count, request->train_count, m->width,
                       m->score_rows, m->train_rows, m->score);
}

static qhm_status run_kernel(const qhm_fit_request *request, matrices *m, qhm_fit_result *result)
{
    qhm_role role = request->contender->role;
    if (role == QHM_ROLE_HYBRID || role == QHM_ROLE_VARIANT || role == QHM_ROLE_UNENTANGLED)
        return run_quantum(request, request->contender->quantum->options,
                           role == QHM_ROLE_UNENTANGLED, m, result);
    m->pair_flops = 2 * (double)m->width;
    if (role == QHM_ROLE_LINEAR) {
        run_linear(request, m);
        return QHM_OK;
    }
    double gamma = middle_gamma(m->train_rows, request->train_count, m->width) *
                   qhm_trial_scale(request->trial.second, 0.1, 10);
    json_object_set_new(result->settings, "gamma", json_real(gamma));
    if (role == QHM_ROLE_RANDOM_FEATURES) {
        m->point_flops = (2 * (double)m->width + 2) * RANDOM_FEATURES;
        m->pair_flops = 2 * RANDOM_FEATURES;
        return run_random_features(request, gamma, m);
    }
    m->pair_flops = 3 * (double)m->width + 1;
    fill_rbf(m->train_rows, request->train_count, m->train_rows, request->train_count, m->width,
             gamma, m->train);
    fill_rbf(m->score_rows, request->score_count, m->train_rows, request->train_count, m->width,
             gamma, m->score);
    return QHM_OK;
}

// Fits the machine on the kernel matrix and scores.
static qhm_status run_svm(const qhm_fit_request *request, const prepared_kernel *p, double cost,
                          const matrices *m, qhm_fit_result *result)
{
    size_t *truth, *answers = NULL;
    qhm_svm *svm = NULL;
    QHM_TRY(qhm_allocate(request->train_count, sizeof *truth, &truth));
    for (size_t i = 0; i < request->train_count; i++)
        truth[i] = p->labels[request->train[i]];
    qhm_status status = qhm_allocate(request->score_count, sizeof *answers, &answers);
    if (status == QHM_OK)
        status = qhm_svm_fit(m->train, truth, request->train_count, request->train_count,
                             &(qhm_svm_options){.kernel = QHM_SVM_PRECOMPUTED, .cost = cost}, &svm);
    if (status == QHM_OK)
        status =
            qhm_svm_forward(svm, m->score, request->score_count, request->train_count, answers);
    if (status == QHM_OK)
        status = qhm_classification_score(p->labels, p->class_count, request, answers, result);
    if (status == QHM_OK) {
        // A new point meets every support vector: a kernel value each, and its weight.
        double support = (double)qhm_svm_support_count(svm);
        result->parameters = qhm_svm_support_count(svm);
        result->flops = m->point_flops + (m->pair_flops + 2) * support;
    }
    qhm_svm_destroy(svm);
    qhm_release(answers);
    qhm_release(truth);
    return status;
}

static qhm_status fit_with(const qhm_fit_request *request, matrices *m, qhm_fit_result *result)
{
    const prepared_kernel *p = request->prepared;
    bool is_strong = request->contender->role == QHM_ROLE_STRONG;
    const qhm_features *features = is_strong ? &p->strong : &p->features;
    size_t train = request->train_count, score = request->score_count;
    // A linear kernel on data that no plane separates makes LIBSVM's search endless at large C.
    bool is_linear = request->contender->role == QHM_ROLE_LINEAR;
    double cost =
        qhm_trial_scale(request->trial.first, is_linear ? 0.001 : 0.1, is_linear ? 10 : 1000);
    m->width = features->width;
    result->settings = json_pack("{s:f}", "C", cost);
    if (!result->settings)
        return QHM_FAIL(QHM_ERROR_OUT_OF_MEMORY, "cannot keep a machine's settings");
    QHM_TRY(qhm_allocate(train * m->width, sizeof(double), &m->train_rows));
    QHM_TRY(qhm_allocate(score * m->width, sizeof(double), &m->score_rows));
    QHM_TRY(qhm_allocate(train * train, sizeof(double), &m->train));
    QHM_TRY(qhm_allocate(score * train, sizeof(double), &m->score));
    qhm_features_gather(features, request->train, train, m->train_rows);
    qhm_features_gather(features, request->score, score, m->score_rows);
    QHM_TRY(run_kernel(request, m, result));
    return run_svm(request, p, cost, m, result);
}

static qhm_status fit(const qhm_fit_request *request, qhm_fit_result *result)
{
    matrices m = {0};
    qhm_status status = fit_with(request, &m, result);
    qhm_release(m.score);
    qhm_release(m.train);
    qhm_release(m.score_rows);
    qhm_release(m.train_rows);
    return status;
}

static void chance(const void *prepared, const size_t *items, size_t count, double *levels)
{
    const prepared_kernel *p = prepared;
    qhm_classification_chance(p->labels, p->class_count, items, count, levels);
}

static qhm_status build_circuit(const qhm_task *task, const qhm_quantum_spec *spec,
                                qhm_spec_circuit *circuit)
{
    (void)task;
    QHM_TRY(create_feature_map(spec->options, false, &circuit->owned));
    circuit->circuit = circuit->owned;
    return QHM_OK;
}

static const qhm_role roles[] = {
    QHM_ROLE_LINEAR, QHM_ROLE_RBF, QHM_ROLE_RANDOM_FEATURES, QHM_ROLE_UNENTANGLED, QHM_ROLE_STRONG,
};

const qhm_task_kind qhm_task_kernel = {
    .name = "kernel",
    .help = "classes of numeric rows by a quantum kernel and a support vector machine",
    .inputs = inputs_table,
    .inputs_bytes = sizeof(kernel_inputs),
    .quantum = quantum_table,
    .metrics = qhm_classification_metrics,
    .primary_count = QHM_CLASSIFICATION_METRIC_COUNT,
    .roles = roles,
    .role_count = sizeof roles / sizeof roles[0],
    .chance = chance,
    .prepare = prepare,
    .release = release,
    .bytes = bytes,
    .fit = fit,
    .circuit = build_circuit,
};
