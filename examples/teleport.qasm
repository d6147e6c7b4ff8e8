// Teleports the state of q[0] to q[2] and undoes its preparation there, so that `sent` is always 0:
//   qhm sim examples/teleport.qasm --exact
OPENQASM 3.0;
include "stdgates.inc";

qubit[3] q;
bit[2] told;
bit sent;

gate prepare a { ry(0.6) a; rz(1.1) a; }

prepare q[0];
h q[1];
cx q[1], q[2];

cx q[0], q[1];
h q[0];
told[0] = measure q[0];
told[1] = measure q[1];
if (told[1]) { x q[2]; }
if (told[0]) { z q[2]; }

inv @ prepare q[2];
sent = measure q[2];
