// The reader of OpenQASM from inside: values, names, gates, and what its files share.
//
// Tokens are executed as they come, one statement at a time. Gate definitions become lists of
// steps when they are read; loops and subroutines run their tokens again.
//
// Functions return QHM_ERROR_BAD_INPUT after they have noted a diagnostic: the statement is given
// up and reading goes on with the next. Any other status ends the reading.
#ifndef QHM_CIRCUIT_QASM_INTERNAL_H
#define QHM_CIRCUIT_QASM_INTERNAL_H

#include "circuit/circuit_internal.h"
#include "circuit/qasm/qasm_arena.h"
#include "circuit/qasm/qasm_lexer.h"

#include <qhm/circuit.h>
#include <qhm/qasm.h>

enum {
    QASM_MOST_NESTING = 200,      // blocks, subroutines and type designators inside each other
    QASM_MOST_GATE_DEPTH = 1000,  // definitions that use definitions
    QASM_MOST_INCLUDE_DEPTH = 32, // files inside files
    QASM_MOST_WIDTH = 1048576,    // bits of a value
    QASM_INT_WIDTH = 32,          // of an int that does not say it
};

// One bit of a value: a constant or a classical bit of the circuit, inverted or not.
typedef uint32_t qasm_bit;
enum { QASM_ZERO = 0, QASM_ONE = 1 };
static inline qasm_bit qhm_qasm_bit_of(uint32_t circuit_bit)
{
    return 2 + 2 * circuit_bit;
}
static inline bool qhm_qasm_bit_is_constant(qasm_bit bit)
{
    return bit < 2;
}
static inline qasm_bit qhm_qasm_bit_not(qasm_bit bit) // the low bit is the inversion of both
{
    return bit ^ 1;
}
static inline uint32_t qhm_qasm_bit_place(qasm_bit bit)
{
    return (bit - 2) / 2;
}

typedef enum qasm_kind {
    QASM_NOTHING = 0,
    QASM_BOOL,
    QASM_INT,
    QASM_UINT,
    QASM_REAL,  // float
    QASM_ANGLE, // radians
    QASM_BITS,
    QASM_DURATION, // real: nanoseconds, NaN where the unit is not known
    QASM_QUBITS,
    QASM_RANGE, // items: first, step, last; QASM_NOTHING where left out
    QASM_LIST,  // {a, b, c}, also of an array
    QASM_KIND_COUNT
} qasm_kind;

typedef enum qasm_form {
    QASM_CONSTANT = 0, // integer or real
    QASM_BIT_LIST,     // bits[width], or the circuit's bits from first on where bits is NULL
    QASM_CONDITIONAL,  // a bool that is not in a bit yet
    QASM_SYMBOLIC      // a number with slots
} qasm_form;

// A number with slots: the sum of terms, whose offsets are 0, and an offset.
typedef struct qasm_sum {
    double offset;
    size_t count;
    qhm_angle terms[];
} qasm_sum;

typedef struct qasm_value {
    uint8_t kind;   // qasm_kind
    uint8_t form;   // qasm_form
    bool is_single; // bits and qubits: one, not a register of one
    uint32_t width; // bits, qubits, items; of a constant number its declared width, 0: none
    uint32_t first; // qubits and bits in a row
    union {
        int64_t integer; // bool, int, uint
        double real;
        const uint32_t *list; // qubits, or qasm_bits; NULL: in a row from first
        const qhm_condition *condition;
        const qasm_sum *sum;
        const struct qasm_value *items;
    };
} qasm_value;

typedef struct qasm_type {
    qasm_kind kind;
    uint32_t width; // 0: not said
    bool is_single; // bit, not bit[1]
} qasm_type;

typedef enum qasm_symbol_kind {
    QASM_SYMBOL_CONSTANT = 0, // also aliases: a value
    QASM_SYMBOL_VARIABLE,
    QASM_SYMBOL_PARAMETER, // of the gate being defined: value.integer is its number
    QASM_SYMBOL_FORMAL,    // a qubit of the gate being defined: value.first is its number
} qasm_symbol_kind;

