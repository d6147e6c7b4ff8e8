/* The inverse Fourier transform with conditions on its own measurements. */
OPENQASM 3;
include "stdgates.inc";
qubit[3] q;
bit[3] c;
reset q;
h q;
barrier q;
h q[0];
c[0] = measure q[0];
if (c[0] == true) { rz(pi / 2) q[1]; }
h q[1];
c[1] = measure q[1];
if (int[3](c[0:1]) == 1) { rz(pi / 4) q[2]; }
if (int[3](c[0:1]) == 2) { rz(pi / 2) q[2]; }
if (int[3](c[0:1]) == 3) { rz(3 * pi / 4) q[2]; }
h q[2];
c[2] = measure q[2];
