OPENQASM 3.0;
include "stdgates.inc";
input float[64] θ;
@qhm.weight
input float w;
input angle φ;
const int n = 3;
gate foo(a, b) p, q { rz(a/2 + b) p; ctrl @ rx(-a) p, q; gphase(a); for int i in [0:2] { x q; } }
def meas(qubit a, int[8] k) -> bit { bit r; h a; r = measure a; if (k > 3) { x a; } return r; }
qubit[n] q;
qubit anc;
bit[n] c;
bit b;
let pair = q[0:1];
let all = pair ++ anc;
h all;
foo(θ, w) q[0], q[1];
ctrl @ foo(0.5, φ) anc, q[0], q[1];
inv @ foo(0.5, 0.25) q[0], q[1];
pow(2) @ foo(0.5, 0.25) q[0], q[1];
pow(1/2) @ x q[0];
pow(0.5) @ swap q[0], q[1];
negctrl(2) @ ctrl @ U(π, 0, π) q[0], q[1], q[2], anc;
ctrl @ U(π, 0, π) q[0], q[1];
rx(2*(θ - pi)*(w + 1) + 0.5) q[0];
rx(θ + w) q[0];
for uint i in {0, 2} { cx q[i], anc; }
b = meas(q[0], 5);
c[1] = meas(q[1], 2) ^ b;
if (c == 5) { x q[0]; c[0] = measure q[1]; } else { y q; }
while (!b) { h q[0]; b = measure q[0]; }
int[4] cnt = 0;
if (b) { cnt = cnt + 1; x q[0]; }
if (cnt == 1 && c[2]) z q[2];
switch (c) { case 1, 2 { x q[0]; } case 3 { y q[0]; } default { z q[0]; } }
reset q;
barrier q, anc;
barrier;
