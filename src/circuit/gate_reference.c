// The page about all gates, made from the gate table.
#include "base/memory.h"
#include "circuit/circuit_internal.h"
#include "circuit/qasm/qasm_print_internal.h"

#include <math.h>
#include <qhm/draw.h>
#include <string.h>

enum { MOST_QUBITS = QHM_GATE_MAX_QUBITS, MOST_DIMENSION = 1 << MOST_QUBITS };

// The whole matrix of a gate without angles, controls included: [1 << qubits][1 << qubits].
static void full_matrix(qhm_gate gate, qhm_complex *out)
{
    const qhm_gate_info *information = qhm_gate_information(gate);
    unsigned controls = information->control_count;
    size_t base = (size_t)1 << information->target_count;
    size_t dimension = base << controls, all = ((size_t)1 << controls) - 1;
    qhm_complex matrix[QHM_GATE_MAX_DIMENSION * QHM_GATE_MAX_DIMENSION];
    qhm_gate_matrix(gate, NULL, matrix);
    memset(out, 0, dimension * dimension * sizeof *out);
    for (size_t i = 0; i < dimension; i++)
        if ((i & all) != all)
            out[i * dimension + i].re = 1;
    for (size_t row = 0; row < base; row++)
        for (size_t column = 0; column < base; column++)
            out[(row << controls | all) * dimension + (column << controls | all)] =
                matrix[row * base + column];
}

// out = U P U^-1 for one Pauli X or Z on a qubit.
static void conjugate(const qhm_complex *u, size_t dimension, unsigned qubit, bool is_x,
                      qhm_complex *out)
{
    for (size_t row = 0; row < dimension; row++)
        for (size_t column = 0; column < dimension; column++) {
            qhm_complex sum = {0, 0};
            for (size_t k = 0; k < dimension; k++) {
                size_t image = is_x ? k ^ (size_t)1 << qubit : k;
                double sign = !is_x && (k >> qubit & 1) ? -1 : 1;
                qhm_complex a = u[row * dimension + image], b = u[column * dimension + k];
                sum.re += sign * (a.re * b.re + a.im * b.im);
                sum.im += sign * (a.im * b.re - a.re * b.im);
            }
            out[row * dimension + column] = sum;
        }
}

static bool is_near(qhm_complex a, qhm_complex b)
{
    return fabs(a.re - b.re) + fabs(a.im - b.im) < 1e-9;
}

// True for a Pauli string times a phase: entries at row ^ x only, with signs of a product.
static bool is_pauli(const qhm_complex *matrix, size_t dimension)
{
    size_t x = 0;
    while (x < dimension && hypot(matrix[x].re, matrix[x].im) < 0.5)
        x++;
    if (x == dimension)
        return false;
    for (size_t row = 0; row < dimension; row++) {
        qhm_complex expected = matrix[x];
        for (size_t bit = 1; bit < dimension; bit *= 2) {
            qhm_complex other = matrix[bit * dimension + (bit ^ x)];
            if ((row & bit) && !is_near(other, matrix[x]))
                expected = (qhm_complex){-expected.re, -expected.im};
        }
        for (size_t column = 0; column < dimension; column++)
            if (!is_near(matrix[row * dimension + column],
                         column == (row ^ x) ? expected : (qhm_complex){0, 0}))
                return false;
    }
    return true;
}

bool qhm_gate_is_clifford(qhm_gate gate)
{
    const qhm_gate_info *information = qhm_gate_information(gate);
    if (!information->is_unitary || information->angle_count > 0 || information->target_count == 0)
        return false;
    unsigned qubits = information->control_count + information->target_count;
    size_t dimension = (size_t)1 << qubits;
    qhm_complex matrix[MOST_DIMENSION * MOST_DIMENSION], image[MOST_DIMENSION * MOST_DIMENSION];
    full_matrix(gate, matrix);
    for (unsigned i = 0; i < 2 * qubits; i++) {
        conjugate(matrix, dimension, i / 2, i % 2 == 0, image);
        if (!is_pauli(image, dimension))
            return false;
    }
    return true;
}

