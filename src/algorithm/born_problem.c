// The problem "born": a circuit trained so that its measured bits follow a distribution.
#include "algorithm/algorithm_internal.h"
#include "algorithm/problem_target.h"
#include "base/memory.h"

#include <math.h>
#include <qhm/born_machine.h>

enum { MOST_BITS = 10 };

typedef struct born_options {
    const qhm_node *probabilities;
    size_t rows, columns, layers, steps, shots, hidden;
    int loss;
    double learning_rate;
} born_options;

static const char *const losses[] = {"discrepancy", "divergence", "adversarial", NULL};

static const qhm_option_info fields[] = {
    {.name = "probabilities",
     .type = QHM_OPTION_NODE,
     .offset = offsetof(born_options, probabilities),
     .help = "a list of 2^n weights, n up to 10, bit 0 the lowest of an index; without it bars and "
             "stripes"},
    {.name = "rows",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, rows),
     .default_text = "2",
     .minimum = 1,
     .maximum = MOST_BITS,
     .help = "of the pictures of bars and stripes",
     .used_with = "no probabilities"},
    {.name = "columns",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, columns),
     .default_text = "2",
     .minimum = 1,
     .maximum = MOST_BITS,
     .help = "of the same",
     .used_with = "no probabilities"},
    {.name = "layers",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, layers),
     .default_text = "3",
     .minimum = 1,
     .maximum = 20,
     .help = "of the circuit: RY, RZ and a ring of CX, 2n weights each"},
    {.name = "loss",
     .type = QHM_OPTION_CHOICE,
     .offset = offsetof(born_options, loss),
     .default_text = "discrepancy",
     .choices = losses,
     .help = "what is lowered: the kernel's discrepancy, the divergence, or a network's advantage"},
    {.name = "steps",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, steps),
     .default_text = "150",
     .minimum = 1,
     .maximum = 1e5,
     .help = "of training"},
    {.name = "learning_rate",
     .type = QHM_OPTION_DOUBLE,
     .offset = offsetof(born_options, learning_rate),
     .default_text = "0.1",
     .minimum = 1e-6,
     .maximum = 10,
     .help = "of Adam"},
    {.name = "shots",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, shots),
     .maximum = 1e6,
     .help = "of each circuit; 0: exact probabilities, which no chip gives"},
    {.name = "hidden",
     .type = QHM_OPTION_SIZE,
     .offset = offsetof(born_options, hidden),
     .default_text = "16",
     .minimum = 1,
     .maximum = 1000,
     .help = "units of the network of the adversarial loss",
     .used_with = "loss=adversarial"},
    {0},
};

static double find_uniform_divergence(const qhm_problem_target *target)
{
    double sum = 0;
    for (size_t x = 0; x < target->size; x++)
        if (target->probabilities[x] > 0)
            sum += target->probabilities[x] * log(target->probabilities[x] * (double)target->size);
    return sum;
}

static qhm_status describe(const qhm_problem_target *target, const qhm_born_train_result *trained,
                           size_t parameters, const double *model, qhm_result *result)
{
    QHM_TRY(qhm_problem_target_judge(target, NULL, model, parameters, result->answer));
    qhm_result_number(result->answer, "first_divergence", trained->first_divergence);
    qhm_result_number(result->answer, "first_discrepancy", trained->first_discrepancy);
    qhm_result_number(result->answer, "uniform_divergence", find_uniform_divergence(target));
    qhm_result_count(result->answer, "patterns", target->support);
    qhm_result_count(result->answer, "circuits_per_step", 2 * parameters + 1);
    if (target->size <= 64)
        qhm_result_numbers(result->answer, "probabilities", model, target->size);
    return QHM_OK;
}

static void add_notes(const born_options *options, const qhm_problem_target *target,
                      size_t parameters, qhm_result *result)
{
    if (options->shots == 0)
        qhm_result_note(result, "Trained with exact probabilities, which a chip does not give: set "
                                "shots for what it can do.");
    qhm_result_note(result, "Divergence and discrepancy are those of the exact probabilities; a "
                            "chip's samples cannot tell the divergence of many bits.");
    if (parameters >= target->support)
        qhm_result_note(
            result,
            "A table of the patterns (%zu) has fewer parameters than the circuit (%zu), "
            "and no divergence at all: this size shows that training works, no more.",
            target->support, parameters);
}

static qhm_status train(const born_options *options, const qhm_problem *problem,
                        const qhm_problem_target *target, qhm_born_machine *machine,
                        double *weights, qhm_result *result)
{
    const size_t parameters = qhm_born_machine_weight_count(machine);
    double *model = weights + parameters;
    qhm_born_train_result trained;
    const qhm_born_train_options given = {.loss = (qhm_born_loss)(options->loss - 1),
                                          .steps = options->steps,
                                          .learning_rate = options->learning_rate,
                                          .shots = options->shots,
                                          .hidden_units = options->hidden,
                                          .seed = problem->seed};
    QHM_TRY(qhm_born_machine_train(machine, target->probabilities, &given, weights, &trained));
    QHM_TRY(qhm_born_machine_ledger(machine, &result->ledger));
    QHM_TRY(qhm_born_machine_probabilities(machine, weights, NULL, model));
    QHM_TRY(describe(target, &trained, parameters, model, result));
    add_notes(options, target, parameters, result);
    qhm_result_text(result->opponent, "method",
                    "restricted Boltzmann machine of about as many parameters");
    QHM_TRY(
        qhm_problem_target_oppose_restricted(target, parameters, problem->seed, result->opponent));
    return qhm_problem_target_oppose(target, result->opponent);
}

static qhm_status run(const void *given, const qhm_problem *problem, qhm_result *result)
{
    const born_options *options = given;
    qhm_problem_target target;
    qhm_born_machine *machine = NULL;
    double *weights = NULL;
    if (options->loss - 1 == QHM_BORN_DIVERGENCE && options->shots > 0)
        return qhm_node_fail(problem->node, "loss divergence needs probabilities, which shots do "
                                            "not give: take discrepancy or adversarial");
    QHM_TRY(qhm_problem_target_read(problem, options->probabilities, options->rows,
                                    options->columns, MOST_BITS, &target));
    qhm_status status = qhm_born_machine_create(target.bit_count, options->layers, &machine);
    if (status == QHM_OK)
        status = qhm_allocate(qhm_born_machine_weight_count(machine) + target.size, sizeof *weights,
                              &weights);
    if (status == QHM_OK)
        status = train(options, problem, &target, machine, weights, result);
    qhm_release(weights);
    qhm_born_machine_destroy(machine);
    qhm_release(target.probabilities);
    return status;
}

const qhm_algorithm qhm_algorithm_born = {
    .info = {.name = "born",
             .help = "a circuit trained so that its measured bits follow a distribution",
             .details =
                 "Layers of RY, RZ and CX, trained by parameter shift on a kernel's "
                 "discrepancy, on the divergence, or against a\nsmall network that tells its "
                 "samples apart: two circuits a weight and step. The opponents are a restricted "
                 "Boltzmann machine of\nabout as many parameters and the closest models of "
                 "independent bits and of a tree. "
                 "[liu2018, benedetti2019, goodfellow2014, chow1968]\n",
             .example = "rows: 2\ncolumns: 2\nlayers: 3\nsteps: 60\n",
             .fields = fields},
    .options_size = sizeof(born_options),
    .run = run,
};
