// Benchmark created by MQT Bench on 2025-06-23
// For more info: https://www.cda.cit.tum.de/mqtbench/
// MQT Bench version: 2.0.0
// Qiskit version: 2.0.3
// Output format: qasm2
// Level: nativegates
// Used gateset: id, x, sx, rz, ecr

OPENQASM 2.0;
include "qelib1.inc";
opaque ecr q0,q1;
qreg q[2];
creg meas[2];
rz(pi/2) q[0];
sx q[0];
rz(pi) q[0];
rz(-pi/2) q[0];
rz(-pi) q[0];
sx q[0];
rz(pi/2) q[0];
ecr q[0],q[1];
barrier q[0],q[1];
measure q[0] -> meas[0];
measure q[1] -> meas[1];