static void print_steps(const qhm_gate_row *row, const qhm_circuit *names, qhm_text *out)
{
    if (row->step_count == 0)
        return;
    qhm_text_append(out, "- made of: ");
    for (size_t i = 0; i < row->step_count; i++) {
        const qhm_gate_step *step = &row->steps[i];
        const qhm_gate_info *part = qhm_gate_information(step->gate);
        qhm_text_print(out, "%s`%s", i > 0 ? ", " : "", part->name);
        if (part->angle_count > 0) {
            qhm_angle angle = {.scale = step->scale, .offset = step->offset};
            if (step->scale != 0)
                angle.factors[0] = (qhm_angle_factor){QHM_SLOT_INPUT, step->source, 0};
            qhm_text_append(out, "(");
            qhm_angle_print(names, &angle, false, out);
            qhm_text_append(out, ")");
        }
        for (unsigned q = 0; q < part->control_count + part->target_count; q++)
            qhm_text_print(out, "%s%u", q == 0 ? " " : ", ", step->qubits[q]);
        qhm_text_append(out, "`");
    }
    qhm_text_append(out, "\n");
}

// A circuit of the one gate, its angles called a, b and c.
static qhm_status create_example(qhm_gate gate, qhm_circuit **circuit)
{
    static const uint32_t qubits[] = {0, 1, 2};
    static const char *const names[] = {"a", "b", "c"};
    const qhm_gate_info *information = qhm_gate_information(gate);
    bool is_loop = gate == QHM_GATE_WHILE || gate == QHM_GATE_END;
    unsigned count = information->control_count + information->target_count;
    if (count == 0)
        count = gate == QHM_GATE_SET ? 0 : is_loop ? 1 : 2;
    bool has_bit = qhm_gate_writes_bit(gate) || is_loop;
    QHM_TRY(qhm_circuit_create(count, has_bit, circuit));
    qhm_status status = QHM_OK;
    for (unsigned i = 0; i < information->angle_count && status == QHM_OK; i++)
        status = qhm_circuit_set_slot_name(*circuit, QHM_SLOT_INPUT, i, names[i]);
    qhm_complex one[16] = {[0] = {1, 0}, [5] = {1, 0}, [10] = {1, 0}, [15] = {1, 0}};
    qhm_angle angles[QHM_GATE_MAX_ANGLES] = {qhm_angle_input(0, 1), qhm_angle_input(1, 1),
                                             qhm_angle_input(2, 1)};
    qhm_instruction step = {.gate = gate,
                            .qubit_count = count,
                            .qubits = qubits,
                            .angles = angles,
                            .duration_ns = 100,
                            .paulis = (const uint8_t[]){QHM_PAULI_X, QHM_PAULI_Z},
                            .kraus_count = 1,
                            .bit_value = gate == QHM_GATE_SET};
    if (gate == QHM_GATE_UNITARY || gate == QHM_GATE_CHANNEL)
        step.matrix = one;
    qhm_instruction loop[3] = {{.gate = QHM_GATE_WHILE, .condition = qhm_condition_bit(0, true)},
                               {.gate = QHM_GATE_MEASURE, .qubits = qubits},
                               {.gate = QHM_GATE_END}};
    const qhm_instruction *steps = is_loop ? loop : &step;
    for (size_t i = 0; i < (is_loop ? 3u : 1u) && status == QHM_OK; i++)
        status = qhm_circuit_append_instruction(*circuit, &steps[i]);
    if (status != QHM_OK)
        qhm_circuit_destroy(*circuit);
    return status;
}

static qhm_status print_drawing(const qhm_circuit *circuit, qhm_text *out)
{
    char *drawing;
    QHM_TRY(qhm_circuit_draw(circuit, NULL, &drawing));
    qhm_text_print(out, "\n```text\n%s```\n", drawing);
    qhm_string_destroy(drawing);
    return out->status;
}

