// The break-even plot: seconds of the slot's module by its width, classical, simulated, on chips.
#include "experiment/costs.h"

#include "compile/misfit.h"
#include "experiment/circuit_spec.h"
#include "experiment/substitution.h"

#include <math.h>
#include <qhm/break_even.h>
#include <qhm/compile.h>
#include <qhm/module_kinds.h>
#include <qhm/quantum_layer.h>
#include <qhm/settings.h>

enum {
    TIMED_ROWS = 16,
    MOST_SIMULATED = 16, // qubits
    SIMULATED_STEP = 2,
    CURVE_POINTS = 120,
    MOST_LOG = 60, // as far as break-even looks
    LEAST_LOG = 20
};

// A pass over the rows that takes longer is the last that is timed.
#define LONGEST_PASS 0.1

// Nobody waits for a row longer: a century.
#define LONGEST_SECONDS 3e9

static const size_t classical_widths[] = {4, 16, 64, 256, 1024};
enum {
    WIDTH_COUNT = sizeof classical_widths / sizeof classical_widths[0],
    FIRST_FITTED = 2 // below it calls cost more than work
};

static const size_t compiled_qubits[] = {2, 3, 4, 8, 12, 16};
enum { COMPILED_COUNT = sizeof compiled_qubits / sizeof compiled_qubits[0] };

typedef struct drawing {
    qhm_results *results;
    const qhm_task *task;
    const qhm_run_file *file;
    qhm_cost_law classical;
    qhm_report_side *sides;
    size_t count;
} drawing;

typedef struct passing {
    qhm_module *module;
    qhm_tape *tape;
    const double *inputs; // [TIMED_ROWS][width]
} passing;

static qhm_status pass_once(void *context)
{
    const passing *p = context;
    const qhm_shape sample = qhm_module_input_shape(p->module);
    qhm_value input, output;
    qhm_tape_reset(p->tape);
    QHM_TRY(qhm_tape_constant(p->tape, (qhm_shape){2, {TIMED_ROWS, sample.sizes[0]}}, p->inputs,
                              &input));
    return qhm_module_forward(p->module, p->tape, input, QHM_NO_VALUE, &output);
}

// Seconds of one row; destroys the module.
static qhm_status time_module(const drawing *d, qhm_module *module, double *seconds)
{
    const size_t count = TIMED_ROWS * qhm_module_input_shape(module).sizes[0];
    passing pass = {.module = module};
    qhm_metered metered = {0};
    double *inputs;
    qhm_status status = qhm_results_take(d->results, count, sizeof *inputs, &inputs);
    if (status == QHM_OK)
        status = qhm_tape_create(d->task->precision, &pass.tape);
    if (status == QHM_OK) {
        qhm_random random = qhm_random_stream(0, QHM_RANDOM_INITIALISE, 0, 0, 0);
        for (size_t i = 0; i < count; i++)
            inputs[i] = 2 * qhm_random_uniform(&random) - 1;
        pass.inputs = inputs;
        status = qhm_costs_meter(pass_once, &pass, 0, &metered);
    }
    qhm_tape_destroy(pass.tape);
    qhm_module_destroy(module);
    *seconds = metered.seconds / TIMED_ROWS;
    return status;
}

// The task's own module with another number of qubits.
static qhm_status create_quantum(const drawing *d, size_t qubits, qhm_module **module)
{
    qhm_quantum_options options = *(const qhm_quantum_options *)d->task->quantum.options;
    options.qubits = qubits;
    const qhm_module_setting setting = {.precision = d->task->precision, .input = {1, {qubits}}};
    return qhm_module_create(qhm_layer_kind, &setting, &options, module);
}

static qhm_status begin_side(drawing *d, size_t points, qhm_report_side **side,
                             qhm_report_size **sizes)
{
    qhm_report_side *made = &d->sides[d->count];
    *made =
        (qhm_report_side){.from = NAN, .until = NAN, .errorless_from = NAN, .errorless_until = NAN};
    QHM_TRY(qhm_results_take(d->results, points, sizeof **sizes, sizes));
    made->points = *sizes;
    *side = made;
    return QHM_OK;
}