// What a name stands for, in a scope.
typedef struct qasm_symbol {
    qasm_symbol_kind kind;
    qasm_type type;
    uint32_t name;
    qasm_token token;     // where it was declared
    qasm_value value;     // now; a variable in storage: its bits
    bool is_stored;       // a variable whose value lies in classical bits
    uint32_t owned_first; // scratch bits of the variable, free again after its scope
    uint32_t owned_count;
    size_t run_time_depth;      // run-time conditions around the declaration
    size_t scope_depth;         // 0: at the top
    struct qasm_symbol *hidden; // what the name stood for before
    struct qasm_symbol *before; // declared before in this scope
} qasm_symbol;

// Postfix code of an expression: the operators of qasm_token_kind, and these.
enum {
    CODE_CONSTANT = 100,
    CODE_SYMBOL,
    CODE_PARAMETER, // detail: number
    CODE_NEGATE,
    CODE_INDEX,    // count items above the base
    CODE_RANGE,    // count of 2 or 3 parts, which may be NOTHING
    CODE_LIST,     // count items
    CODE_FUNCTION, // detail: function, count arguments
    CODE_CAST,
    CODE_CALL, // a subroutine with count arguments
    CODE_MEASURE
};

typedef struct qasm_code {
    uint8_t operation;
    uint8_t detail;
    uint32_t count;
    qasm_token token;
    union {
        qasm_value value;
        qasm_symbol *symbol;
        struct qasm_subroutine *subroutine;
        qasm_type type;
    };
} qasm_code;

typedef struct qasm_codes {
    qasm_code *codes;
    size_t count;
} qasm_codes;

typedef enum qasm_modifier_kind {
    QASM_MODIFIER_CONTROL,
    QASM_MODIFIER_NEGATIVE_CONTROL,
    QASM_MODIFIER_INVERSE,
    QASM_MODIFIER_POWER
} qasm_modifier_kind;

typedef struct qasm_modifier {
    qasm_modifier_kind kind;
    size_t count;     // of controls
    qasm_codes power; // QASM_MODIFIER_POWER
} qasm_modifier;

// A gate with its modifiers, angles and qubits: one step of a definition, or a call.
typedef struct qasm_step {
    const struct qasm_gate *gate; // NULL: a barrier
    qasm_token token;
    qasm_modifier *modifiers; // as written, outermost first
    size_t modifier_count;
    qasm_codes *angles; // [gate's parameter_count]
    const uint32_t *qubits;
    size_t qubit_count;
} qasm_step;

typedef enum qasm_meaning {
    QASM_GATE_OF_TABLE, // row: with its controls
    QASM_GATE_PHASE,    // gphase
    QASM_GATE_U3,       // the U of version 3: e^{i a/2} times the table's u
    QASM_GATE_NOTHING,  // id
    QASM_GATE_CU,       // cu(a, b, c, g): the table's u under a control, whose phase is g
    QASM_GATE_STEPS,
    QASM_GATE_OPAQUE
} qasm_meaning;

typedef struct qasm_gate {
    const char *name;
    qasm_meaning meaning;
    qhm_gate row;
    uint32_t parameter_count, qubit_count;
    qasm_step *steps;
    size_t step_count;
    size_t depth; // of definitions below
    bool is_built_in;
    unsigned libraries;       // built in: QASM_IN_...
    const qasm_token *tokens; // of the definition, to tell whether another is the same
    size_t token_count;
} qasm_gate;

enum {
    QASM_IN_QELIB1 = 1,
    QASM_IN_STDGATES = 2,
    QASM_ALWAYS_2 = 4,
    QASM_ALWAYS_3 = 8,
    QASM_IN_HQSLIB1 = 16
};

typedef struct qasm_parameter {
    uint32_t name;
    qasm_type type;
    qasm_token token;
} qasm_parameter;

typedef struct qasm_subroutine {
    uint32_t name;
    qasm_parameter *parameters;
    size_t parameter_count;
    qasm_type result;
    qasm_token *tokens; // of the block, braces included
    size_t token_count;
    bool is_active; // being called: recursion is refused
} qasm_subroutine;