// What OpenQASM calls it; "defined" where a program has to bring its definition.
static void print_language(int version, qhm_gate gate, qhm_text *out)
{
    static const char *const statements[][2] = {
        [QHM_GATE_UNITARY] = {"expanded", "a `gate` of its own"},
        [QHM_GATE_MEASURE] = {"`measure q -> c;`", "`c = measure q;`"},
        [QHM_GATE_RESET] = {"`reset q;`", "`reset q;`"},
        [QHM_GATE_BARRIER] = {"`barrier q;`", "`barrier q;`"},
        [QHM_GATE_SET] = {"none", "`c = 1;`"},
        [QHM_GATE_WHILE] = {"none", "`while (c) {`"},
        [QHM_GATE_END] = {"none", "`}`"},
        [QHM_GATE_DELAY] = {"left out", "`delay[100ns] q;`"},
        [QHM_GATE_CHANNEL] = {"none", "none"},
        [QHM_GATE_MEASURE_PAULI] = {"expanded", "expanded"},
    };
    if (gate >= QHM_GATE_UNITARY)
        qhm_text_append(out, statements[gate][version - 2]);
    else
        qhm_text_print(out, "`%s`%s", qhm_qasm_gate_name(version, gate),
                       qhm_qasm_gate_is_known(version, gate) ? "" : ", defined");
}

static void print_overview(qhm_text *out)
{
    qhm_text_append(out, "| gate | controls | targets | angles | Clifford | OpenQASM 2 | OpenQASM "
                         "3 |\n|---|---|---|---|---|---|---|\n");
    for (unsigned gate = 0; gate < QHM_GATE_COUNT; gate++) {
        const qhm_gate_info *information = qhm_gate_information((qhm_gate)gate);
        bool is_classical = qhm_gate_is_classical((qhm_gate)gate);
        qhm_text_print(out, "| `%s` | %u | ", information->name, information->control_count);
        if (information->target_count > 0 || is_classical)
            qhm_text_print(out, "%u", information->target_count);
        else
            qhm_text_append(out, "any");
        qhm_text_print(out, " | %u | %s | ", information->angle_count,
                       qhm_gate_is_clifford((qhm_gate)gate) ? "yes" : "");
        print_language(2, (qhm_gate)gate, out);
        qhm_text_append(out, " | ");
        print_language(3, (qhm_gate)gate, out);
        qhm_text_append(out, " |\n");
    }
}

static qhm_status print_gate(qhm_gate gate, qhm_text *out)
{
    const qhm_gate_row *row = qhm_gate_table_row(gate);
    const qhm_gate_info *information = &row->information;
    qhm_circuit *example;
    QHM_TRY(create_example(gate, &example));
    qhm_text_print(out, "\n## %s\n\n- %s: `", information->name,
                   information->is_unitary ? "matrix" : "what it does");
    qhm_text_append(out, information->formula);
    qhm_text_append(out, "`\n");
    if (information->is_unitary && gate != QHM_GATE_UNITARY) {
        qhm_text_print(out, "- inverse: `%s", qhm_gate_information(row->inverse)->name);
        for (unsigned i = 0; i < information->angle_count; i++)
            qhm_text_print(out, "%s−%c", i == 0 ? "(" : ", ", 'a' + row->inverse_angles[i]);
        qhm_text_append(out, information->angle_count > 0 ? ")" : "");
        qhm_text_append(out, "`\n");
    }
    print_steps(row, example, out);
    qhm_status status = print_drawing(example, out);
    qhm_circuit_destroy(example);
    return status;
}

qhm_status qhm_gate_reference(char **markdown)
{
    QHM_REQUIRE(markdown, "qhm_gate_reference needs a place for the text");
    qhm_text out = {0};
    qhm_text_append(&out,
                    "# Gates\n\n"
                    "Made by `qhm help gates --markdown` from the table that every part of QHM "
                    "reads.\n\n"
                    "Angles are in radians and called a, b, c here. In matrices the first target "
                    "is the least significant bit; controls come first among a gate's qubits, and "
                    "any gate may have more of them. \"Made of\" names simpler gates on the "
                    "gate's own qubits, numbered from 0, that give the same matrix, global phase "
                    "included. \"Defined\" means that a program in that language brings the gate's "
                    "definition along.\n\n");
    print_overview(&out);
    qhm_status status = out.status;
    for (unsigned gate = 0; gate < QHM_GATE_COUNT && status == QHM_OK; gate++)
        status = print_gate((qhm_gate)gate, &out);
    if (status == QHM_OK)
        return qhm_text_take(&out, markdown);
    qhm_text_release(&out);
    return status;
}
