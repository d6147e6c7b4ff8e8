// Channels split into the identity, Pauli strings and the rest.
#include "simulate/trajectories/channel_split.h"

#include "support/checks.h"
#include "support/noisy_circuits.h"
#include "support/reference_simulator.h"

// identity * rho + (1 - identity) * (strings and rest) is the channel.
static void require_split_is_channel(const qhm_instruction *channel, const qhm_channel_split *split,
                                     qhm_random *random)
{
    const size_t dimension = (size_t)1 << channel->qubit_count, size = dimension * dimension;
    qhm_complex *psi = reference_random_state(random, dimension);
    qhm_complex difference[256] = {{0, 0}}, string[256];
    for (size_t part = 0;; part++) {
        const size_t after = part - channel->kraus_count;
        const qhm_complex *kraus = channel->matrix + part * size;
        double weight = 1;
        if (part >= channel->kraus_count) {
            const double event = 1 - split->identity;
            if (after == 0) {
                qhm_split_string_matrix(&(qhm_split_string){0}, dimension, string);
                weight = -split->identity;
                kraus = string;
            } else if (after <= split->string_count) {
                const qhm_split_string *s = &split->strings[after - 1];
                qhm_split_string_matrix(s, dimension, string);
                weight = -event * (s->probability - (after > 1 ? s[-1].probability : 0));
                kraus = string;
            } else if (after <= split->string_count + split->rest_count) {
                kraus = split->rest + (after - 1 - split->string_count) * size;
                weight = -event * (1 - split->string_probability);
            } else {
                break;
            }
        }
        qhm_complex *v = reference_apply(kraus, psi, dimension);
        for (size_t i = 0; i < dimension; i++)
            for (size_t j = 0; j < dimension; j++) {
                difference[i * dimension + j].re +=
                    weight * (v[i].re * v[j].re + v[i].im * v[j].im);
                difference[i * dimension + j].im +=
                    weight * (v[i].im * v[j].re - v[i].re * v[j].im);
            }
        free(v);
    }
    for (size_t i = 0; i < size; i++)
        REQUIRE_NEAR(hypot(difference[i].re, difference[i].im), 0, 1e-11);
    free(psi);
}

static void parts_of_a_channel_add_up_to_it(void **state)
{
    (void)state;
    qhm_random random = qhm_random_stream(test_seed(), QHM_RANDOM_USER, 1, 0, 0);
    for (size_t qubits = 1; qubits <= 3; qubits++)
        for (size_t count = 1; count <= (qubits == 1 ? 4 : 6); count++) {
            qhm_circuit *circuit = circuit_of(3, 0);
            qhm_complex *kraus = reference_random_kraus(&random, qubits, count, 8);
            append_channel(circuit, (uint32_t[]){2, 0, 1}, (uint32_t)qubits, kraus,
                           (uint32_t)count);
            append_channel(circuit, (uint32_t[]){0, 1, 2}, (uint32_t)qubits, kraus,
                           (uint32_t)count);
            qhm_channel_splits splits;
            REQUIRE_OK(qhm_channel_splits_create(circuit, &splits));
            assert_int_equal(splits.count, 1);
            require_split_is_channel(qhm_circuit_instruction(circuit, 0), &splits.splits[0],
                                     &random);
            qhm_channel_splits_release(&splits);
            qhm_circuit_destroy(circuit);
            free(kraus);
        }
}

// Of relaxation with T2 < 2 T1 the identity's largest part is 1 / (v M^-1 v) for v = (1, 1), and
// what needs the state is of the size of gamma alone.
static void rests_are_the_smallest(void **state)
{
    (void)state;
    const double gamma = 0.02, c = 0.97, rest = sqrt(1 - gamma - c * c);
    qhm_circuit *circuit = circuit_of(1, 0);
    append_depolarizing(circuit, 0, 0.1);
    append_damping(circuit, 0, 0.3);
    const qhm_complex kraus[12] = {{1, 0}, {0, 0},    {0, 0}, {c, 0},           {0, 0}, {0, 0},
                                   {0, 0}, {rest, 0}, {0, 0}, {sqrt(gamma), 0}, {0, 0}, {0, 0}};
    append_channel(circuit, (uint32_t[]){0}, 1, kraus, 3);
    qhm_channel_splits splits;
    REQUIRE_OK(qhm_channel_splits_create(circuit, &splits));
    REQUIRE_NEAR(splits.splits[0].identity, 1 - 0.075, 1e-14);
    assert_int_equal(splits.splits[0].rest_count, 0);
    assert_int_equal(splits.splits[1].identity, 0); // no multiple of 1 is in the span of its Kraus
    // The largest part of the identity; and the least rest, in blocks of {1, Z} and of {X, Y}.
    const double largest = (1 - gamma - c * c) / (2 - gamma - 2 * c);
    const qhm_channel_split *split = &splits.splits[2];
    assert_true(split->identity <= largest + 1e-9);
    REQUIRE_NEAR((1 - split->identity) * (1 - split->string_probability), gamma, 1e-9);
    assert_true(1 - largest > gamma + 1e-3);
    qhm_channel_splits_release(&splits);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_channel_add_up_to_it),
        cmocka_unit_test(rests_are_the_smallest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
