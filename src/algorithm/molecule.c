// Molecules: atoms to basis functions, mean field, and integrals over its orbitals.
#include <qhm/molecule.h>

#include "algorithm/gaussian_integrals.h"
#include "algorithm/self_consistent_field.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const double LEAST_DISTANCE = 0.1, MOST_COORDINATE = 1e4; // bohr
static const double PI = 3.14159265358979323846;

// An element's charge is its place here, plus 1. Exponents of 1s, and of 2s and 2p together (0: no
// such shell), in the digits in which the basis is usually given: programs agree with them.
static const struct {
    const char *symbol;
    double inner[QHM_PRIMITIVES], outer[QHM_PRIMITIVES];
} elements[] = {
    {"H", {3.42525091, 0.62391373, 0.16885540}, {0}},
    {"He", {6.36242139, 1.15892300, 0.31364979}, {0}},
    {"Li", {16.1195750, 2.9362007, 0.7946505}, {0.6362897, 0.1478601, 0.0480887}},
    {"Be", {30.1678710, 5.4951153, 1.4871927}, {1.3148331, 0.3055389, 0.0993707}},
    {"B", {48.7911130, 8.8873622, 2.4052670}, {2.2369561, 0.5198205, 0.1690618}},
    {"C", {71.6168370, 13.0450960, 3.5305122}, {2.9412494, 0.6834831, 0.2222899}},
    {"N", {99.1061690, 18.0523120, 4.8856602}, {3.7804559, 0.8784966, 0.2857144}},
    {"O", {130.7093200, 23.8088610, 6.4436083}, {5.0331513, 1.1695961, 0.3803890}},
    {"F", {166.6791300, 30.3608120, 8.2168207}, {6.4648032, 1.5022812, 0.4885885}},
    {"Ne", {207.0156100, 37.7081510, 10.2052970}, {8.2463151, 1.9162662, 0.6232293}},
};

enum { ELEMENTS = sizeof elements / sizeof elements[0] };

static const double inner_s[] = {0.15432897, 0.53532814, 0.44463454};
static const double outer_s[] = {-0.09996723, 0.39951283, 0.70011547};
static const double outer_p[] = {0.15591627, 0.60768372, 0.39195739};

typedef struct molecule {
    size_t atom_count, orbitals;
    size_t *charges;          // [atoms]
    qhm_point_charge *nuclei; // [atoms], in bohr
    qhm_gaussian_orbital *basis;
    double *occupations; // [orbitals] of the atom alone
    size_t up, down;
    double repulsion; // of the nuclei
} molecule;

static qhm_status find_element(const qhm_atom *atom, size_t index, size_t *charge)
{
    QHM_REQUIRE(atom->element, "atom %zu has no element", index);
    for (size_t e = 0; e < ELEMENTS; e++)
        if (strcmp(atom->element, elements[e].symbol) == 0) {
            *charge = e + 1;
            return QHM_OK;
        }
    return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                    "atom %zu is '%s': the basis has H, He, Li, Be, B, C, N, O, F and Ne", index,
                    atom->element);
}

static qhm_status place_nuclei(const qhm_atom *atoms, const qhm_molecule_options *options,
                               molecule *m)
{
    const double scale = options->unit == QHM_UNIT_ANGSTROM ? 1 / QHM_BOHR_ANGSTROM : 1;
    for (size_t i = 0; i < m->atom_count; i++) {
        QHM_TRY(find_element(&atoms[i], i, &m->charges[i]));
        m->nuclei[i].charge = (double)m->charges[i];
        m->orbitals += m->charges[i] > 2 ? 5 : 1;
        for (size_t d = 0; d < 3; d++) {
            const double place = atoms[i].position[d] * scale;
            QHM_REQUIRE(fabs(place) <= MOST_COORDINATE,
                        "coordinate %zu of atom %zu is %g bohr, not -%g to %g", d, i, place,
                        MOST_COORDINATE, MOST_COORDINATE);
            m->nuclei[i].position[d] = place;
        }
        for (size_t j = 0; j < i; j++) {
            double square = 0;
            for (size_t d = 0; d < 3; d++)
                square += pow(m->nuclei[i].position[d] - m->nuclei[j].position[d], 2);
            QHM_REQUIRE(square >= LEAST_DISTANCE * LEAST_DISTANCE,
                        "atoms %zu and %zu are %.3g bohr apart, not at least %.1f", j, i,
                        sqrt(square), LEAST_DISTANCE);
            m->repulsion += m->nuclei[i].charge * m->nuclei[j].charge / sqrt(square);
        }
    }
    QHM_REQUIRE(m->orbitals <= QHM_MOST_ORBITALS, "%zu orbitals, not at most %d", m->orbitals,
                QHM_MOST_ORBITALS);
    return QHM_OK;
}

