// A report with a bit of everything, built from seeded random numbers: shape, not results.
#ifndef QHM_TESTS_REPORT_EXAMPLE_H
#define QHM_TESTS_REPORT_EXAMPLE_H

#include "support/checks.h"

#include <qhm/random.h>
#include <qhm/report.h>

#include <png.h>
#include <sys/stat.h>

enum {
    EXAMPLE_MODELS = 8,
    EXAMPLE_EPOCHS = 30,
    EXAMPLE_CLASSES = 9,
    EXAMPLE_ANSWERS = 5,
    EXAMPLE_QUERIES = 4,
    EXAMPLE_GRADIENTS = 12
};

typedef struct report_example {
    qhm_report report;
    qhm_report_task tasks[2];
    qhm_report_model models[2][EXAMPLE_MODELS];
    qhm_report_point curves[2][EXAMPLE_MODELS][EXAMPLE_EPOCHS];
    double secondary[EXAMPLE_MODELS][4];
    qhm_report_metric metrics[4];
    qhm_report_query queries[EXAMPLE_QUERIES];
    qhm_report_candidate candidates[EXAMPLE_QUERIES][EXAMPLE_ANSWERS];
    char pictures[EXAMPLE_ANSWERS][32];
    qhm_report_confusion confusion;
    size_t counts[EXAMPLE_CLASSES * EXAMPLE_CLASSES];
    qhm_report_circuit circuit;
    qhm_report_gradient gradients[EXAMPLE_GRADIENTS];
    char gradient_names[EXAMPLE_GRADIENTS][32];
    qhm_report_guard guards[4];
    qhm_report_rung rungs[5];
    qhm_report_placement placements[2];
    qhm_report_yield yields[4];
    qhm_report_row_cost row_costs[3];
    qhm_report_contestant contestants[2];
    qhm_report_size sizes[2][3];
    qhm_report_side sides[2];
    qhm_random random;
} report_example;

static const char *const example_names[EXAMPLE_MODELS] = {"hybrid",
                                                          "identity",
                                                          "random features",
                                                          "linear",
                                                          "MLP of equal parameters",
                                                          "MLP of equal operations",
                                                          "same circuit without entanglement",
                                                          "strong classical, 128 wide"};

static inline double example_number(report_example *example, double low, double high)
{
    return low + (high - low) * qhm_random_uniform(&example->random);
}

static inline qhm_interval example_interval(report_example *example, double mean, double half)
{
    double width = half * example_number(example, 0.7, 1.3);
    return (qhm_interval){mean, mean - width, mean + width};
}

static inline void build_models(report_example *example, size_t task)
{
    double hybrid = example_number(example, 0.4, 0.8);
    for (size_t m = 0; m < EXAMPLE_MODELS; m++) {
        double score = m == 0 ? hybrid : hybrid - example_number(example, -0.03, 0.09);
        qhm_report_model *model = &example->models[task][m];
        *model =
            (qhm_report_model){.name = example_names[m],
                               .role = m == 0   ? "hybrid"
                                       : m == 7 ? "reference"
                                                : "rival",
                               .summary = m == 0 ? "8 qubits, 3 layers, in the shared space" : NULL,
                               .metric = example_interval(example, score, 0.02),
                               .difference = {NAN, NAN, NAN},
                               .times_best = m,
                               .parameters = 1000 * (m + 1) + 234,
                               .embedding_parameters = 1000 * m,
                               .flops = 1e5 * (double)(m + 1),
                               .training_seconds = example_number(example, 0.3, 150),
                               .trials = 4,
                               .curve = example->curves[task][m],
                               .curve_count = m == 1 ? 0 : EXAMPLE_EPOCHS};
        if (m > 0)
            model->difference = example_interval(example, hybrid - score, 0.025);
        for (size_t e = 0; e < EXAMPLE_EPOCHS; e++) {
            double reached =
                score * (1 - exp(-(double)(e + 1) / 6)) + example_number(example, -0.01, 0.01);
            example->curves[task][m][e] =
                (qhm_report_point){.epoch = (double)e + 1,
                                   .training_loss = 2.2 * exp(-(double)e / 9) + 0.1 * (double)m,
                                   .validation = example_interval(example, reached, 0.03)};
        }
    }
}