// Where tokens come from: the lexer through a growing window, or a stored block.
typedef struct qasm_stream {
    qasm_token *tokens;
    size_t position, count, capacity;
    qasm_lexer *lexer; // NULL: count tokens and no more
} qasm_stream;

typedef struct qasm_source {
    const char *name; // in messages
    const char *path; // NULL where there is no file
    const char *bytes;
    size_t length;
    char *owned; // bytes of a file that was read here
    bool is_open;
} qasm_source;

typedef enum qasm_flow {
    QASM_FLOW_ON = 0,
    QASM_FLOW_BREAK,
    QASM_FLOW_CONTINUE,
    QASM_FLOW_RETURN,
    QASM_FLOW_END
} qasm_flow;

// Scratch bits in a row.
typedef struct qasm_bit_range {
    uint32_t first, count;
} qasm_bit_range;

// What annotations said of the next statement.
typedef struct qasm_annotations {
    bool is_weight, is_scratch, is_table_gate;
    qasm_token unitary; // its kind is QASM_END_OF_TEXT where there is none
} qasm_annotations;

typedef struct qasm_reader {
    qhm_qasm_options options;
    int version; // 2 or 3
    qhm_circuit *circuit;
    struct qhm_diagnostics *diagnostics;
    qasm_arena kept;    // to the end
    qasm_arena scratch; // to the end of a statement at the top
    qasm_names names;
    qasm_source *sources;
    size_t source_count, source_capacity, include_depth;
    qasm_stream *stream;
    qasm_token last;    // the last token taken
    qhm_status failure; // of the lexer, told at the end of the statement

    // Scopes.
    qasm_symbol *symbols; // of the innermost scope, newest first
    qasm_symbol *unused_symbols;
    size_t scope_depth;
    size_t nesting;
    size_t run_time_depth, loop_depth; // run-time conditions and loops around
    size_t breakable_depth;            // run_time_depth at the innermost loop's body
    size_t returnable_depth;           // the same of the subroutine
    size_t subroutine_scope;           // scope_depth of the subroutine's parameters; 0: none
    bool is_in_loop;
    qasm_flow flow;
    qasm_value result; // of the subroutine that returned
    qasm_type result_type;
    qasm_bit_range returned; // scratch bits that hold the result
    qasm_annotations annotations;

    // Expressions: stacks that calls inside calls share.
    qasm_code *codes;
    size_t code_count, code_capacity;
    struct qasm_pending *pending;
    size_t pending_count, pending_capacity;
    qasm_value *values;
    size_t value_count, value_capacity;
    const qasm_value *arguments; // of the gate whose steps are being written out

    // Gates.
    qasm_gate **built_in_gates; // [qhm_qasm_built_in_count()], made when first used
    bool is_in_built_in;        // the definition of one is being read
    qasm_gate *defining;        // steps are recorded for it
    qasm_step *recorded;        // of the definitions being read
    size_t recorded_count, recorded_capacity;
    struct qasm_operand *operands;
    size_t operand_count, operand_capacity;
    unsigned libraries;         // included
    const qhm_complex *unitary; // [dimension][dimension] of the annotation of this call, or NULL
    size_t unitary_dimension;
    qasm_token call;         // where what is being written out was called
    size_t steps;            // done so far
    uint32_t hardware_first; // the circuit's qubit that is hardware[0]
    uint32_t *hardware;      // [hardware_count] numbers of the physical qubits in use, ascending
    size_t hardware_count;
    uint32_t discard_bit; // of measurements without a target, plus 1

    // Run time.
    qhm_condition path; // of all that is being emitted; relation NONE: always
    uint32_t workspace; // three scratch bits for truth tables, plus 1
    qasm_bit_range *free_bits;
    size_t free_count, free_capacity;
    qasm_bit_range *temporaries; // of the statements around
    size_t temporary_count, temporary_capacity;
    bool *values_used;  // [options.value_count]
    size_t moved_count; // variables that were given bits so far
    bool has_warned_timing;
} qasm_reader;

// qasm_report.c: diagnostics and the stream of tokens.