static qhm_status count_electrons(const qhm_molecule_options *options, molecule *m)
{
    int64_t electrons = -(int64_t)options->charge;
    for (size_t i = 0; i < m->atom_count; i++)
        electrons += (int64_t)m->charges[i];
    QHM_REQUIRE(electrons >= 1 && electrons <= 2 * (int64_t)m->orbitals,
                "a charge of %d leaves %lld electrons for %zu orbitals", options->charge,
                (long long)electrons, m->orbitals);
    const size_t count = (size_t)electrons, unpaired = options->unpaired;
    QHM_REQUIRE(unpaired <= count && (count - unpaired) % 2 == 0,
                "%zu electrons cannot have %zu unpaired ones: try another charge or unpaired count",
                count, unpaired);
    m->up = (count + unpaired) / 2;
    m->down = count - m->up;
    QHM_REQUIRE(m->up <= m->orbitals, "%zu electrons of spin up in %zu orbitals", m->up,
                m->orbitals);
    return QHM_OK;
}

// Norms of primitives: (2a/pi)^(3/4), times 2 sqrt a for p.
static void add_orbital(molecule *m, size_t atom, const double *exponents,
                        const double *coefficients, const unsigned power[3], size_t *count)
{
    qhm_gaussian_orbital *orbital = &m->basis[(*count)++];
    const bool is_p = power[0] + power[1] + power[2] > 0;
    for (size_t k = 0; k < QHM_PRIMITIVES; k++) {
        const double a = exponents[k];
        orbital->exponent[k] = a;
        orbital->coefficient[k] =
            coefficients[k] * pow(2 * a / PI, 0.75) * (is_p ? 2 * sqrt(a) : 1);
    }
    memcpy(orbital->centre, m->nuclei[atom].position, sizeof orbital->centre);
    memcpy(orbital->power, power, sizeof orbital->power);
}

// Electrons fill 1s, 2s, and 2p evenly.
static void fill_basis(molecule *m)
{
    static const unsigned s[3] = {0, 0, 0}, p[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    size_t count = 0;
    for (size_t i = 0; i < m->atom_count; i++) {
        const double *inner = elements[m->charges[i] - 1].inner,
                     *outer = elements[m->charges[i] - 1].outer;
        const double charge = (double)m->charges[i];
        m->occupations[count] = fmin(2, charge);
        add_orbital(m, i, inner, inner_s, s, &count);
        if (m->charges[i] <= 2)
            continue;
        m->occupations[count] = fmin(2, charge - 2);
        add_orbital(m, i, outer, outer_s, s, &count);
        for (size_t d = 0; d < 3; d++) {
            m->occupations[count] = fmax(0, charge - 4) / 3;
            add_orbital(m, i, outer, outer_p, p[d], &count);
        }
    }
}

// tensor [a][n] times orbitals' transpose, with the axes turned: out [n][a]. Four of these turn all
// indices of (pq|rs) into those of orbitals, and two those of h.
static void transform(size_t a, size_t n, const double *tensor, const double *orbitals, double *out)
{
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < a; i++) {
            double sum = 0;
            for (size_t q = 0; q < n; q++)
                sum += orbitals[k * n + q] * tensor[i * n + q];
            out[k * a + i] = sum;
        }
}