// n^2 products twice: what an MLP takes whose layers are as wide as the slot.
static qhm_status add_classical(drawing *d)
{
    qhm_report_side *side;
    qhm_report_size *points;
    double widths[WIDTH_COUNT], seconds[WIDTH_COUNT];
    QHM_TRY(begin_side(d, WIDTH_COUNT, &side, &points));
    for (size_t i = 0; i < WIDTH_COUNT; i++) {
        const size_t width = classical_widths[i];
        const qhm_module_setting setting = {
            .precision = d->task->precision, .input = {1, {width}}, .output_width = width};
        qhm_module *module;
        QHM_TRY(
            qhm_module_create("mlp", &setting, &(qhm_mlp_options){.hidden_width = width}, &module));
        widths[i] = (double)width;
        QHM_TRY(time_module(d, module, &seconds[i]));
        points[i] = (qhm_report_size){widths[i], seconds[i]};
    }
    QHM_TRY(qhm_cost_law_fit(widths + FIRST_FITTED, seconds + FIRST_FITTED,
                             WIDTH_COUNT - FIRST_FITTED, &d->classical));
    side->name = "an MLP, n to n to n";
    side->point_count = WIDTH_COUNT;
    d->count++;
    return qhm_results_text(
        d->results, &side->note, "timed here at n = 4 to 1024, %.3g s × n^%.2f through the last %d",
        d->classical.terms[0].coefficient, d->classical.terms[0].power, WIDTH_COUNT - FIRST_FITTED);
}

static qhm_status add_simulated(drawing *d)
{
    qhm_report_side *side;
    qhm_report_size *points;
    QHM_TRY(begin_side(d, MOST_SIMULATED, &side, &points));
    for (size_t n = SIMULATED_STEP; n <= MOST_SIMULATED; n += SIMULATED_STEP) {
        qhm_module *module;
        double seconds;
        QHM_TRY(create_quantum(d, n, &module));
        QHM_TRY(time_module(d, module, &seconds));
        points[side->point_count++] = (qhm_report_size){(double)n, seconds};
        if (seconds * TIMED_ROWS > LONGEST_PASS)
            break;
    }
    const qhm_report_size *last = &points[side->point_count - 1], *before = last - 1;
    side->name = "the circuit, simulated here";
    d->count++;
    return qhm_results_text(d->results, &side->note,
                            "timed here at n = 2 to %.0f, and not drawn beyond; at the end every "
                            "qubit takes %.2f times as long",
                            last->size,
                            pow(last->seconds / before->seconds, 1 / (last->size - before->size)));
}

// A chip under the task's circuit at several sizes.
typedef struct compiled_sizes {
    double qubits[COMPILED_COUNT], seconds[COMPILED_COUNT], losses[COMPILED_COUNT];
    size_t count;
    double settings;                 // circuits a row
    double shot_seconds, round_trip; // beside the circuit, of a shot and of a circuit
} compiled_sizes;

// A row's shots on the chip: what is not the circuit's own time.
static qhm_status find_fixed(const qhm_device *chip, compiled_sizes *sizes)
{
    const qhm_ledger one = {.qubits = 1, .circuits = 1, .shots = 1};
    qhm_cost cost;
    QHM_TRY(
        qhm_cost_find(&one, chip, &(qhm_cost_options){.duration_ns = 1, .is_local = true}, &cost));
    sizes->shot_seconds = cost.quantum_seconds - cost.circuit_seconds;
    sizes->round_trip = cost.interface_seconds;
    return QHM_OK;
}

static qhm_status compile_size(const drawing *d, const qhm_device *chip, size_t qubits,
                               compiled_sizes *sizes)
{
    const qhm_ladder_options *given = &d->file->ladder.options;
    const qhm_compile_options options = {.level = 1 + (int)given->level,
                                         .seed = d->results->run->seed,
                                         .allow_assumed_gates = given->allow_assumed_gates,
                                         .decoupling = given->decoupling,
                                         .rotations = QHM_ROTATIONS_ANALOG};
    qhm_module *module;
    qhm_compiled *compiled = NULL;
    qhm_settings settings;
    size_t count;
    QHM_TRY(create_quantum(d, qubits, &module));
    const qhm_observable *const *observables = qhm_quantum_layer_observables(module, &count);
    qhm_status status = qhm_settings_find(observables, count, &settings);
    if (status == QHM_OK)
        status = qhm_circuit_compile(qhm_quantum_layer_circuit(module), chip, &options, &compiled);
    if (status == QHM_OK) {
        const qhm_compile_summary *summary = qhm_compiled_summary_of(compiled);
        sizes->qubits[sizes->count] = (double)qubits;
        sizes->seconds[sizes->count] = 1e-9 * summary->duration_ns;
        sizes->losses[sizes->count] = -log(summary->estimated_success);
        sizes->settings = (double)settings.count;
        sizes->count++;
    }
    qhm_compiled_destroy(compiled);
    qhm_module_destroy(module);
    return status;
}

