OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[2];
	cx q[0],q[0];
hh q[0];
measure q -> d;
measure q -> d;
rx q[0];
rx(1,2) q[0];
cx q[0];
x r[0];
if(c==3) x q[0]
y q[1];
z q[1];