// A small picture of a disc, whose colour tells which it is.
static inline void write_picture(const char *folder, const char *name, size_t index)
{
    unsigned char pixels[64 * 64 * 4];
    for (size_t i = 0; i < 64 * 64; i++) {
        double x = (double)(i % 64) - 31.5, y = (double)(i / 64) - 31.5;
        bool is_inside = x * x + y * y < 28 * 28;
        const unsigned char colour[4] = {(unsigned char)(60 * index), 90,
                                         (unsigned char)(250 - 60 * index), 255};
        for (size_t c = 0; c < 4; c++)
            pixels[4 * i + c] = is_inside ? colour[c] : 0;
    }
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = 64, .height = 64, .format = PNG_FORMAT_RGBA};
    assert_true(png_image_write_to_file(&image, path, 0, pixels, 0, NULL));
}

static inline void build_queries(report_example *example, const char *folder)
{
    char pictures[4200];
    snprintf(pictures, sizeof pictures, "%s/pictures", folder);
    mkdir(pictures, 0777);
    for (size_t i = 0; i < EXAMPLE_ANSWERS; i++) {
        snprintf(example->pictures[i], sizeof example->pictures[i], "pictures/%zu.png", i);
        write_picture(folder, example->pictures[i], i);
    }
    static const char *const words[EXAMPLE_ANSWERS] = {"red apple", "tomato", "cherries",
                                                       "strawberry with a leaf", "balloon"};
    for (size_t q = 0; q < EXAMPLE_QUERIES; q++) {
        bool is_text = q < 2;
        for (size_t i = 0; i < EXAMPLE_ANSWERS; i++)
            example->candidates[q][i] =
                (qhm_report_candidate){.text = words[i],
                                       .picture = is_text ? example->pictures[i] : NULL,
                                       .score = 0.9 - 0.1 * (double)i,
                                       .is_right = i == q};
        example->queries[q] =
            (qhm_report_query){.text = is_text ? "a red fruit & <its> leaf" : NULL,
                               .picture = is_text ? NULL : example->pictures[q],
                               .right_rank = q + 1,
                               .pool_count = 374,
                               .candidates = example->candidates[q],
                               .candidate_count = EXAMPLE_ANSWERS};
    }
}

static inline void build_confusion(report_example *example)
{
    static const char *const labels[EXAMPLE_CLASSES] = {
        "Activities",    "Animals & Nature",  "Flags",   "Food & Drink",   "Objects",
        "People & Body", "Smileys & Emotion", "Symbols", "Travel & Places"};
    for (size_t i = 0; i < EXAMPLE_CLASSES * EXAMPLE_CLASSES; i++)
        example->counts[i] = i % (EXAMPLE_CLASSES + 1) == 0
                                 ? 100 + qhm_random_below(&example->random, 300)
                                 : qhm_random_below(&example->random, 25);
    example->confusion = (qhm_report_confusion){.model = "hybrid",
                                                .labels = labels,
                                                .label_count = EXAMPLE_CLASSES,
                                                .counts = example->counts,
                                                .counts_count = EXAMPLE_CLASSES * EXAMPLE_CLASSES};
}