static qhm_status compile_sizes(const drawing *d, const qhm_device *chip, compiled_sizes *sizes)
{
    for (size_t i = 0; i < COMPILED_COUNT; i++) {
        const qhm_status status = compile_size(d, chip, compiled_qubits[i], sizes);
        if (qhm_is_misfit(status))
            break; // larger ones do not fit either
        QHM_TRY(status);
    }
    return find_fixed(chip, sizes);
}

// Layers one after another are seconds here: shots times a circuit and what goes with it. Errors
// damp by the success of the compiled circuits, whose logarithm takes the place of gates that fail
// with 1 - 1/e.
static qhm_status make_options(const drawing *d, const compiled_sizes *sizes,
                               qhm_break_even_options *options)
{
    const qhm_budget *budget = &d->file->budget;
    const double shots = (double)d->file->ladder.options.shots * sizes->settings;
    *options = (qhm_break_even_options){.classical_seconds = d->classical,
                                        .improvement = budget->improvement,
                                        .years = budget->years,
                                        .layer_seconds = 1,
                                        .overhead_seconds = sizes->settings * sizes->round_trip};
    QHM_TRY(
        qhm_cost_law_fit(sizes->qubits, sizes->seconds, sizes->count, &options->quantum_layers));
    options->quantum_layers.terms[0].coefficient *= shots;
    if (sizes->shot_seconds > 0)
        options->quantum_layers.terms[options->quantum_layers.count++] =
            (qhm_cost_term){.coefficient = shots * sizes->shot_seconds};
    bool has_losses = true;
    for (size_t i = 0; i < sizes->count; i++)
        has_losses = has_losses && sizes->losses[i] > 0 && isfinite(sizes->losses[i]);
    if (!has_losses)
        return QHM_OK;
    options->error = -expm1(-1);
    return qhm_cost_law_fit(sizes->qubits, sizes->losses, sizes->count, &options->quantum_gates);
}

// "wins from n = 4.1e+05, 2^18.6, 3,900 times its qubits".
static qhm_status describe_win(const drawing *d, const qhm_break_even *found,
                               const qhm_device *chip, const char **text)
{
    if (isnan(found->from))
        return qhm_results_text(d->results, text, "it wins nowhere: none below 2^60");
    const char *until = "";
    if (!isnan(found->until))
        QHM_TRY(qhm_results_text(d->results, &until, " to 2^%.1f", log2(found->until)));
    return qhm_results_text(d->results, text, "it wins from n = %.3g, 2^%.1f%s (it has %zu qubits)",
                            found->from, log2(found->from), until, qhm_device_qubit_count(chip));
}

static qhm_status describe_chip(const drawing *d, const qhm_ladder_rung *rung,
                                const compiled_sizes *sizes, const qhm_break_even *with,
                                const qhm_break_even *without, qhm_report_side *side)
{
    const char *noisy, *perfect;
    QHM_TRY(describe_win(d, with, rung->chip, &noisy));
    QHM_TRY(describe_win(d, without, rung->chip, &perfect));
    return qhm_results_text(
        d->results, &side->note,
        "compiled at n = %.0f to %.0f, with %zu shots in each of %.0f setting%s: with its errors "
        "%s; if errors cost nothing, %s",
        sizes->qubits[0], sizes->qubits[sizes->count - 1], d->file->ladder.options.shots,
        sizes->settings, sizes->settings == 1 ? "" : "s", noisy, perfect);
}

static qhm_status add_chip(drawing *d, const qhm_ladder_rung *rung)
{
    compiled_sizes sizes = {0};
    QHM_TRY(compile_sizes(d, rung->chip, &sizes));
    if (sizes.count < 2)
        return QHM_OK;
    qhm_report_side *side;
    qhm_report_size *points;
    QHM_TRY(begin_side(d, sizes.count, &side, &points));
    side->name = rung->name;
    side->is_chip = true;
    qhm_break_even_options options, perfect;
    QHM_TRY(make_options(d, &sizes, &options));
    perfect = options;
    perfect.error = 0;
    qhm_break_even with, without;
    QHM_TRY(qhm_break_even_find(&options, &with));
    QHM_TRY(qhm_break_even_find(&perfect, &without));
    side->from = with.from;
    side->until = with.until;
    side->errorless_from = without.from;
    side->errorless_until = without.until;
    const double shots = (double)d->file->ladder.options.shots * sizes.settings;
    for (size_t i = 0; i < sizes.count; i++)
        points[i] = (qhm_report_size){sizes.qubits[i],
                                      options.overhead_seconds +
                                          shots * (sizes.shot_seconds + sizes.seconds[i]) *
                                              exp(options.error > 0 ? 2 * sizes.losses[i] : 0)};
    side->point_count = sizes.count;
    d->count++;
    QHM_TRY(describe_chip(d, rung, &sizes, &with, &without, side));
    // Both laws over all sizes; what the plot leaves out is cut when all sides are known.
    qhm_report_size *curve, *errorless;
    QHM_TRY(qhm_results_take(d->results, CURVE_POINTS, sizeof *curve, &curve));
    QHM_TRY(qhm_results_take(d->results, CURVE_POINTS, sizeof *errorless, &errorless));
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        const double n = exp2(1 + (double)i * (MOST_LOG - 1) / (CURVE_POINTS - 1));
        double classical;
        curve[i].size = errorless[i].size = n;
        qhm_break_even_seconds(&options, n, &classical, &curve[i].seconds);
        qhm_break_even_seconds(&perfect, n, &classical, &errorless[i].seconds);
    }
    side->curve = curve;
    side->errorless = errorless;
    side->curve_count = side->errorless_count = CURVE_POINTS;
    return QHM_OK;
}

