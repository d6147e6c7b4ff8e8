OPENQASM 3.0; include "stdgates.inc"; qreg q[2]; creg c[2]; rz(pi/2) q[0]; sx q[0]; rz(pi/2) q[0]; cx q[0],q[1]; measure q -> c;
