OPENQASM 3.0;
include "stdgates.inc";
bit[2] meas;
// $9 in a comment is no qubit
rz(pi/2) $2;
sx $2;
rz(pi/2) $2;
cx $2, $0;
meas[0] = measure $2;
meas[1] = measure $0;