// The classical law, and as it would be after years of getting better.
static qhm_status add_classical_law(drawing *d, qhm_report_side *side, double factor)
{
    qhm_report_size *curve;
    QHM_TRY(qhm_results_take(d->results, CURVE_POINTS, sizeof *curve, &curve));
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        const double n = exp2(1 + (double)i * (MOST_LOG - 1) / (CURVE_POINTS - 1));
        curve[i] = (qhm_report_size){n, qhm_cost_law_value(&d->classical, n) / factor};
    }
    side->curve = curve;
    side->curve_count = CURVE_POINTS;
    return QHM_OK;
}

static qhm_status add_improved(drawing *d)
{
    const qhm_budget *budget = &d->file->budget;
    if (budget->years == 0 || budget->improvement == 1)
        return QHM_OK;
    qhm_report_side *side = &d->sides[d->count++];
    *side =
        (qhm_report_side){.from = NAN, .until = NAN, .errorless_from = NAN, .errorless_until = NAN};
    QHM_TRY(qhm_results_text(d->results, &side->name, "the MLP in %g years", budget->years));
    QHM_TRY(qhm_results_text(d->results, &side->note,
                             "the same law if it gets %g times faster every year, as the run file "
                             "assumes; chips are compared with this",
                             budget->improvement));
    return add_classical_law(d, side, pow(budget->improvement, budget->years));
}

// Curves end where the plot ends: at 2^20, or well beyond the last crossing; and at a century.
static void cut_curves(drawing *d)
{
    double most = LEAST_LOG;
    for (size_t i = 0; i < d->count; i++) {
        const qhm_report_side *side = &d->sides[i];
        most = fmax(most, isnan(side->from) ? 0 : log2(side->from) + 4);
        most = fmax(most, isnan(side->errorless_from) ? 0 : log2(side->errorless_from) + 4);
    }
    for (size_t i = 0; i < d->count; i++) {
        qhm_report_side *side = &d->sides[i];
        size_t count = 0;
        while (count < side->curve_count && log2(side->curve[count].size) <= most &&
               side->curve[count].seconds < LONGEST_SECONDS)
            count++;
        side->curve_count = count;
        for (count = 0; count < side->errorless_count &&
                        log2(side->errorless[count].size) <= most &&
                        side->errorless[count].seconds < LONGEST_SECONDS;)
            count++;
        side->errorless_count = count;
    }
}

qhm_status qhm_costs_draw_sides(qhm_results *results, const qhm_run_task *task,
                                qhm_report_task *out)
{
    const qhm_run_file *file = results->run->file;
    const qhm_noise_ladder *ladder = &file->ladder;
    if (task->task->kind->quantum != qhm_circuit_spec_table ||
        ((const qhm_quantum_options *)task->task->quantum.options)->encoding ==
            QHM_QUANTUM_ENCODING_AMPLITUDE)
        return QHM_OK;
    drawing d = {.results = results, .task = task->task, .file = file};
    QHM_TRY(qhm_results_take(results, 3 + ladder->rung_count, sizeof *d.sides, &d.sides));
    QHM_TRY(add_classical(&d));
    QHM_TRY(add_classical_law(&d, &d.sides[0], 1));
    QHM_TRY(add_improved(&d));
    QHM_TRY(add_simulated(&d));
    for (size_t i = 0; i < ladder->rung_count; i++) {
        const qhm_ladder_rung *rung = &ladder->rungs[i];
        if (rung->chip && qhm_device_family_of(rung->chip) != QHM_DEVICE_IDEAL && !rung->mitigation)
            QHM_TRY(add_chip(&d, rung));
    }
    cut_curves(&d);
    out->sides = d.sides;
    out->side_count = d.count;
    return QHM_OK;
}