// Notes an error at the token and returns QHM_ERROR_BAD_INPUT, or what ends the reading.
QHM_MUST_CHECK qhm_status qhm_qasm_fail(qasm_reader *reader, qasm_token token, const char *hint,
                                        const char *format, ...)
    __attribute__((format(printf, 4, 5)));
QHM_MUST_CHECK qhm_status qhm_qasm_warn(qasm_reader *reader, qasm_token token, const char *hint,
                                        const char *format, ...)
    __attribute__((format(printf, 4, 5)));
// The text of a token, cut for a message. Valid until the next call but three.
const char *qhm_qasm_text(const qasm_reader *reader, qasm_token token);
const char *qhm_qasm_bytes(const qasm_reader *reader, qasm_token token);
// The next token, or the one after `ahead` others, not taken.
qasm_token qhm_qasm_peek_far(qasm_reader *reader, size_t ahead);
static inline qasm_token qhm_qasm_peek_at(qasm_reader *reader, size_t ahead)
{
    const qasm_stream *stream = reader->stream;
    size_t at = stream->position + ahead;
    return at < stream->count ? stream->tokens[at] : qhm_qasm_peek_far(reader, ahead);
}
static inline qasm_token qhm_qasm_peek(qasm_reader *reader)
{
    return qhm_qasm_peek_at(reader, 0);
}
qasm_token qhm_qasm_take(qasm_reader *reader);
bool qhm_qasm_accept(qasm_reader *reader, qasm_token_kind kind);
// Takes a token of this kind or fails: "expected ';' after ...".
QHM_MUST_CHECK qhm_status qhm_qasm_expect(qasm_reader *reader, qasm_token_kind kind,
                                          const char *where);
QHM_MUST_CHECK qhm_status qhm_qasm_expect_name(qasm_reader *reader, const char *what,
                                               qasm_token *token);
// The keyword of a token in the version being read; QASM_KEY_NONE for others.
qasm_keyword qhm_qasm_keyword_of(const qasm_reader *reader, qasm_token token);
bool qhm_qasm_accept_keyword(qasm_reader *reader, qasm_keyword keyword);
void qhm_qasm_stream_release(qasm_stream *stream);
// Moves past the statement or block that begins here, without reading it.
void qhm_qasm_skip_statement(qasm_reader *reader);
// One step of work; fails beyond max_instructions.
QHM_MUST_CHECK qhm_status qhm_qasm_count_step(qasm_reader *reader);

static inline qasm_name *qhm_qasm_name_of(qasm_reader *reader, qasm_token token)
{
    return &reader->names.names[token.name];
}

// qasm_scope.c
QHM_MUST_CHECK qhm_status qhm_qasm_scope_open(qasm_reader *reader, qasm_symbol **outer);
void qhm_qasm_scope_close(qasm_reader *reader, qasm_symbol *outer);
// Makes a name stand for something; fails if this scope has it already.
QHM_MUST_CHECK qhm_status qhm_qasm_declare(qasm_reader *reader, qasm_token token,
                                           qasm_symbol_kind kind, qasm_value value,
                                           qasm_symbol **symbol);
// What a name stands for here; locals of the caller of a subroutine are not seen.
qasm_symbol *qhm_qasm_symbol_of(const qasm_reader *reader, qasm_token token);
// Moves what a value points to where it stays until the end.
QHM_MUST_CHECK qhm_status qhm_qasm_keep(qasm_reader *reader, qasm_value *value);
// Fails with the nearest name; each undeclared name is told once.
QHM_MUST_CHECK qhm_status qhm_qasm_fail_undeclared(qasm_reader *reader, qasm_token token);

// qasm_expression.c, qasm_evaluate.c
// Compiles the expression that begins here, onto reader->codes from *first on.
QHM_MUST_CHECK qhm_status qhm_qasm_compile(qasm_reader *reader, size_t *first);
QHM_MUST_CHECK qhm_status qhm_qasm_evaluate(qasm_reader *reader, const qasm_code *codes,
                                            size_t count, qasm_value *value);
