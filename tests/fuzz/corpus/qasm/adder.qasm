/* The quantum ripple-carry adder of the specification's examples, on two bits: 1 + 3. */
OPENQASM 3;
include "stdgates.inc";

gate majority a, b, c {
    cx c, b;
    cx c, a;
    ccx a, b, c;
}
gate unmaj a, b, c {
    ccx a, b, c;
    cx c, a;
    cx a, b;
}

qubit[1] cin;
qubit[2] a;
qubit[2] b;
qubit[1] cout;
bit[3] ans;
uint[2] a_in = 1;
uint[2] b_in = 3;
reset cin;
for uint i in [0: 1] {
  if(bool(a_in[i])) x a[i];
  if(bool(b_in[i])) x b[i];
}
majority cin[0], b[0], a[0];
for uint i in [0: 0] { majority a[i], b[i + 1], a[i + 1]; }
cx a[1], cout[0];
for uint i in [0: -1: 0] { unmaj a[i], b[i+1], a[i+1]; }
unmaj cin[0], b[0], a[0];
ans[0:1] = measure b[0:1];
ans[2] = measure cout[0];