static inline void build_circuit(report_example *example)
{
    static const qhm_report_fact facts[] = {{"qubits", "3"}, {"depth", "9"}, {"parameters", "12"}};
    for (size_t i = 0; i < EXAMPLE_GRADIENTS; i++) {
        double gradient = i == 4 ? 0 : example_number(example, -0.5, 0.5);
        snprintf(example->gradient_names[i], sizeof example->gradient_names[i],
                 "weight %zu (ry on qubit %zu)", i, i % 3);
        example->gradients[i] = (qhm_report_gradient){
            example->gradient_names[i], gradient, gradient, gradient + 1e-9, i == 4 ? "dead" : ""};
    }
    example->circuit =
        (qhm_report_circuit){.name = "shared space, 3 qubits",
                             .drawing = "q0: ┤ ry(x0) ├┤ ry(w0) ├──■────────\n"
                                        "q1: ┤ ry(x1) ├┤ ry(w1) ├──⊕────■───\n"
                                        "q2: ┤ ry(x2) ├┤ ry(w2) ├───────⊕───\n",
                             .picture = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
                             .facts = facts,
                             .fact_count = 3,
                             .doctor = "11 of 12 parameters are well; weight 4 is dead.",
                             .gradients = example->gradients,
                             .gradient_count = EXAMPLE_GRADIENTS};
}

static inline void build_task(report_example *example, size_t index)
{
    bool is_retrieval = index == 0;
    build_models(example, index);
    qhm_report_task *task = &example->tasks[index];
    *task = (qhm_report_task){
        .name = is_retrieval ? "Retrieval between words and pictures" : "Groups",
        .kind = is_retrieval ? "retrieval" : "classification",
        .verdict = is_retrieval ? "does_not_help" : "helps",
        .sentence = "The sentence that says so, with its numbers: −0.004 (−0.021 to 0.013).",
        .metric = is_retrieval ? "R@10, words to picture" : "accuracy",
        .chance = is_retrieval ? 0.027 : 0.21,
        .margin = 0.02,
        .smallest_difference = 0.031,
        .resamples = 10,
        .training_rows = 1496,
        .test_rows = 374,
        .classes = is_retrieval ? 0 : EXAMPLE_CLASSES,
        .models = example->models[index],
        .model_count = EXAMPLE_MODELS,
        .guards = example->guards,
        .guard_count = 4};
}