bool qhm_qasm_codes_use_parameters(const qasm_code *codes, size_t count);
qasm_code qhm_qasm_code_constant(qasm_token token, qasm_value value);
// Reads and evaluates; *token is its first token.
QHM_MUST_CHECK qhm_status qhm_qasm_read_value(qasm_reader *reader, qasm_value *value,
                                              qasm_token *token);
// The same for an integer known while reading, from least to most.
QHM_MUST_CHECK qhm_status qhm_qasm_read_integer(qasm_reader *reader, const char *what,
                                                int64_t least, int64_t most, int64_t *integer);
// A type: a keyword and its width in brackets.
bool qhm_qasm_is_type(const qasm_reader *reader, qasm_token token);
QHM_MUST_CHECK qhm_status qhm_qasm_read_type(qasm_reader *reader, qasm_type *type);

// qasm_value.c, qasm_literal.c, qasm_operators.c, qasm_index.c, qasm_functions.c
qasm_value qhm_qasm_integer(int64_t value);
qasm_value qhm_qasm_real(double value);
qasm_value qhm_qasm_bool(bool value);
qasm_value qhm_qasm_condition_value(const qhm_condition *condition);
const char *qhm_qasm_kind_text(qasm_kind kind);
qasm_value qhm_qasm_bit_list(qasm_kind kind, uint32_t width, const qasm_bit *bits);
// Bits that are all constant and fit a word become a number.
qasm_value qhm_qasm_fold_bits(qasm_value value);
// True for what is known at run time only, and for bits.
bool qhm_qasm_has_bits(const qasm_value *value);
bool qhm_qasm_is_whole(const qasm_value *value); // a constant bool, int or uint
// The integer as a number of this type has it: cut to its width, with its sign.
int64_t qhm_qasm_wrap(int64_t integer, const qasm_value *type);
bool qhm_qasm_is_number(const qasm_value *value); // a constant, as a number
double qhm_qasm_number(const qasm_value *value);
QHM_MUST_CHECK qhm_status qhm_qasm_literal(qasm_reader *reader, qasm_token token,
                                           qasm_value *value);
QHM_MUST_CHECK qhm_status qhm_qasm_unary(qasm_reader *reader, qasm_token token, uint8_t operation,
                                         qasm_value *value);
QHM_MUST_CHECK qhm_status qhm_qasm_binary(qasm_reader *reader, qasm_token token, uint8_t operation,
                                          const qasm_value *left, const qasm_value *right,
                                          qasm_value *result);
QHM_MUST_CHECK qhm_status qhm_qasm_convert(qasm_reader *reader, qasm_token token, qasm_type type,
                                           qasm_value *value);
QHM_MUST_CHECK qhm_status qhm_qasm_index(qasm_reader *reader, qasm_token token,
                                         const qasm_value *base, const qasm_value *index,
                                         qasm_value *result);
// Builtin functions: sin, popcount, ... by their names; -1 for none.
int qhm_qasm_function_find(const char *name);
QHM_MUST_CHECK qhm_status qhm_qasm_function_call(qasm_reader *reader, qasm_token token,
                                                 int function, const qasm_value *arguments,
                                                 size_t count, qasm_value *result);

// qasm_symbolic.c: numbers with slots.
QHM_MUST_CHECK qhm_status qhm_qasm_sum_binary(qasm_reader *reader, qasm_token token,
                                              uint8_t operation, const qasm_value *left,
                                              const qasm_value *right, qasm_value *result);
QHM_MUST_CHECK qhm_status qhm_qasm_sum_scale(qasm_reader *reader, const qasm_value *value,
                                             double factor, qasm_value *result);
QHM_MUST_CHECK qhm_status qhm_qasm_slot_value(qasm_reader *reader, qhm_slot slot, uint32_t index,
                                              qasm_value *value);

// qasm_bits.c: what is known at run time only.
qasm_bit qhm_qasm_bit_at(const qasm_value *value, uint32_t index);
// The value as bits: constants too. Of a condition, its one bit.
QHM_MUST_CHECK qhm_status qhm_qasm_as_bits(qasm_reader *reader, const qasm_value *value,
                                           uint32_t width, const qasm_bit **bits);
