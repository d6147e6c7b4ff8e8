OPENQASM 2.0;
include "hqslib1.inc";
qreg q[2];
creg c[2];
// h q[0]; cx q[0], q[1]; in native gates
U1q(0.5*pi, 0.5*pi) q[0];
U1q(pi, 0.0*pi) q[0];
U1q(0.5*pi, -0.5*pi) q[1];
ZZ q[0], q[1];
Rz(1.5*pi) q[0];
U1q(0.5*pi, pi) q[1];
rz(0.5*pi) q[1];
RZZ(0.0) q[0], q[1];
Rxxyyzz(0.3*pi, 0.3*pi, 0.3*pi) q[0], q[1];
measure q -> c;
