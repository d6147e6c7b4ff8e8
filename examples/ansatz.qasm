// A circuit with parameters, and an energy to look at:
//   qhm sim examples/ansatz.qasm --param θ=0.3 --param φ=pi/4 --exact --observable "Z0 Z1 + 0.5 X0"
OPENQASM 3.0;
include "stdgates.inc";

input float[64] θ;
input float[64] φ;
qubit[2] q;

ry(θ) q[0];
ry(2 * θ + 0.1) q[1];
cx q[0], q[1];
ctrl @ rz(φ) q[0], q[1];