QHM_MUST_CHECK qhm_status qhm_qasm_as_bit(qasm_reader *reader, const qasm_value *value,
                                          qasm_bit *bit);
QHM_MUST_CHECK qhm_status qhm_qasm_as_condition(qasm_reader *reader, qasm_token token,
                                                const qasm_value *value, qasm_value *condition);
QHM_MUST_CHECK qhm_status qhm_qasm_logic(qasm_reader *reader, unsigned table, unsigned count,
                                         const qasm_bit *inputs, qasm_bit *result);
QHM_MUST_CHECK qhm_status qhm_qasm_bits_add(qasm_reader *reader, uint32_t width, const qasm_bit *a,
                                            const qasm_bit *b, qasm_bit carry, qasm_bit *sum,
                                            qasm_bit *carry_out);
QHM_MUST_CHECK qhm_status qhm_qasm_bits_compare(qasm_reader *reader, qhm_relation relation,
                                                uint32_t width, const qasm_bit *a,
                                                const qasm_bit *b, qasm_value *result);
// Scratch bits: until the statement ends, or for good.
QHM_MUST_CHECK qhm_status qhm_qasm_take_bits(qasm_reader *reader, uint32_t count, bool is_temporary,
                                             uint32_t *first);
QHM_MUST_CHECK qhm_status qhm_qasm_keep_temporary(qasm_reader *reader, uint32_t first,
                                                  uint32_t count);
QHM_MUST_CHECK qhm_status qhm_qasm_free_bits(qasm_reader *reader, uint32_t first, uint32_t count);
QHM_MUST_CHECK qhm_status qhm_qasm_free_temporaries(qasm_reader *reader, size_t count);
// bit := value, always or if `condition` holds.
QHM_MUST_CHECK qhm_status qhm_qasm_set(qasm_reader *reader, uint32_t bit, bool value,
                                       const qhm_condition *condition);
// The circuit's bits := bits[count], if the path is taken. The two may overlap.
QHM_MUST_CHECK qhm_status qhm_qasm_store(qasm_reader *reader, const qasm_value *target,
                                         const qasm_bit *bits);
qhm_condition qhm_qasm_opposite(qhm_condition condition);
QHM_MUST_CHECK qhm_status qhm_qasm_condition_copy(qasm_reader *reader, qhm_condition condition,
                                                  const qhm_condition **copy);

// qasm_built_in.c: gates that need no definition.
QHM_MUST_CHECK qhm_status qhm_qasm_built_in(qasm_reader *reader, const char *name,
                                            const qasm_gate **gate);
// Reads one definition "gate name(...) ... { ... }" into `gate`, which has its name; names of gates
// in it are those of built-in gates.
QHM_MUST_CHECK qhm_status qhm_qasm_definition_into(qasm_reader *reader, qasm_gate *gate);
// Names of all built-in gates, for suggestions.
size_t qhm_qasm_built_in_count(void);
const char *qhm_qasm_built_in_name(size_t index);