// Fills a report; its pictures are written below `folder`. The report points into the example.
static inline void build_report_example(report_example *example, const char *folder)
{
    *example = (report_example){.random = qhm_random_stream(7, QHM_RANDOM_USER, 0, 0, 0)};
    static const char *const commands[] = {"qhm run examples/emoji.yaml --seed 7",
                                           "qhm replay runs/20260131T120000Z-emoji"};
    static const qhm_report_fact facts[] = {
        {"qhm", "0.1.0"}, {"instruction set", "avx2"}, {"data hash", "2f1c9a77d0e35b18"}};
    build_task(example, 0);
    build_task(example, 1);
    static const char *const names[] = {"R@1", "R@5", "R@10", "median rank"};
    for (size_t i = 0; i < 4; i++)
        example->metrics[i] = (qhm_report_metric){names[i], i < 3 ? 0.01 * (double)(i + 1) : 187};
    for (size_t m = 0; m < EXAMPLE_MODELS; m++) {
        for (size_t i = 0; i < 4; i++)
            example->secondary[m][i] = i < 3 ? 0.1 * (double)(i + 1) : 12.5;
        example->models[0][m].secondary = example->secondary[m];
        example->models[0][m].secondary_count = 4;
    }
    example->tasks[0].secondary = example->metrics;
    example->tasks[0].secondary_count = 4;
    build_queries(example, folder);
    example->tasks[0].queries = example->queries;
    example->tasks[0].query_count = EXAMPLE_QUERIES;
    build_confusion(example);
    example->tasks[1].confusions = &example->confusion;
    example->tasks[1].confusion_count = 1;
    build_circuit(example);
    example->tasks[0].circuits = &example->circuit;
    example->tasks[0].circuit_count = 1;
    const qhm_report_rung rungs[5] = {{.model = "hybrid",
                                       .device = "ideal",
                                       .metric = {0.81, 0.79, 0.83},
                                       .shots = 0,
                                       .qubits = NAN,
                                       .two_qubit_gates = NAN,
                                       .duration_seconds = NAN,
                                       .success = NAN,
                                       .seconds = NAN,
                                       .joules = NAN},
                                      {.model = "hybrid",
                                       .device = "shots",
                                       .metric = {0.80, 0.78, 0.82},
                                       .shots = 2048,
                                       .qubits = NAN,
                                       .two_qubit_gates = NAN,
                                       .duration_seconds = NAN,
                                       .success = NAN,
                                       .seconds = NAN,
                                       .joules = NAN},
                                      {.model = "hybrid",
                                       .device = "willow",
                                       .metric = {0.74, 0.71, 0.77},
                                       .shots = 2048,
                                       .qubits = 8,
                                       .two_qubit_gates = 24,
                                       .duration_seconds = 1.4e-6,
                                       .success = 0.82,
                                       .seconds = 0.033,
                                       .joules = 845,
                                       .provenance = "power_watts assumed"},
                                      {.model = "hybrid",
                                       .device = "willow",
                                       .mitigation = "readout,zne",
                                       .metric = {0.79, 0.76, 0.81},
                                       .shots = 6144,
                                       .qubits = 8,
                                       .two_qubit_gates = 24,
                                       .duration_seconds = 1.4e-6,
                                       .success = 0.82,
                                       .seconds = 0.099,
                                       .joules = 2535,
                                       .provenance = "power_watts assumed"},
                                      {.model = "hybrid",
                                       .device = "ocelot",
                                       .metric = {NAN, NAN, NAN},
                                       .shots = NAN,
                                       .note = "8 qubits do not fit on 5 cats",
                                       .qubits = NAN,
                                       .two_qubit_gates = NAN,
                                       .duration_seconds = NAN,
                                       .success = NAN,
                                       .seconds = NAN,
                                       .joules = NAN}};
    memcpy(example->rungs, rungs, sizeof rungs);
    const qhm_report_row_cost row_costs[3] = {
        {.model = "hybrid",
         .device = "",
         .shots = NAN,
         .model_seconds = 3.21e-6,
         .part_seconds = 2e-6,
         .quantum_seconds = NAN,
         .interface_seconds = NAN,
         .seconds = 3.21e-6,
         .machine_joules = NAN,
         .host_joules = 1e-4},
        {.model = "hybrid",
         .device = "willow",
         .mitigation = "readout,zne",
         .shots = 3072,
         .model_seconds = 3.21e-6,
         .part_seconds = 2e-6,
         .quantum_seconds = 0.0978,
         .interface_seconds = 0.000654,
         .seconds = 0.09845521,
         .machine_joules = 2543,
         .host_joules = 6.4},
        {.model = "hybrid", .device = "ocelot", .note = "8 qubits do not fit on <5> cats"}};
    memcpy(example->row_costs, row_costs, sizeof row_costs);
    example->tasks[0].row_costs = example->row_costs;
    example->tasks[0].row_cost_count = 3;
    const qhm_report_contestant contestants[2] = {{.place = 1,
                                                   .model = "hybrid",
                                                   .device = "willow",
                                                   .mitigation = "readout",
                                                   .metric = example_interval(example, 0.61, 0.03),
                                                   .shots = 512,
                                                   .paid_shots = 4096,
                                                   .seconds = 12.3,
                                                   .joules = 4.2e5,
                                                   .share = 0.84,
                                                   .training_seconds = 7.1e5,
                                                   .training_joules = NAN},
                                                  {.model = "strong classical, 128 wide",
                                                   .device = "loihi",
                                                   .note = "its speed is <not> published",
                                                   .metric = {NAN, NAN, NAN},
                                                   .shots = NAN,
                                                   .paid_shots = NAN,
                                                   .seconds = NAN,
                                                   .joules = 3.2e-6,
                                                   .share = NAN,
                                                   .training_seconds = NAN,
                                                   .training_joules = NAN}};
    memcpy(example->contestants, contestants, sizeof contestants);
    example->tasks[0].contestants = example->contestants;
    example->tasks[0].contestant_count = 2;
    example->tasks[0].contest = "Within 60 s & 0.5 MJ the hybrid wins.";
    example->tasks[0].budget_seconds = 60;
    example->tasks[0].budget_joules = 5e5;
    for (size_t i = 0; i < 3; i++) {
        const double n = pow(10, (double)i + 1);
        example->sizes[0][i] = (qhm_report_size){n, 1e-9 * n * n};
        example->sizes[1][i] = (qhm_report_size){n, 1e-4 * n};
    }
    example->sides[0] = (qhm_report_side){.name = "an MLP",
                                          .note = "timed <here>",
                                          .points = example->sizes[0],
                                          .point_count = 3,
                                          .from = NAN,
                                          .until = NAN,
                                          .errorless_from = NAN,
                                          .errorless_until = NAN};
    example->sides[1] = (qhm_report_side){.name = "willow",
                                          .note = "with its errors none & never",
                                          .is_chip = true,
                                          .curve = example->sizes[1],
                                          .curve_count = 3,
                                          .errorless = example->sizes[1],
                                          .errorless_count = 3,
                                          .from = NAN,
                                          .until = NAN,
                                          .errorless_from = 1e5,
                                          .errorless_until = NAN};
    example->tasks[0].sides = example->sides;
    example->tasks[0].side_count = 2;
    example->tasks[0].host_energy = "measured & counted";
    const qhm_report_placement placements[2] = {
        {"hybrid", "image", "willow", "on willow: expected success with readout 0.82", 8, 24, 0.84,
         0.0165, 422},
        {"hybrid", "text", "./tiny.json", "on ./tiny.json: as the <run file> says", 2, 4, 0.97,
         0.02, NAN}};
    memcpy(example->placements, placements, sizeof placements);
    example->tasks[0].placements = example->placements;
    example->tasks[0].placement_count = 2;
    const qhm_report_yield yields[4] = {
        {"hybrid", "willow", "", 1, 1, 1, {0.82, 0.82, 0.82}, {0.74, 0.74, 0.74}},
        {"hybrid", "willow", "", 0.9, 5, 5, {0.81, 0.79, 0.82}, {0.73, 0.7, 0.75}},
        {"hybrid",
         "willow",
         "6 qubits work, not <8>",
         0.5,
         5,
         3,
         {0.7, 0.61, 0.76},
         {0.61, 0.5, 0.66}},
        {"hybrid",
         "ocelot",
         "8 qubits do not fit on 5 cats",
         1,
         1,
         0,
         {NAN, NAN, NAN},
         {NAN, NAN, NAN}}};
    memcpy(example->yields, yields, sizeof yields);
    example->tasks[0].yields = example->yields;
    example->tasks[0].yield_count = 4;
    example->tasks[0].rungs = example->rungs;
    example->tasks[0].rung_count = 5;
    const qhm_report_guard guards[4] = {
        {"accuracies are whole counts", true, "80 of 80 scores are k/374"},
        {"no test row was trained on", true, "0 of 3,740 rows, 0 of 1,648 groups"},
        {"scalers saw training rows only", true, "10 of 10 resamples"},
        {"same tuning budget for all", false, "4 trials each, but 3 for linear"}};
    memcpy(example->guards, guards, sizeof guards);
    example->report = (qhm_report){
        .id = "20260131T120000Z-emoji",
        .name = "emoji",
        .description = "Words and pictures of emoji in one space, and their groups.",
        .verdict = "does_not_help",
        .sentence = "On retrieval the quantum layer does not help: against the best rival R@10 "
                    "differs by −0.004 (−0.021 to 0.013), below the margin of 0.02.",
        .started = "2026-01-31T12:00:00Z",
        .seconds = 611,
        .seed = UINT64_MAX,
        .tasks = example->tasks,
        .task_count = 2,
        .commands = commands,
        .command_count = 2,
        .facts = facts,
        .fact_count = 3};
}

#endif