static qhm_status transform_all(const molecule *m, const double *orbitals, double *one, double *two,
                                qhm_electronic_problem **problem)
{
    const size_t n = m->orbitals;
    double *room;
    QHM_TRY(qhm_allocate(n * n * n * n, sizeof *room, &room));
    for (int turn = 0; turn < 2; turn++) {
        transform(n, n, one, orbitals, room);
        memcpy(one, room, n * n * sizeof *one);
    }
    for (int turn = 0; turn < 4; turn++) {
        transform(n * n * n, n, two, orbitals, room);
        memcpy(two, room, n * n * n * n * sizeof *two);
    }
    qhm_release(room);
    return qhm_electronic_problem_create(n, m->up, m->down, m->repulsion, one, two, problem);
}

static qhm_status solve(const molecule *m, const qhm_molecule_options *options,
                        qhm_hartree_fock *found, qhm_electronic_problem **problem)
{
    const size_t n = m->orbitals, square = n * n;
    double *memory;
    QHM_TRY(qhm_allocate(3 * square + square * square, sizeof *memory, &memory));
    double *overlap = memory, *one = memory + square, *orbitals = memory + 2 * square,
           *two = memory + 3 * square;
    const qhm_basis_integrals basis = {n, overlap, one, two, m->occupations};
    qhm_status status =
        qhm_gaussian_integrals(m->basis, n, m->nuclei, m->atom_count, overlap, one, two);
    if (status == QHM_OK)
        status = qhm_self_consistent_field(&basis, m->down, m->up - m->down,
                                           options->iterations ? options->iterations : 200,
                                           options->tolerance > 0 ? options->tolerance : 1e-9,
                                           orbitals, found->orbital_energies, &found->iterations);
    if (status == QHM_OK)
        status = transform_all(m, orbitals, one, two, problem);
    qhm_release(memory);
    return status;
}

static qhm_status prepare_and_solve(const qhm_atom *atoms, const qhm_molecule_options *options,
                                    molecule *m, qhm_hartree_fock *found,
                                    qhm_electronic_problem **problem)
{
    QHM_TRY(qhm_allocate(m->atom_count, sizeof *m->charges, &m->charges));
    QHM_TRY(qhm_allocate(m->atom_count, sizeof *m->nuclei, &m->nuclei));
    QHM_TRY(place_nuclei(atoms, options, m));
    QHM_TRY(count_electrons(options, m));
    QHM_TRY(qhm_allocate(m->orbitals, sizeof *m->basis, &m->basis));
    QHM_TRY(qhm_allocate(m->orbitals, sizeof *m->occupations, &m->occupations));
    fill_basis(m);
    QHM_TRY(solve(m, options, found, problem));
    found->energy = qhm_electronic_problem_reference_energy(*problem);
    found->nuclear_repulsion = m->repulsion;
    found->orbital_count = m->orbitals;
    return QHM_OK;
}

qhm_status qhm_molecule_solve(const qhm_atom *atoms, size_t count,
                              const qhm_molecule_options *options, qhm_hartree_fock *hartree_fock,
                              qhm_electronic_problem **problem)
{
    QHM_REQUIRE(atoms && options && problem, "atoms, options or problem is NULL");
    QHM_REQUIRE(count >= 1 && count <= QHM_MOST_ORBITALS, "%zu atoms, not 1 to %d", count,
                QHM_MOST_ORBITALS);
    QHM_REQUIRE(options->unit == QHM_UNIT_BOHR || options->unit == QHM_UNIT_ANGSTROM,
                "the unit of positions is not given: bohr or angstrom");
    molecule m = {.atom_count = count};
    qhm_hartree_fock found = {0};
    const qhm_status status = prepare_and_solve(atoms, options, &m, &found, problem);
    qhm_release(m.charges);
    qhm_release(m.nuclei);
    qhm_release(m.basis);
    qhm_release(m.occupations);
    if (status == QHM_OK && hartree_fock)
        *hartree_fock = found;
    return status;
}