// qasm_gate.c, qasm_definition.c
QHM_MUST_CHECK qhm_status qhm_qasm_gate_definition(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_opaque(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_gate_call(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_barrier(qasm_reader *reader);
// Qubits: operands up to something else, onto reader->operands from the count before.
typedef struct qasm_operand {
    qasm_value value;
    qasm_token token;
} qasm_operand;
QHM_MUST_CHECK qhm_status qhm_qasm_read_operand(qasm_reader *reader, qasm_operand *operand);

// qasm_power.c: one gate of the table.

// What surrounds a gate.
typedef struct qasm_surroundings {
    const uint32_t *controls;
    const bool *is_negative; // [control_count]
    size_t control_count;
    const double *exponents; // innermost first
    size_t exponent_count;
} qasm_surroundings;

// The product of the exponents if all are whole numbers.
bool qhm_qasm_whole_product(const qasm_surroundings *around, double *product);
QHM_MUST_CHECK qhm_status qhm_qasm_emit_matrix(qasm_reader *reader, const qhm_complex *matrix,
                                               const uint32_t *targets, size_t target_count,
                                               const qasm_surroundings *around);
// Any gate that is not made of steps.
QHM_MUST_CHECK qhm_status qhm_qasm_apply_leaf(qasm_reader *reader, const qasm_gate *gate,
                                              const qasm_value *values, const uint32_t *qubits,
                                              const qasm_surroundings *around);

// qasm_apply.c: gates under controls, inverses and powers, written out.
QHM_MUST_CHECK qhm_status qhm_qasm_apply(qasm_reader *reader, const qasm_step *step,
                                         const uint32_t *qubits);
QHM_MUST_CHECK qhm_status qhm_qasm_emit(qasm_reader *reader, qhm_instruction instruction);
// A gate with values for its parameters.
QHM_MUST_CHECK qhm_status qhm_qasm_apply_gate(qasm_reader *reader, const qasm_gate *gate,
                                              const qasm_value *values, const uint32_t *qubits,
                                              const qasm_surroundings *around);

// qasm_recognise.c: whether a definition of version 2, whose phases nothing can show, does what a
// known gate does.
QHM_MUST_CHECK qhm_status qhm_qasm_recognise(qasm_reader *reader, const qasm_gate *gate,
                                             const qasm_gate *known, bool *is_same);

// qasm_statement.c, qasm_declaration.c, qasm_assignment.c, qasm_control_flow.c, qasm_subroutine.c
QHM_MUST_CHECK qhm_status qhm_qasm_statement(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_block(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_declaration(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_assignment(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_measure_arrow(qasm_reader *reader);
// The value after "=": an expression, or a measurement, straight into target's bits if it is given
// (then *result is NOTHING).
QHM_MUST_CHECK qhm_status qhm_qasm_read_assigned(qasm_reader *reader, const qasm_value *target,
                                                 qasm_value *result, qasm_token *token);
// Gives variables that the tokens from `begin` to `end` assign to a place in classical bits.
QHM_MUST_CHECK qhm_status qhm_qasm_store_assigned(qasm_reader *reader, size_t begin, size_t end);
// True if running those tokens may change what the condition reads before their last statement.
bool qhm_qasm_changes_condition(qasm_reader *reader, const qhm_condition *condition, size_t begin,
                                size_t end, bool is_last_harmless);
// Gives a symbol its new value.
QHM_MUST_CHECK qhm_status qhm_qasm_assign(qasm_reader *reader, qasm_token token,
                                          qasm_symbol *symbol, qasm_value value);
QHM_MUST_CHECK qhm_status qhm_qasm_if(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_while(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_for(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_switch(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_subroutine_definition(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_subroutine_call(qasm_reader *reader, qasm_token token,
                                                   qasm_subroutine *subroutine,
                                                   const qasm_value *arguments, size_t count,
                                                   qasm_value *result);
QHM_MUST_CHECK qhm_status qhm_qasm_qubit_declaration(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_alias(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_input(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_return(qasm_reader *reader);
// Declares a variable with a value of the right type.
QHM_MUST_CHECK qhm_status qhm_qasm_variable(qasm_reader *reader, qasm_token token, qasm_type type,
                                            bool is_constant, qasm_value value);
// Classical bits for bit[n]: a register at the top, scratch bits elsewhere.
QHM_MUST_CHECK qhm_status qhm_qasm_bit_variable(qasm_reader *reader, qasm_token token,
                                                qasm_type type, qasm_symbol **symbol);
QHM_MUST_CHECK qhm_status qhm_qasm_include(qasm_reader *reader);
QHM_MUST_CHECK qhm_status qhm_qasm_source_add(qasm_reader *reader, const char *name,
                                              const char *path, const char *bytes, size_t length,
                                              uint16_t *source);
// Executes a whole source, statement by statement.
QHM_MUST_CHECK qhm_status qhm_qasm_run_source(qasm_reader *reader, uint16_t source);
// qasm_hardware.c: $n.
QHM_MUST_CHECK qhm_status qhm_qasm_hardware_literal(qasm_reader *reader, qasm_token token,
                                                    qasm_value *value);

#endif
